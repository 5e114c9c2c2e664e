"""What was made for CMS of a practice and year, each document sealed with the practice's key."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, insert, select, update

from app.domain.cms import (
    CmsCategory,
    CmsDocument,
    CmsEntity,
    CmsSubmission,
    DocumentFault,
    DocumentRule,
    LeftOut,
    SentToCms,
)
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reporting import ReportingLevel
from app.storage.sealing.records import RecordSeals
from app.storage.tables.actor_columns import actor_of, actor_values
from app.storage.tables.cms import cms_documents, cms_submissions

_DOCUMENT = tuple(
    column for column in cms_documents.c if column.name not in ("content", "data_key")
)


class CmsStore:
    def __init__(
        self, connection: Connection, seals_of: Callable[[PracticeId], RecordSeals]
    ) -> None:
        self._connection = connection
        self._seals_of = seals_of

    def add(
        self, submission: CmsSubmission, documents: Iterable[tuple[CmsDocument, bytes]]
    ) -> None:
        """Each document with its bytes."""
        self._connection.execute(
            insert(cms_submissions).values(
                practice_id=submission.practice_id,
                id=submission.id,
                performance_year=submission.performance_year,
                made_at=submission.made_at,
                catalogue_version=submission.catalogue_version,
                documents=submission.documents,
                ready=submission.ready,
                **actor_values(submission.made_by),
            )
        )
        seals = self._seals_of(submission.practice_id)
        rows = [_values(document, content, seals) for document, content in documents]
        if rows:
            self._connection.execute(insert(cms_documents), rows)

    def submission(self, submission_id: UUID) -> CmsSubmission | None:
        row = self._connection.execute(
            select(cms_submissions).where(cms_submissions.c.id == submission_id)
        ).first()
        return None if row is None else _submission(row)

    def submissions(
        self,
        practice: PracticeId,
        *,
        performance_year: int | None,
        before: UUID | None,
        limit: int | None,
    ) -> list[CmsSubmission]:
        """The newest first."""
        columns = cms_submissions.c
        query = (
            select(cms_submissions)
            .where(columns.practice_id == practice)
            .order_by(columns.id.desc())
            .limit(limit)
        )
        if performance_year is not None:
            query = query.where(columns.performance_year == performance_year)
        if before is not None:
            query = query.where(columns.id < before)
        return [_submission(row) for row in self._connection.execute(query)]

    def documents(
        self, submission: CmsSubmission, *, after: UUID | None, limit: int | None
    ) -> list[CmsDocument]:
        """In the order in which they were made."""
        columns = cms_documents.c
        query = (
            select(*_DOCUMENT)
            .where(
                columns.practice_id == submission.practice_id,
                columns.cms_submission_id == submission.id,
            )
            .order_by(columns.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(columns.id > after)
        return self._found(query)

    def own_documents(self, practice: PracticeId) -> list[CmsDocument]:
        """All with cases of the practice alone, in the order in which they were made."""
        columns = cms_documents.c
        return self._found(
            select(*_DOCUMENT)
            .where(
                columns.practice_id == practice,
                columns.level != ReportingLevel.VIRTUAL_GROUP.value,
            )
            .order_by(columns.id)
        )

    def document(self, document_id: UUID) -> CmsDocument | None:
        found = self._found(select(*_DOCUMENT).where(cms_documents.c.id == document_id))
        return found[0] if found else None

    def content(self, document: CmsDocument) -> bytes:
        """Return its bytes. Raises: RecordDamaged."""
        columns = cms_documents.c
        row = self._connection.execute(
            select(columns.data_key, columns.content).where(
                columns.practice_id == document.practice_id, columns.id == document.id
            )
        ).one()
        seals = self._seals_of(document.practice_id)
        return seals.open(document.id, row.data_key, bytes(row.content))

    def sent_before(self, document: CmsDocument) -> CmsDocument | None:
        """The newest document of the same entity and year that was made before and sent."""
        columns, entity = cms_documents.c, document.entity
        found = self._found(
            select(*_DOCUMENT)
            .where(
                columns.practice_id == document.practice_id,
                columns.performance_year == document.performance_year,
                columns.sent_on.is_not(None),
                columns.id < document.id,
                columns.level == entity.level.value,
                columns.tin.is_not_distinct_from(entity.tin),
                columns.npi.is_not_distinct_from(entity.npi),
                columns.group_id.is_not_distinct_from(entity.group_id),
            )
            .order_by(columns.id.desc())
            .limit(1)
        )
        return found[0] if found else None

    def mark_sent(self, document: CmsDocument, sent: SentToCms) -> None:
        """In the place of what was said before."""
        columns = cms_documents.c
        self._connection.execute(
            update(cms_documents)
            .where(columns.practice_id == document.practice_id, columns.id == document.id)
            .values(sent_on=sent.on, id_at_cms=sent.id_at_cms)
        )

    def _found(self, query: Select[Any]) -> list[CmsDocument]:
        return [_document(row) for row in self._connection.execute(query)]


def _values(document: CmsDocument, content: bytes, seals: RecordSeals) -> dict[str, Any]:
    entity = document.entity
    data_key, sealed = seals.seal(document.id, content)
    return {
        "practice_id": document.practice_id,
        "id": document.id,
        "cms_submission_id": document.cms_submission_id,
        "performance_year": document.performance_year,
        "level": entity.level.value,
        "tin": entity.tin,
        "npi": entity.npi,
        "group_id": entity.group_id,
        "group_name": entity.group_name,
        "entity_id": entity.entity_id,
        "content": sealed,
        "data_key": data_key,
        "sha256": document.sha256,
        "measures": document.measures,
        "activities": document.activities,
        "left_out": [asdict(each) for each in document.left_out],
        "faults": [asdict(each) for each in document.faults],
    }


def _submission(row: Row[Any]) -> CmsSubmission:
    return CmsSubmission(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        performance_year=row.performance_year,
        made_at=row.made_at,
        made_by=actor_of(row),
        catalogue_version=row.catalogue_version,
        documents=row.documents,
        ready=row.ready,
    )


def _document(row: Row[Any]) -> CmsDocument:
    return CmsDocument(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        cms_submission_id=row.cms_submission_id,
        performance_year=row.performance_year,
        entity=CmsEntity(
            level=ReportingLevel(row.level),
            tin=None if row.tin is None else Tin(row.tin),
            npi=None if row.npi is None else Npi(row.npi),
            group_id=row.group_id,
            group_name=row.group_name,
            entity_id=row.entity_id,
        ),
        sha256=row.sha256,
        measures=row.measures,
        activities=row.activities,
        left_out=tuple(_left_out(each) for each in row.left_out),
        faults=tuple(map(_fault, row.faults)),
        sent=None if row.sent_on is None else SentToCms(on=row.sent_on, id_at_cms=row.id_at_cms),
    )


def _left_out(told: dict[str, Any]) -> LeftOut:
    return LeftOut(
        category=CmsCategory(told["category"]),
        measure_id=told["measure_id"],
        reasons=tuple(told["reasons"]),
    )


def _fault(told: dict[str, str]) -> DocumentFault:
    return DocumentFault(
        rule=DocumentRule(told["rule"]),
        path=told["path"],
        message=told["message"],
        mend=told["mend"],
    )
