"""Feedback reports: which quarter they are about, who made them, and who received what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal, Self
from uuid import UUID

from app.domain.audit import Actor
from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.notices import NoticeProgress
from app.domain.periods import parse_period

_WRITTEN: Final = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A report is about the dates of service from the begin of the year to the quarter's end."""

    performance_year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.performance_year}-Q{self.number}"

    @property
    def first_day(self) -> date:
        return parse_period(self.name).first_day

    @property
    def last_day(self) -> date:
        return parse_period(self.name).last_day

    @property
    def last_month(self) -> int:
        return self.last_day.month

    @classmethod
    def holding(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)


def parse_quarter(text: str) -> Quarter:
    """Return the quarter that is written as 2024-Q1. Raises: ValueError, naming the rule."""
    written = _WRITTEN.fullmatch(text)
    if not written or written[1] == "0000":
        raise ValueError("a quarter is written as 2024-Q1")
    return Quarter(int(written[1]), int(written[2]))


def last_due(day: date, *, days: int) -> Quarter:
    """Return the newest quarter that ended `days` before `day` or earlier."""
    reached = Quarter.holding(day - timedelta(days=days - 1))
    year, number = reached.performance_year, reached.number
    return Quarter(year, number - 1) if number > 1 else Quarter(year - 1, 4)


FeedbackLevel = Literal["group", "individual", "subgroup", "virtual_group"]
"""As results have it; published words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedGroup:
    """A group of the roster, as it was named then.

    `practices`: of a virtual group, once its report is made, those with cases in it.
    """

    id: UUID
    name: str
    practices: tuple[PracticeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A TIN, a clinician under it, a subgroup of it, or a virtual group, which has no TIN."""

    tin: Tin | None
    npi: Npi | None = None
    group: ReportedGroup | None = None

    @property
    def level(self) -> FeedbackLevel:
        if self.group is not None:
            return "virtual_group" if self.tin is None else "subgroup"
        return "group" if self.npi is None else "individual"

    @property
    def group_id(self) -> UUID | None:
        return None if self.group is None else self.group.id


class FeedbackFormat(StrEnum):
    """In what a report is handed out; published words."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReport:
    """A report as it was made, and kept.

    `catalogue_version`: the rules that its figures were decided by, None where they were several.
    `figures`: what it tells, as JSON; `sha256` is over them, written with sorted keys.
    """

    practice_id: PracticeId
    id: UUID
    quarter: Quarter
    entity: Entity
    made_at: datetime
    made_by: Actor
    catalogue_version: str | None
    sha256: str
    figures: Mapping[str, Any]


class RequestStatus(StrEnum):
    """How far a report is that was asked for; published words."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_under_way(self) -> bool:
        return self in (RequestStatus.WAITING, RequestStatus.RUNNING)


class RequestFailure(StrEnum):
    """Why a report that was asked for could not be made; published words."""

    NO_CASES = "no_cases"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRequest:
    """A report that was asked for. `attempts` counts those that were begun."""

    practice_id: PracticeId
    id: UUID
    quarter: Quarter
    entity: Entity
    asked_at: datetime
    asked_by: Actor
    status: RequestStatus = RequestStatus.WAITING
    attempts: int = 0
    finished_at: datetime | None = None
    report_id: UUID | None = None
    failure: RequestFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDelivery:
    """A report handed out. `sha256` is over the bytes; `cases`: how many failed ones were listed,
    None where the list was not asked for.
    """

    practice_id: PracticeId
    id: UUID
    report_id: UUID
    at: datetime
    by: Actor
    format: FeedbackFormat
    sha256: str
    cases: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReminder:
    """A letter to a user that the reports of a quarter are there."""

    practice_id: PracticeId
    id: UUID
    quarter: Quarter
    user_id: UUID
    created_at: datetime
    progress: NoticeProgress = field(default_factory=NoticeProgress)
