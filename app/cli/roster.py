"""`nacor roster`: provider lists taken in and given out as CSV, locked and unlocked."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import typer

from app.access.exporting import ExportedList, record_export
from app.access.operators import operator
from app.cli.databases import open_database
from app.cli.outcome import ERRORS_FOUND
from app.cli.parsing import parsed
from app.cli.serving import migrate_database
from app.domain.days import today
from app.domain.errors.roster import ProviderListRejected
from app.domain.identifiers import parse_practice_id
from app.roster.list_planning import ListPlan, Planned, PlannedAction
from app.roster.list_service import export_provider_list, import_provider_list
from app.roster.provider_list_service import lock_list, unlock_list
from app.roster.provider_lists import ListState

T = TypeVar("T")


def import_list(path: str, *, practice: str, dry_run: bool) -> int:
    """Print what the list changes, or what is wrong with it; return the exit code."""
    chosen = parsed(practice, parse_practice_id)
    content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    migrate_database()
    try:
        with open_database() as open_work:
            plan = import_provider_list(
                content, chosen, operator(), dry_run=dry_run, day=today(), open_work=open_work
            )
    except ProviderListRejected as rejected:
        for finding in rejected.findings:
            typer.echo(_finding_in_words(finding), err=True)
        typer.echo(f"nacor: {rejected.title}. {rejected}", err=True)
        return ERRORS_FOUND
    _print_plan(plan, dry_run=dry_run)
    return 0


def export_list(practice: str) -> None:
    chosen = parsed(practice, parse_practice_id)
    migrate_database()
    with open_database() as open_work:
        record_export(ExportedList.PROVIDERS, chosen, operator(), open_work=open_work)
        sys.stdout.buffer.write(export_provider_list(chosen, open_work=open_work))


def lock(performance_year: int, *, opens_on: str | None, reason: str) -> None:
    opening = None if opens_on is None else parsed(opens_on, date.fromisoformat)
    migrate_database()
    with open_database() as open_work:
        state = lock_list(
            performance_year,
            operator(),
            opens_on=opening,
            reason=reason,
            day=today(),
            open_work=open_work,
        )
    _print_state(state)


def unlock(performance_year: int, *, reason: str) -> None:
    migrate_database()
    with open_database() as open_work:
        state = unlock_list(
            performance_year, operator(), reason=reason, day=today(), open_work=open_work
        )
    _print_state(state)


def _print_plan(plan: ListPlan, *, dry_run: bool) -> None:
    for each in sorted([*plan.clinicians, *plan.employments], key=lambda planned: planned.line):
        if each.action is not PlannedAction.UNCHANGED:
            typer.echo(f"line {each.line}: {_kind(each)} {each.action}")
    unchanged = sum(
        each.action is PlannedAction.UNCHANGED for each in [*plan.clinicians, *plan.employments]
    )
    typer.echo(f"{plan.lines} lines, {unchanged} entries as they were, {plan.not_in_file} not told")
    if dry_run:
        typer.echo("Nothing was changed: this was a dry run.")


def _kind(planned: Planned) -> str:
    return type(planned.after).__name__.lower()


def _finding_in_words(finding: Mapping[str, object]) -> str:
    place = f"line {finding['line']}"
    if finding["column"] is not None:
        place += f", {finding['column']}"
    return f"{place}: {finding['message']} {finding['mend']}"


def _print_state(state: ListState) -> None:
    if not state.is_locked:
        told = "open"
    elif state.opens_on is None:
        told = "locked until it is unlocked"
    else:
        told = f"locked and opens on {state.opens_on}"
    typer.echo(f"The provider list of {state.performance_year} is {told}.")
