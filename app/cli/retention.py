"""How long the data of practices is kept, what holds it longer, and purges, at the terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

import typer

from app.access.operators import operator
from app.cli.outcome import ERRORS_FOUND, UNREADABLE
from app.cli.serving import migrate_database, settings
from app.deployment import create_purges
from app.domain.identifiers import PracticeId, parse_practice_id
from app.domain.retention import Purge, PurgeCounts, RetentionPolicy
from app.opening import create_engine_for
from app.retention.purging import Purges
from app.retention.telling import retention_told
from app.retention.wire import LegalHoldOut, PreviewOut, PurgeOut

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`confirmed` None: it is asked for the number of cases, where somebody is there to be asked.

    `older_than` None: what the policy of the practice says.
    """

    older_than: str | None
    reason: str
    confirmed: int | None
    early: bool


def print_retention(practice: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with _open_purges() as purges:
        told = retention_told(chosen, purges.retention, day=purges.day())
    typer.echo(told.model_dump_json())


def set_policy(practice: str, *, years: int, purges_by_itself: bool, reason: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    policy = RetentionPolicy(practice_id=chosen, years=years, purges_by_itself=purges_by_itself)
    with _open_purges() as purges:
        purges.retention.set_policy(policy, operator(), reason=reason)
    print_retention(practice)


def place(practice: str, *, reason: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with _open_purges() as purges:
        hold = purges.retention.place_hold(chosen, operator(), reason=reason)
    typer.echo(LegalHoldOut.of(hold).model_dump_json())


def lift(practice: str, hold_id: UUID, *, reason: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with _open_purges() as purges:
        hold = purges.retention.lift_hold(chosen, hold_id, operator(), reason=reason)
    typer.echo(LegalHoldOut.of(hold).model_dump_json())


def print_holds(practice: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with _open_purges() as purges:
        holds = purges.retention.holds(chosen)
    for hold in holds:
        typer.echo(LegalHoldOut.of(hold).model_dump_json())


def purge_practice(practice: str, asked: Asked, *, dry_run: bool) -> int:
    """Print what was purged, or would be; return the exit code."""
    chosen = _parsed(practice, parse_practice_id)
    with _open_purges() as purges:
        if not dry_run:
            for killed in purges.unfinished(chosen):
                _tell(purges.carry_out(killed, operator()))
        older_than = (
            purges.first_day_kept(chosen)
            if asked.older_than is None
            else _parsed(asked.older_than, date.fromisoformat)
        )
        found = purges.preview(chosen, older_than)
        if dry_run:
            typer.echo(PreviewOut.of(older_than, found).model_dump_json())
            return 0
        return _purge(purges, chosen, older_than, found, asked)


def _purge(
    purges: Purges, practice: PracticeId, older_than: date, found: PurgeCounts, asked: Asked
) -> int:
    if found.is_empty:
        typer.echo(f"Nothing is older than {older_than}.", err=True)
        return 0
    confirmed = _confirmed(found, older_than, asked)
    if confirmed is None:
        return ERRORS_FOUND
    purge = purges.begin(
        practice,
        older_than,
        operator(),
        cases=confirmed,
        reason=asked.reason,
        early=asked.early,
    )
    return _tell(purges.carry_out(purge, operator()))


def _confirmed(found: PurgeCounts, older_than: date, asked: Asked) -> int | None:
    """The number of cases that somebody says is right; None: nobody does."""
    if asked.confirmed is not None:
        return asked.confirmed
    if sys.stdin.isatty() and sys.stderr.isatty():
        words = f"{found.cases} cases and {found.submissions} files will be gone for good"
        number: int = typer.prompt(f"{words}. The number of cases again", type=int, err=True)
        return number
    preview = PreviewOut.of(older_than, found).model_dump_json()
    typer.echo(f"Nothing is purged. Confirm it with --confirm {found.cases}: {preview}", err=True)
    return None


def _tell(purge: Purge) -> int:
    typer.echo(PurgeOut.of(purge).model_dump_json())
    if purge.is_stopped:
        typer.echo("nacor: a legal hold was placed meanwhile; the rest is kept.", err=True)
        return ERRORS_FOUND
    return 0


@contextmanager
def _open_purges() -> Iterator[Purges]:
    migrate_database()
    chosen = settings()
    engine = create_engine_for(chosen)
    try:
        yield create_purges(chosen, engine)
    finally:
        engine.dispose()


def _parsed(text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
