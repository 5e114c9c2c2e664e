"""The story of documents for CMS: made for a practice and year, handed out, marked as sent."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.cms import CmsDocument, CmsSubmission, DocumentFault, SentToCms
from app.domain.errors.cms import CmsDocumentUnknown, CmsDocumentWithheld, CmsSubmissionUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.exports.cms.choosing import chosen
from app.exports.cms.differences import Difference, differences
from app.exports.cms.document import as_bytes, document_of
from app.exports.cms.gathering import CmsQuestion, Gathered, gathered
from app.exports.cms.overtaking import as_of_now
from app.exports.cms.rules import faults_of
from app.measures.catalogue.catalogue import Catalogue
from app.measures.results.levels import Reaches
from app.reporting.standing_service import read_standing
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """`content` as JSON has it; `sent_before` is the last one of the entity that was sent."""

    document: CmsDocument
    content: dict[str, Any]
    sent_before: CmsDocument | None
    differences: tuple[Difference, ...]


def make_submission(
    asked: CmsQuestion,
    by: Actor,
    *,
    reaches: Reaches,
    catalogue: Catalogue,
    open_work: OpenWork,
) -> CmsSubmission:
    """Make a document for each entity of the practice, those too that cannot be sent.

    Raises: PracticeUnknown, MeasureUnknown, NotPermitted; InvalidRequest for the id of a group that
    the practice does not report for.
    """
    made_at = datetime.now(UTC)
    with open_work() as work:
        work.show_one_moment()
        if not work.practices.exists(asked.practice):
            raise PracticeUnknown("No practice of this id is registered.")
        found = gathered(asked, reaches=reaches, catalogue=catalogue, work=work)
    _require_known_groups(asked, found)
    submission_id = uuids.uuid7()
    made = list(_documents(asked, found, submission_id))
    submission = CmsSubmission(
        practice_id=asked.practice,
        id=submission_id,
        performance_year=asked.performance_year,
        made_at=made_at,
        made_by=by,
        catalogue_version=found.catalogue_version,
        documents=len(made),
        ready=sum(document.is_ready for document, _ in made),
    )
    with open_work() as work:
        work.cms.add(submission, made)
        work.audit.record(
            by,
            AuditAction.CMS_SUBMISSION_MADE,
            practice=asked.practice,
            about=("cms_submission", submission_id),
            performance_year=asked.performance_year,
            documents=submission.documents,
            ready=submission.ready,
        )
        work.commit()
    return submission


def find_submission(submission_id: UUID, work: UnitOfWork) -> CmsSubmission:
    """Raises: CmsSubmissionUnknown."""
    found = work.cms.submission(submission_id)
    if found is None:
        raise CmsSubmissionUnknown("Nothing of this id was made for CMS that can be seen.")
    return found


def find_document(document_id: UUID, work: UnitOfWork) -> CmsDocument:
    """Raises: CmsDocumentUnknown."""
    found = work.cms.document(document_id)
    if found is None:
        raise CmsDocumentUnknown("No document of this id can be seen.")
    [seen] = _as_of_now(find_submission(found.cms_submission_id, work), [found], work)
    return seen


def documents_of(
    submission: CmsSubmission, work: UnitOfWork, *, after: UUID | None, limit: int | None
) -> list[CmsDocument]:
    """In the order in which they were made."""
    found = work.cms.documents(submission, after=after, limit=limit)
    return _as_of_now(submission, found, work)


def open_document(document: CmsDocument, work: UnitOfWork) -> OpenedDocument:
    """Return what is in it, and what changed since the last one that was sent."""
    content = json.loads(work.cms.content(document))
    before = work.cms.sent_before(document)
    return OpenedDocument(
        document=document,
        content=content,
        sent_before=before,
        differences=()
        if before is None
        else differences(json.loads(work.cms.content(before)), content),
    )


def hand_out(document: CmsDocument, by: Actor, *, open_work: OpenWork) -> bytes:
    """Return the file, and write down who received it. Raises: CmsDocumentWithheld."""
    _require_none(document.withheld_for)
    with open_work() as work:
        content = work.cms.content(document)
        work.audit.record(
            by,
            AuditAction.CMS_DOCUMENT_READ,
            practice=document.practice_id,
            about=("cms_document", document.id),
            sha256=document.sha256,
        )
        work.commit()
    return content


def mark_sent(
    document: CmsDocument, sent: SentToCms, by: Actor, *, day: date, open_work: OpenWork
) -> CmsDocument:
    """Write down that somebody uploaded it; said again it takes the place of what was said.

    It may have been uploaded before it was overtaken.
    Raises: CmsDocumentWithheld, InvalidRequest.
    """
    _require_none(document.faults)
    if sent.on > day:
        raise InvalidRequest("sent_on: it lies ahead.")
    if sent.on.year <= document.performance_year:
        raise InvalidRequest("sent_on: the performance year was not over.")
    with open_work() as work:
        work.cms.mark_sent(document, sent)
        work.audit.record(
            by,
            AuditAction.CMS_DOCUMENT_SENT,
            practice=document.practice_id,
            about=("cms_document", document.id),
            sent_on=sent.on,
            id_at_cms=sent.id_at_cms,
        )
        work.commit()
    return replace(document, sent=sent, overtaken=())


def _documents(
    asked: CmsQuestion, found: Gathered, submission_id: UUID
) -> Iterator[tuple[CmsDocument, bytes]]:
    for figures in found.entities:
        choice = chosen(figures, found.year)
        document = document_of(figures.entity, choice, found.year)
        content = as_bytes(document)
        made = CmsDocument(
            practice_id=asked.practice,
            id=uuids.uuid7(),
            cms_submission_id=submission_id,
            performance_year=asked.performance_year,
            entity=figures.entity,
            sha256=hashlib.sha256(content).hexdigest(),
            measures=len(choice.measures),
            activities=len(choice.activities),
            left_out=choice.left_out,
            faults=faults_of(document, found.year),
        )
        yield made, content


def _require_known_groups(asked: CmsQuestion, found: Gathered) -> None:
    groups = {each.entity.group_id for each in found.entities}
    if not groups.issuperset(asked.entity_ids):
        raise InvalidRequest("entity_ids: there is a group that the practice does not report for.")


def _require_none(faults: tuple[DocumentFault, ...]) -> None:
    if faults:
        raise CmsDocumentWithheld([asdict(each) for each in faults])


def _as_of_now(
    submission: CmsSubmission, documents: Iterable[CmsDocument], work: UnitOfWork
) -> list[CmsDocument]:
    standing = read_standing(submission.practice_id, submission.performance_year, work)
    return [as_of_now(each, submission.made_at, standing) for each in documents]
