"""`nacor roster virtual-groups` and `confirm-group`: which practices are in a virtual group."""

from uuid import UUID

import typer

from app.access.operators import operator
from app.cli.databases import open_database
from app.cli.parsing import parsed
from app.cli.serving import migrate_database
from app.domain.days import today
from app.domain.identifiers import parse_practice_id
from app.domain.roster import VirtualGroup
from app.roster.entry_service import Entries
from app.roster.group_confirming import GroupConfirming, entered_groups
from app.roster.group_wire import EnteredGroupOut


def list_all(performance_year: int) -> None:
    migrate_database()
    with open_database() as open_work:
        found = entered_groups(performance_year, after=None, limit=None, open_work=open_work)
    for group in found:
        _print(group)


def confirm(group_id: UUID, *, practice: str, withdraw: bool) -> None:
    """Confirm the entry as it is now, or take that back, and print it."""
    whose, by = parsed(practice, parse_practice_id), operator()
    migrate_database()
    with open_database() as open_work:
        entries = Entries(practice=whose, actor=by, day=today(), open_work=open_work)
        seen = entries.get(VirtualGroup, group_id).version
        confirming = GroupConfirming(practice=whose, actor=by, day=today(), open_work=open_work)
        said = confirming.withdraw if withdraw else confirming.confirm
        group = said(group_id, seen=seen)
    _print(group)


def _print(group: VirtualGroup) -> None:
    typer.echo(EnteredGroupOut.model_validate(group).model_dump_json())
