"""Attested improvement activities of a practice."""

from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from app.domain.attestations import Attestation
from app.domain.identifiers import PracticeId
from app.storage.tables.activities import activity_attestations

_COLUMNS: Final = activity_attestations.c
_FIELDS: Final = tuple(field.name for field in fields(Attestation))


class AttestationStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_year(self, practice: PracticeId, performance_year: int) -> list[Attestation]:
        """In the order in which they were attested."""
        return self.page(practice, performance_year, after=None, limit=None)

    def page(
        self,
        practice: PracticeId,
        performance_year: int,
        *,
        after: UUID | None,
        limit: int | None,
    ) -> list[Attestation]:
        """Those behind `after`, in the order in which they were attested."""
        query = (
            select(activity_attestations)
            .where(_COLUMNS.practice_id == practice)
            .where(_COLUMNS.performance_year == performance_year)
            .order_by(_COLUMNS.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(_COLUMNS.id > after)
        return [_attestation(row) for row in self._connection.execute(query)]

    def get(self, practice: PracticeId, attestation_id: UUID) -> Attestation | None:
        row = self._connection.execute(
            select(activity_attestations).where(*_is(practice, attestation_id))
        ).first()
        return None if row is None else _attestation(row)

    def add(self, attestation: Attestation) -> None:
        self._connection.execute(insert(activity_attestations).values(**_values(attestation)))

    def replace(self, attestation: Attestation) -> None:
        """Let the attestation of this id be as `attestation`."""
        self._connection.execute(
            update(activity_attestations)
            .where(*_is(attestation.practice_id, attestation.id))
            .values(**_values(attestation))
        )

    def remove(self, attestation: Attestation) -> None:
        self._connection.execute(
            delete(activity_attestations).where(*_is(attestation.practice_id, attestation.id))
        )


def _is(practice: PracticeId, attestation_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return _COLUMNS.practice_id == practice, _COLUMNS.id == attestation_id


def _values(attestation: Attestation) -> dict[str, Any]:
    return {name: getattr(attestation, name) for name in _FIELDS}


def _attestation(row: Row[Any]) -> Attestation:
    return Attestation(**{name: getattr(row, name) for name in _FIELDS})
