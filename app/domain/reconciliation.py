"""What cases say of TINs and NPIs, beside what the roster says, and what was decided about it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.audit import Actor
from app.domain.identifiers import Npi, Tin

NO_TIN = Tin("")
NO_NPI = Npi("")


class RowKind(StrEnum):
    UNKNOWN_TIN = "unknown_tin"
    NOT_ON_LIST = "not_on_list"
    OUTSIDE_EMPLOYMENT = "outside_employment"
    WITHOUT_CASES = "without_cases"
    SEVERAL_TINS = "several_tins"
    INVALID_NPI = "invalid_npi"


class Verdict(StrEnum):
    CONFIRM = "confirm"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKey:
    """What a row is about; NO_TIN or NO_NPI where it is about no single one."""

    kind: RowKind
    tin: Tin = NO_TIN
    npi: Npi = NO_NPI


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStaff:
    """So many cases name this NPI under this TIN on this day, held ones included."""

    tin: Tin
    npi: Npi
    day: date
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTin:
    """So many cases name this TIN on this day; `held` of them do not count."""

    tin: Tin
    day: date
    cases: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenInCases:
    """What the cases of a practice and year say. `cases_of` counts those that name an NPI."""

    staff: tuple[SeenStaff, ...]
    tins: tuple[SeenTin, ...]
    cases_of: dict[Npi, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a row."""

    key: RowKey
    verdict: Verdict
    reason: str | None
    at: datetime
    by: Actor
