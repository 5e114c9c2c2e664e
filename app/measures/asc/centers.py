"""A surgical center of a practice: what its cases came to, and what it entered itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.asc import AscTotal
from app.domain.asc_figures import CenterFigures
from app.domain.roster import Facility
from app.measures.asc.definition import AscManual
from app.measures.asc.results import CountedMeasure, counted_measures

YEAR: Final = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Center:
    """Known by FacilityID; `entry` is None for one that the roster has not.

    `cases_elsewhere` are cases of the same FacilityID that do not say that they were at a surgical
    center: they count for no measure.
    """

    facility_id: str
    entry: Facility | None
    figures: CenterFigures | None
    measures: tuple[CountedMeasure, ...]
    cases_elsewhere: int


def centers_of(
    totals: Iterable[AscTotal],
    *,
    all_cases: Mapping[str, Sequence[int]],
    facilities: Iterable[Facility],
    figures: Mapping[UUID, CenterFigures],
    manual: AscManual,
    months: Sequence[int] = YEAR,
) -> list[Center]:
    """Return every center with cases, and those of the roster without, by FacilityID."""
    by_facility: dict[str, list[AscTotal]] = {}
    for total in totals:
        by_facility.setdefault(total.facility_id, []).append(total)
    entries = {facility.facility_id: facility for facility in facilities}
    in_roster = {f for f, e in entries.items() if e.place_of_service == manual.place_of_service}
    found = []
    for facility_id in sorted(by_facility.keys() | in_roster):
        entry = entries.get(facility_id)
        of_center = by_facility.get(facility_id, [])
        found.append(
            Center(
                facility_id=facility_id,
                entry=entry,
                figures=None if entry is None else figures.get(entry.id),
                measures=tuple(counted_measures(of_center, manual, months)),
                cases_elsewhere=_cases_elsewhere(
                    of_center, all_cases.get(facility_id), manual, months
                ),
            )
        )
    return found


def _cases_elsewhere(
    totals: Iterable[AscTotal],
    all_cases: Sequence[int] | None,
    manual: AscManual,
    months: Sequence[int],
) -> int:
    """Every case at a center is an admission, so the first measure counts them all."""
    admissions = manual.measures[0].measure_id
    at_center = [total.months for total in totals if total.measure_id == admissions]
    everywhere = all_cases or [0] * len(YEAR)
    return sum(
        everywhere[month - 1] - sum(counted[month - 1] for counted in at_center) for month in months
    )
