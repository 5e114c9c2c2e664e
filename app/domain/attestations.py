"""Improvement activities that a practice says it has done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.spans import Span


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """An activity of a group (TIN), a clinician (TIN and NPI) or a subgroup of a TIN in a year.

    `ends_on` is None while it goes on. `clinicians`: of a group or subgroup, how many did it in
    the same 90 days. `version` counts its changes from 1. `attested_by`: who made the last
    change (an API key or a user), with their label at that time.
    """

    practice_id: PracticeId
    id: UUID
    performance_year: int
    activity_id: str
    tin: Tin
    npi: Npi | None = None
    subgroup_id: UUID | None = None
    starts_on: date
    ends_on: date | None = None
    clinicians: int | None = None
    attested_at: datetime
    attested_by: UUID
    attested_by_label: str | None
    version: int = 1

    @property
    def entity(self) -> tuple[Tin, Npi | None, UUID | None]:
        return self.tin, self.npi, self.subgroup_id

    @property
    def is_of_one_clinician(self) -> bool:
        return self.npi is not None

    def days_until(self, day: date) -> int:
        """How many days it has gone on within its year, the first and `day` among them."""
        whole = Span(first=self.starts_on, last=min(self.ends_on or day, day))
        within = whole.within(self.performance_year) if whole.is_possible else None
        if within is None or within.first is None or within.last is None:
            return 0
        return (within.last - within.first).days + 1
