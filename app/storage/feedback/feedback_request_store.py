"""Feedback reports that were asked for, and how far each is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.domain.feedback import FeedbackRequest, RequestFailure, RequestStatus
from app.domain.identifiers import Npi, PracticeId
from app.storage.feedback.feedback_store import (
    entity_of,
    entity_values,
    quarter_of,
    quarter_values,
)
from app.storage.tables.actor_columns import actor_of, actor_values
from app.storage.tables.feedback import feedback_requests

_COLUMNS = feedback_requests.c
_OF_WHOM = tuple(
    _COLUMNS[name] for name in ("performance_year", "quarter", "tin", "npi", "group_id")
)


class FeedbackRequestStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: FeedbackRequest) -> FeedbackRequest:
        """Add it and return it; or return the one for the same report that is under way."""
        added = self._connection.execute(
            insert(feedback_requests)
            .values(
                practice_id=request.practice_id,
                id=request.id,
                **_of_whom(request),
                status=request.status.value,
                asked_at=request.asked_at,
                attempts=request.attempts,
                **actor_values(request.asked_by),
            )
            .on_conflict_do_nothing()
            .returning(_COLUMNS.id)
        )
        return request if added.first() is not None else self._newest_like(request)

    def get(self, request_id: UUID) -> FeedbackRequest | None:
        row = self._connection.execute(
            select(feedback_requests).where(_COLUMNS.id == request_id)
        ).first()
        return None if row is None else _request(row)

    def lock(self, practice: PracticeId, request_id: UUID) -> FeedbackRequest | None:
        """Let nobody else change it meanwhile."""
        row = self._connection.execute(
            select(feedback_requests).where(_key(practice, request_id)).with_for_update()
        ).first()
        return None if row is None else _request(row)

    def begin(self, request: FeedbackRequest) -> None:
        self._change(request, status=RequestStatus.RUNNING.value, attempts=_COLUMNS.attempts + 1)

    def finish(self, request: FeedbackRequest, report_id: UUID, *, at: datetime) -> None:
        self._change(request, status=RequestStatus.DONE.value, report_id=report_id, finished_at=at)

    def fail(self, request: FeedbackRequest, failure: RequestFailure, *, at: datetime) -> None:
        self._change(
            request, status=RequestStatus.FAILED.value, failure=failure.value, finished_at=at
        )

    def not_done(
        self, practice: PracticeId, *, since: datetime, npi: Npi | None = None
    ) -> list[FeedbackRequest]:
        """Those under way, and those that failed and were not asked for again; the newest first.

        `npi`: those of this clinician alone.
        """
        newest = (
            select(feedback_requests)
            .ext(distinct_on(*_OF_WHOM))
            .where(_COLUMNS.practice_id == practice, _COLUMNS.asked_at >= since)
            .order_by(*_OF_WHOM, _COLUMNS.id.desc())
        )
        if npi is not None:
            newest = newest.where(_COLUMNS.npi == npi)
        found = newest.subquery()
        rows = self._connection.execute(
            select(found)
            .where(found.c.status != RequestStatus.DONE.value)
            .order_by(found.c.id.desc())
        )
        return [_request(row) for row in rows]

    def _newest_like(self, request: FeedbackRequest) -> FeedbackRequest:
        """The one that was in the way; it may have ended since."""
        of_whom = _of_whom(request)
        alike = (each.is_not_distinct_from(of_whom[each.name]) for each in _OF_WHOM)
        row = self._connection.execute(
            select(feedback_requests)
            .where(_COLUMNS.practice_id == request.practice_id, *alike)
            .order_by(_COLUMNS.id.desc())
            .limit(1)
        ).one()
        return _request(row)

    def _change(self, request: FeedbackRequest, **values: object) -> None:
        self._connection.execute(
            update(feedback_requests).where(_key(request.practice_id, request.id)).values(**values)
        )


def _key(practice: PracticeId, request_id: UUID) -> ColumnElement[bool]:
    return and_(_COLUMNS.practice_id == practice, _COLUMNS.id == request_id)


def _of_whom(request: FeedbackRequest) -> dict[str, Any]:
    return {**quarter_values(request.quarter), **entity_values(request.entity)}


def _request(row: Row[Any]) -> FeedbackRequest:
    return FeedbackRequest(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        quarter=quarter_of(row),
        entity=entity_of(row),
        asked_at=row.asked_at,
        asked_by=actor_of(row),
        status=RequestStatus(row.status),
        attempts=row.attempts,
        finished_at=row.finished_at,
        report_id=row.report_id,
        failure=None if row.failure is None else RequestFailure(row.failure),
    )
