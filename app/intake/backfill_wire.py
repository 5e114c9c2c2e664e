"""What the API answers about backfills: how far they are, and what came of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.domain.backfills import Backfill, BackfillStatus, Move, MoveClass, PlaceCount
from app.domain.json_numbers import JsonNumber
from app.domain.populations import Population, PopulationCounts
from app.measures.results.rates import performance_rate_of, to_places

_RATE_PLACES = 2
_COUNTED = frozenset(Population) - {Population.NOT_ELIGIBLE}

_EXAMPLE: JsonDict = {
    "id": "01920a3c-0000-7000-8000-000000000001",
    "practice_id": "12345",
    "performance_year": 2024,
    "status": "done",
    "from_versions": ["2024.1-1162d4b5ea5f"],
    "to_version": "2024.2-7d0c5e2b91aa",
    "lined_up_at": "2026-11-22T10:00:00Z",
    "started_at": "2026-11-22T10:00:01Z",
    "ended_at": "2026-11-22T10:04:10Z",
    "cases_total": 41200,
    "cases_done": 41203,
    "cases_moved": 17,
    "cases_unreadable": 0,
}
_REPORT_EXAMPLE: JsonDict = {
    **_EXAMPLE,
    "changes": [
        {
            "measure_id": "404",
            "stratum": None,
            "tin": "891234567",
            "npi": None,
            "facility_id": None,
            "places": {
                "performance_met": {"before": 355, "after": 372},
                "performance_not_met": {"before": 66, "after": 49},
            },
            "performance_rate_before": 84.32,
            "performance_rate_after": 88.36,
        }
    ],
    "moves": [
        {
            "measure_id": "404",
            "stratum": None,
            "place_before": "performance_not_met",
            "reason_before": "code:G9642",
            "place_after": "performance_met",
            "reason_after": "code:G9642",
            "cases": 17,
        }
    ],
}


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class BackfillOut(_Wire):
    """`cases_done` may pass `cases_total`: cases that came meanwhile are looked at as well."""

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_extra={"example": _EXAMPLE}
    )

    id: UUID
    practice_id: str
    performance_year: int
    status: BackfillStatus
    from_versions: tuple[str, ...]
    to_version: str
    lined_up_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cases_total: int | None
    cases_done: int
    cases_moved: int
    cases_unreadable: int


class BeforeAfter(_Wire):
    before: int
    after: int


class LevelChange(_Wire):
    """A measure of a TIN, of a TIN and NPI, or of a surgical center, that came to something else.

    `places` are those of its cases: populations, of a center landings. Rates with two decimals; a
    center has none.
    """

    measure_id: str
    stratum: str | None
    tin: str | None
    npi: str | None
    facility_id: str | None
    places: dict[str, BeforeAfter]
    performance_rate_before: JsonNumber | None
    performance_rate_after: JsonNumber | None


class MoveClassOut(_Wire):
    """Cases that went from one place and reason to another; null: not in the measure."""

    measure_id: str
    stratum: str | None
    place_before: str | None
    reason_before: str | None
    place_after: str | None
    reason_after: str | None
    cases: int

    @classmethod
    def of(cls, moved: MoveClass) -> Self:
        return cls(
            measure_id=moved.measure_id,
            stratum=moved.stratum or None,
            place_before=moved.place_before,
            reason_before=moved.reason_before,
            place_after=moved.place_after,
            reason_after=moved.reason_after,
            cases=moved.cases,
        )


class BackfillReport(BackfillOut):
    """What the rules changed, and nothing else: `before` are the figures when it began, `after`

    the same with the cases that moved. Files taken in meanwhile are in neither. What stayed as it
    was is left out.
    """

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_extra={"example": _REPORT_EXAMPLE}
    )

    changes: tuple[LevelChange, ...]
    moves: tuple[MoveClassOut, ...]

    @classmethod
    def of(
        cls, backfill: Backfill, counts: Iterable[PlaceCount], moved: Iterable[MoveClass]
    ) -> Self:
        return cls(
            **BackfillOut.model_validate(backfill).model_dump(),
            changes=tuple(level_changes(counts)),
            moves=tuple(MoveClassOut.of(each) for each in moved),
        )


class PlaceRow(_Wire):
    """A row of the report as CSV: one place of one measure and level."""

    measure_id: str
    stratum: str | None
    tin: str | None
    npi: str | None
    facility_id: str | None
    place: str
    cases_before: int
    cases_after: int
    performance_rate_before: JsonNumber | None
    performance_rate_after: JsonNumber | None


class MovedCase(_Wire):
    """A case that landed elsewhere in a measure; null: it was not, or is not, in it."""

    case_id: UUID
    measure_id: str
    stratum: str | None
    facility_id: str | None
    place_before: str | None
    reason_before: str | None
    place_after: str | None
    reason_after: str | None

    @classmethod
    def of(cls, move: Move) -> Self:
        return cls(
            case_id=move.case_id,
            measure_id=move.measure_id,
            stratum=move.stratum or None,
            facility_id=move.facility_id or None,
            place_before=move.place_before,
            reason_before=move.reason_before,
            place_after=move.place_after,
            reason_after=move.reason_after,
        )


def level_changes(counts: Iterable[PlaceCount]) -> Iterable[LevelChange]:
    """`counts` are in the order of their levels."""
    for _, of_level in groupby(counts, key=_level):
        places = list(of_level)
        if any(each.before != each.after for each in places):
            yield _level_change(places)


def place_rows(changes: Iterable[LevelChange]) -> Iterable[PlaceRow]:
    for change in changes:
        level = change.model_dump(exclude={"places"})
        for place, counts in change.places.items():
            yield PlaceRow(
                **level, place=place, cases_before=counts.before, cases_after=counts.after
            )


def _level(count: PlaceCount) -> tuple[str, ...]:
    return count.measure_id, count.stratum, count.tin, count.npi, count.facility_id


def _level_change(places: list[PlaceCount]) -> LevelChange:
    first = places[0]
    return LevelChange(
        measure_id=first.measure_id,
        stratum=first.stratum or None,
        tin=first.tin or None,
        npi=first.npi or None,
        facility_id=first.facility_id or None,
        places={each.place: BeforeAfter(before=each.before, after=each.after) for each in places},
        performance_rate_before=_rate({each.place: each.before for each in places}),
        performance_rate_after=_rate({each.place: each.after for each in places}),
    )


def _rate(cases: Mapping[str, int]) -> JsonNumber | None:
    """None at a surgical center, whose landings are no populations."""
    counts = PopulationCounts(**{place: n for place, n in cases.items() if place in _COUNTED})
    rate = performance_rate_of(counts)
    return None if rate is None else to_places(rate, _RATE_PLACES)
