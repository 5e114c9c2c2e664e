"""The roster of a practice: its TINs, facilities, clinicians and what they are grouped into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.spans import Span

SMALL_PRACTICE_AT_MOST: Final = 15


def is_small_practice(clinicians: int) -> bool:
    """Whether a practice of so many clinicians is small. Source: 42 CFR 414.1305."""
    return clinicians <= SMALL_PRACTICE_AT_MOST


class Credentials(StrEnum):
    """Professions, as case files name them. Source: NACOR ProviderCredentialsCodeType, 2019."""

    ADVANCED_PRACTICE_NURSE = "Advanced Practice Nurse"
    ANESTHESIOLOGIST = "Anesthesiologist"
    ANESTHESIOLOGIST_ASSISTANT = "Certified Anesthesiologist Assistant"
    NURSE_ANESTHETIST = "Certified Registered Nurse Anesthetist"
    DENTIST = "Dentist or Oral Surgeon"
    DENTIST_ANESTHESIOLOGIST = "Dentist Anesthesiologist"
    DENTIST_ANESTHESIOLOGIST_RESIDENT = "Dentist Anesthesiologist Resident"
    FELLOW = "Fellow (Anesthesiology)"
    SURGEON = "Surgeon"
    PHYSICIAN_ASSISTANT = "Physician Assistant"
    PODIATRIST = "Podiatrist"
    REGISTERED_NURSE = "Registered Nurse"
    RESIDENT = "Resident (Anesthesia)"
    STUDENT_NURSE_ANESTHETIST = "Student Registered Nurse Anesthetist"


@dataclass(frozen=True, kw_only=True)
class RosterEntry:
    """`version` counts its changes from 1: who changes it says which version they have seen."""

    practice_id: PracticeId
    id: UUID
    version: int = 1

    def succeeding(self, before: "RosterEntry") -> Self:
        """This entry as it is in the place of `before`."""
        return self


@dataclass(frozen=True, kw_only=True)
class PracticeTin(RosterEntry):
    """A TIN that the practice bills under, for dates of service within its days."""

    tin: Tin
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def span(self) -> Span:
        return Span(first=self.valid_from, last=self.valid_until)


@dataclass(frozen=True, kw_only=True)
class Facility(RosterEntry):
    """`facility_id` is the FacilityID of case files; `place_of_service` the code of CMS."""

    facility_id: str
    name: str
    place_of_service: int | None = None
    ccn: str | None = None
    npi: Npi | None = None


@dataclass(frozen=True, kw_only=True)
class Clinician(RosterEntry):
    """`asa_member_years` in order. A confirmed case may bring in somebody without a name yet."""

    npi: Npi
    name: str
    credentials: Credentials
    asa_member_years: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Employment(RosterEntry):
    """A clinician bills under a TIN. Several may overlap under different TINs: locums."""

    clinician_id: UUID
    tin: Tin
    starts_on: date
    ends_on: date | None = None

    @property
    def span(self) -> Span:
        return Span(first=self.starts_on, last=self.ends_on)


@dataclass(frozen=True, kw_only=True)
class Subgroup(RosterEntry):
    """Clinicians of a TIN who report a MIPS Value Pathway together in a performance year."""

    tin: Tin
    performance_year: int
    name: str
    npis: tuple[Npi, ...]


@dataclass(frozen=True, kw_only=True)
class VirtualGroup(RosterEntry):
    """TINs, also of other practices, that report together in a performance year.

    `confirmed_at`: since when the registry knows that the practice is in it; None: not yet.
    """

    performance_year: int
    name: str
    tins: tuple[Tin, ...]
    confirmed_at: datetime | None = None

    def succeeding(self, before: RosterEntry) -> Self:
        """Whoever is in it by other words, of another year or with other TINs, is unconfirmed."""
        if isinstance(before, VirtualGroup) and before._election() == self._election():
            return self
        return replace(self, confirmed_at=None)

    def _election(self) -> tuple[object, ...]:
        return self.performance_year, self.name, self.tins


class AgreementKind(StrEnum):
    """What a practice and the registry sign before data is sent; published words."""

    BUSINESS_ASSOCIATE = "business_associate"
    PARTICIPATION = "participation"


@dataclass(frozen=True, kw_only=True)
class Agreement(RosterEntry):
    """In force from `valid_from` to `valid_until`. `reference` says where the document is."""

    kind: AgreementKind
    valid_from: date
    valid_until: date | None = None
    reference: str = ""

    @property
    def span(self) -> Span:
        return Span(first=self.valid_from, last=self.valid_until)


def missing_agreements(agreements: Iterable[Agreement], day: date) -> tuple[AgreementKind, ...]:
    """The kinds of which none is in force on `day`."""
    in_force = {each.kind for each in agreements if each.span.covers(day)}
    return tuple(kind for kind in AgreementKind if kind not in in_force)


@dataclass(frozen=True, kw_only=True)
class PracticeDetails:
    """`clinicians` is the number that the practice tells, None when it told none."""

    id: PracticeId
    name: str
    version: int
    addresses: tuple[dict[str, str], ...] = ()
    contacts: tuple[dict[str, str], ...] = ()
    clinicians: int | None = None


@dataclass(frozen=True, slots=True)
class RegisteredTins:
    """The TINs of a practice, with the days in which each is valid."""

    spans: Mapping[Tin, Span]

    def cover(self, tin: Tin, date_of_service: date) -> bool:
        span = self.spans.get(tin)
        return span is not None and span.covers(date_of_service)
