"""`nacor backfill`: lines up what changed rules make stale, and tells how far it is."""

import time
from collections.abc import Sequence
from typing import Final

import typer

from app.access.operators import operator
from app.cli.databases import open_database
from app.domain.backfills import Backfill
from app.domain.identifiers import PracticeId
from app.intake.backfill_service import Backfills
from app.intake.backfill_wire import BackfillOut
from app.measures.catalogue.catalogue import load_catalogue
from app.storage.unit_of_work import OpenWork

_LOOK_EVERY_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 10
_MOST_LISTED: Final = 500


def start(practice: str | None, year: int | None, *, wait: bool) -> None:
    """Print each backfill that is lined up; with `wait`, again when workers have ended it."""
    with open_database() as open_work:
        backfills = Backfills(
            open_work=open_work, measures=load_catalogue(), patience_seconds=_PATIENCE_SECONDS
        )
        found = backfills.line_up_stale(_named(practice), year, operator())
        _print(found)
        if not found:
            typer.echo("Every case stands under the rules of this release.", err=True)
        if wait:
            _print([_ended(backfill, open_work) for backfill in found])


def print_status(practice: str | None, year: int | None) -> None:
    """Print the newest backfills, a line of JSON each."""
    only = _named(practice)
    with open_database() as open_work, open_work() as work:
        _print(
            work.backfills.page(
                None if only is None else [only], year, before=None, limit=_MOST_LISTED
            )
        )


def _ended(backfill: Backfill, open_work: OpenWork) -> Backfill:
    while True:
        with open_work() as work:
            found = work.backfills.get(backfill.id)
        assert found is not None, "a backfill is never removed"
        if found.has_ended:
            return found
        time.sleep(_LOOK_EVERY_SECONDS)


def _print(backfills: Sequence[Backfill]) -> None:
    for backfill in backfills:
        typer.echo(BackfillOut.model_validate(backfill).model_dump_json())


def _named(practice: str | None) -> PracticeId | None:
    return None if practice is None else PracticeId(practice)
