"""A report as it is opened: what was made, and the cases behind it if they were asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.feedback import FeedbackReport
from app.domain.populations import Population
from app.feedback.report import Feedback

MOST_CASES: Final = 50
"""So many of each rate are listed; the API lists all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCase:
    case_id: UUID
    anesthesia_record_id: str
    date_of_service: date
    population: Population
    meaning: str


CasesOfRates = Mapping[tuple[str, str | None], tuple[FailedCase, ...]]
"""By measure and stratum, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReport:
    """`cases` None: not asked for. They are those of now, the figures those of when it was made."""

    made: FeedbackReport
    feedback: Feedback
    cases: CasesOfRates | None = None

    @property
    def cases_listed(self) -> int | None:
        return None if self.cases is None else sum(map(len, self.cases.values()))

    def cases_of(self, measure_id: str, stratum: str | None) -> tuple[FailedCase, ...]:
        return () if self.cases is None else self.cases.get((measure_id, stratum), ())
