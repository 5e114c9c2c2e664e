"""What cases say of TINs and NPIs, beside what the roster says, and what was decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.audit import Actor
from app.domain.identifiers import Npi, Tin
from app.domain.spans import Span

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
    """So many cases name this NPI under this TIN in these days, held ones included."""

    tin: Tin
    npi: Npi
    first_day: date
    last_day: date
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTin:
    """So many cases name this TIN in these days; `held` of them do not count."""

    tin: Tin
    first_day: date
    last_day: date
    cases: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in which cases name an NPI under this TIN, with NO_TIN under whatever TIN."""

    tin: Tin
    npi: Npi
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenInCases:
    """What the cases of a practice and year say. `cases_of` counts those that name an NPI.

    Read from totals, days are those of whole months; read from cases, each is a day by itself.
    """

    staff: tuple[SeenStaff, ...]
    tins: tuple[SeenTin, ...]
    cases_of: Mapping[Npi, int]

    def with_days(self, doubts: "Doubts", days: "SeenInCases") -> "SeenInCases":
        """With what `days` say of the doubtful in place of what was known by months."""
        return SeenInCases(
            staff=(*(each for each in self.staff if each.npi not in doubts.npis), *days.staff),
            tins=(*(each for each in self.tins if not doubts.are_about(each)), *days.tins),
            cases_of=self.cases_of,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Of whom the days have to be known, as months do not tell what holds of them.

    `first_day` and `last_day` are those of all months that are in doubt of `tins`, None without.
    """

    npis: frozenset[Npi] = frozenset()
    tins: frozenset[Tin] = frozenset()
    first_day: date | None = None
    last_day: date | None = None

    def __bool__(self) -> bool:
        return bool(self.npis or self.tins)

    def are_about(self, seen: SeenTin) -> bool:
        days = Span(first=self.first_day, last=self.last_day)
        return seen.tin in self.tins and days.covers(seen.first_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a row."""

    key: RowKey
    verdict: Verdict
    reason: str | None
    at: datetime
    by: Actor
