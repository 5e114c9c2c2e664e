"""Feedback reports as they were made, and who received what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.domain.feedback import (
    Entity,
    FeedbackDelivery,
    FeedbackFormat,
    FeedbackLevel,
    FeedbackReport,
    Quarter,
    ReportedGroup,
)
from app.domain.identifiers import Npi, PracticeId, Tin
from app.storage.tables.actor_columns import actor_of, actor_values
from app.storage.tables.feedback import (
    feedback_deliveries,
    feedback_quarters,
    feedback_reports,
)
from app.storage.tables.months import MONTHS
from app.storage.tables.practices import practices
from app.storage.tables.totals import case_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsQuestion:
    """What is None asks nothing; no level: all of them."""

    practice: PracticeId
    levels: tuple[FeedbackLevel, ...] = ()
    quarter: Quarter | None = None
    tin: Tin | None = None
    npi: Npi | None = None


_COLUMNS: Final = feedback_reports.c
_OF_LEVEL: Final[Mapping[FeedbackLevel, tuple[ColumnElement[bool], ...]]] = {
    "group": (_COLUMNS.npi == "", _COLUMNS.group_id.is_(None)),
    "individual": (_COLUMNS.npi != "",),
    "subgroup": (_COLUMNS.tin != "", _COLUMNS.group_id.is_not(None)),
    "virtual_group": (_COLUMNS.tin == "",),
}


class FeedbackStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: FeedbackReport) -> None:
        self._connection.execute(
            insert(feedback_reports).values(
                practice_id=report.practice_id,
                id=report.id,
                **quarter_values(report.quarter),
                **entity_values(report.entity),
                group_practices=_practices(report.entity),
                made_at=report.made_at,
                catalogue_version=report.catalogue_version,
                sha256=report.sha256,
                figures=dict(report.figures),
                **actor_values(report.made_by),
            )
        )

    def get(self, report_id: UUID) -> FeedbackReport | None:
        row = self._connection.execute(
            select(feedback_reports).where(feedback_reports.c.id == report_id)
        ).first()
        return None if row is None else _report(row)

    def listed(
        self, asked: ReportsQuestion, *, before: UUID | None, limit: int
    ) -> list[FeedbackReport]:
        """The newest first, without their figures."""
        columns, quarter = feedback_reports.c, asked.quarter
        wanted = {
            columns.performance_year: quarter and quarter.performance_year,
            columns.quarter: quarter and quarter.number,
            columns.tin: asked.tin,
            columns.npi: asked.npi,
        }
        query = (
            select(*(column for column in columns if column.name != "figures"))
            .where(columns.practice_id == asked.practice)
            .where(*(column == value for column, value in wanted.items() if value is not None))
            .order_by(columns.id.desc())
            .limit(limit)
        )
        if asked.levels:
            query = query.where(or_(*(and_(*_OF_LEVEL[level]) for level in asked.levels)))
        if before is not None:
            query = query.where(columns.id < before)
        return [_report(row, figures={}) for row in self._connection.execute(query)]

    def practices_lacking(self, quarter: Quarter) -> list[PracticeId]:
        """Those with cases up to the quarter whose reports of it were not made by themselves."""
        counts, made = case_counts.c, feedback_quarters.c
        months = (counts[name] for name in MONTHS[: quarter.last_month])
        has_cases = exists().where(
            counts.practice_id == practices.c.id,
            counts.performance_year == quarter.performance_year,
            counts.tin == "",
            counts.npi == "",
            sum(months, literal(0)) > 0,
        )
        is_made = exists().where(
            made.practice_id == practices.c.id,
            made.performance_year == quarter.performance_year,
            made.quarter == quarter.number,
        )
        rows = self._connection.execute(
            select(practices.c.id).where(has_cases, ~is_made).order_by(practices.c.id)
        )
        return [PracticeId(row.id) for row in rows]

    def begin_quarter(self, practice: PracticeId, quarter: Quarter, *, at: datetime) -> bool:
        """Return False when it was made before; who makes it at the same time is waited for."""
        begun = self._connection.execute(
            upsert(feedback_quarters)
            .values(practice_id=practice, **quarter_values(quarter), made_at=at)
            .on_conflict_do_nothing()
            .returning(feedback_quarters.c.practice_id)
        )
        return begun.first() is not None

    def deliver(self, delivery: FeedbackDelivery) -> None:
        self._connection.execute(
            insert(feedback_deliveries).values(
                practice_id=delivery.practice_id,
                id=delivery.id,
                report_id=delivery.report_id,
                at=delivery.at,
                format=delivery.format.value,
                sha256=delivery.sha256,
                cases=delivery.cases,
                **actor_values(delivery.by),
            )
        )

    def deliveries(
        self, report: FeedbackReport, *, before: UUID | None, limit: int
    ) -> list[FeedbackDelivery]:
        """The newest first."""
        columns = feedback_deliveries.c
        query = (
            select(feedback_deliveries)
            .where(columns.practice_id == report.practice_id, columns.report_id == report.id)
            .order_by(columns.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(columns.id < before)
        return [_delivery(row) for row in self._connection.execute(query)]


def quarter_values(quarter: Quarter) -> dict[str, int]:
    return {"performance_year": quarter.performance_year, "quarter": quarter.number}


def quarter_of(row: Row[Any]) -> Quarter:
    return Quarter(row.performance_year, row.quarter)


def entity_values(entity: Entity) -> dict[str, Any]:
    return {
        "tin": entity.tin or "",
        "npi": entity.npi or "",
        "group_id": entity.group_id,
        "group_name": None if entity.group is None else entity.group.name,
    }


def entity_of(row: Row[Any]) -> Entity:
    """Without the practices of a virtual group."""
    group = None if row.group_id is None else ReportedGroup(id=row.group_id, name=row.group_name)
    return Entity(
        tin=Tin(row.tin) if row.tin else None, npi=Npi(row.npi) if row.npi else None, group=group
    )


def _practices(entity: Entity) -> list[str] | None:
    if entity.group is None or entity.level != "virtual_group":
        return None
    return list(entity.group.practices)


def _reported(row: Row[Any]) -> Entity:
    entity = entity_of(row)
    if entity.group is None or row.group_practices is None:
        return entity
    practices = tuple(map(PracticeId, row.group_practices))
    return replace(entity, group=replace(entity.group, practices=practices))


def _report(row: Row[Any], *, figures: Mapping[str, Any] | None = None) -> FeedbackReport:
    return FeedbackReport(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        quarter=quarter_of(row),
        entity=_reported(row),
        made_at=row.made_at,
        made_by=actor_of(row),
        catalogue_version=row.catalogue_version,
        sha256=row.sha256,
        figures=row.figures if figures is None else figures,
    )


def _delivery(row: Row[Any]) -> FeedbackDelivery:
    return FeedbackDelivery(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        report_id=row.report_id,
        at=row.at,
        by=actor_of(row),
        format=FeedbackFormat(row.format),
        sha256=row.sha256,
        cases=row.cases,
    )
