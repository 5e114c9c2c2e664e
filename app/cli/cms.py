"""`nacor cms-submission`: what its commands do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import typer

from app.access.operators import operator
from app.cli.databases import open_sealed_database
from app.cli.outcome import ERRORS_FOUND, NO_ERROR
from app.cli.parsing import parsed
from app.cli.serving import migrate_database, settings
from app.domain.cms import SentToCms, parse_id_at_cms
from app.domain.days import today
from app.domain.errors.cms import CmsDocumentWithheld
from app.domain.identifiers import parse_practice_id
from app.exports.cms.gathering import CmsQuestion
from app.exports.cms.opened_wire import OpenedCmsDocumentOut
from app.exports.cms.service import (
    documents_of,
    find_document,
    hand_out,
    make_submission,
    mark_sent,
    open_document,
)
from app.exports.cms.wire import CmsDocumentOut, CmsSubmissionOut
from app.measures.catalogue.catalogue import load_catalogue
from app.storage.unit_of_work import OpenWork


def make_documents(practice: str, year: int, entity_ids: list[str]) -> None:
    asked = CmsQuestion(
        practice=parsed(practice, parse_practice_id),
        performance_year=year,
        entity_ids=_entity_ids(entity_ids),
        has_vendor_id=settings().cms_vendor_id is not None,
        day=today(),
    )
    with _newest_database() as open_work:
        made = make_submission(
            asked,
            operator(),
            reaches=lambda _: True,
            catalogue=load_catalogue(),
            open_work=open_work,
        )
        with open_work() as work:
            for document in documents_of(made, work, after=None, limit=None):
                typer.echo(CmsDocumentOut.of(document).model_dump_json())


def print_submissions(practice: str, year: int) -> None:
    chosen = parsed(practice, parse_practice_id)
    with _newest_database() as open_work, open_work() as work:
        for each in work.cms.submissions(chosen, performance_year=year, before=None, limit=None):
            typer.echo(CmsSubmissionOut.of(each).model_dump_json())


def print_document(document_id: str) -> None:
    chosen = parsed(document_id, UUID)
    with _newest_database() as open_work, open_work() as work:
        opened = open_document(find_document(chosen, work), work)
    typer.echo(OpenedCmsDocumentOut.of(opened).model_dump_json(indent=2))


def write_file(document_id: str) -> int:
    """Return the exit code."""
    chosen = parsed(document_id, UUID)
    with _newest_database() as open_work:
        with open_work() as work:
            document = find_document(chosen, work)
        try:
            content = hand_out(document, operator(), open_work=open_work)
        except CmsDocumentWithheld as withheld:
            for each in document.withheld_for:
                typer.echo(f"{each.path}: {each.message} {each.mend}", err=True)
            typer.echo(f"nacor: {withheld.title}. {withheld}", err=True)
            return ERRORS_FOUND
    sys.stdout.buffer.write(content)
    return NO_ERROR


def say_sent(document_id: str, on: date, id_at_cms: str) -> None:
    chosen = parsed(document_id, UUID)
    sent = SentToCms(on=on, id_at_cms=parsed(id_at_cms, parse_id_at_cms))
    with _newest_database() as open_work:
        with open_work() as work:
            document = find_document(chosen, work)
        marked = mark_sent(document, sent, operator(), day=today(), open_work=open_work)
    typer.echo(CmsDocumentOut.of(marked).model_dump_json())


def _entity_ids(told: list[str]) -> dict[UUID, str]:
    """Of GROUP=ID, as often as it was given."""
    pairs = dict(each.partition("=")[::2] for each in told)
    return {parsed(group, UUID): parsed(name, parse_id_at_cms) for group, name in pairs.items()}


@contextmanager
def _newest_database() -> Iterator[OpenWork]:
    migrate_database()
    with open_sealed_database() as (_, open_work):
        yield open_work
