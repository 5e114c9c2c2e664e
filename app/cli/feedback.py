"""`nacor feedback`: what its commands do."""

import sys
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import typer

from app.access.operators import operator
from app.cli.databases import open_newest_database
from app.cli.parsing import parsed
from app.cli.serving import migrate_database, settings
from app.deployment import create_feedback
from app.domain.feedback import FeedbackFormat, FeedbackReport, last_due, parse_quarter
from app.domain.identifiers import parse_practice_id
from app.feedback.service import find_report, hand_out
from app.feedback.wire import FeedbackReportOut
from app.measures.catalogue.catalogue import load_catalogue
from app.opening import create_engine_for
from app.storage.feedback.feedback_store import ReportsQuestion
from app.storage.unit_of_work import UnitOfWork

_AT_ONCE: Final = 500


def make_reports(quarter: str | None, practice: str | None) -> None:
    """Also where the reports are switched off: whoever types this wants them."""
    asked = None if quarter is None else parsed(quarter, parse_quarter)
    chosen = None if practice is None else parsed(practice, parse_practice_id)
    migrate_database()
    engine = create_engine_for(settings())
    feedback = create_feedback(settings(), engine, load_catalogue())
    due = asked or last_due(feedback.day(), days=feedback.days)
    try:
        made = feedback.make(due, operator(), only=chosen)
    finally:
        engine.dispose()
    typer.echo(f"{due.name}: {'1 report' if made == 1 else f'{made} reports'} made.")


def print_reports(practice: str, quarter: str) -> None:
    asked = ReportsQuestion(
        practice=parsed(practice, parse_practice_id), quarter=parsed(quarter, parse_quarter)
    )
    with open_newest_database() as open_work, open_work() as work:
        for report in _all(asked, work):
            typer.echo(FeedbackReportOut.of(report).model_dump_json())


def write_report(report_id: str, format_: str, *, with_cases: bool) -> None:
    chosen = parsed(report_id, UUID)
    with open_newest_database() as open_work:
        with open_work() as work:
            report = find_report(chosen, work)
        content = hand_out(
            report,
            FeedbackFormat(format_),
            operator(),
            with_cases=with_cases,
            catalogue=load_catalogue(),
            open_work=open_work,
        )
    sys.stdout.buffer.write(content)


def _all(asked: ReportsQuestion, work: UnitOfWork) -> Iterator[FeedbackReport]:
    before = None
    while page := work.feedback.listed(asked, before=before, limit=_AT_ONCE):
        yield from page
        before = page[-1].id
