"""The facilities of a practice, and the dashboard of each: what cases and rosters say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.boards.two_years import by_clinician, by_facility, two_years
from app.dashboard.figures.cases import TwoYears, cases_by_month, cases_by_place
from app.dashboard.figures.figure import Cell, Figure, Row, Tile, row_of
from app.dashboard.figures.surgical_centers import asc_measures
from app.dashboard.figures.views import AskedView
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors.roster import RosterEntryUnknown
from app.domain.roster import Clinician, Facility
from app.measures.asc.centers import Center, centers_of
from app.measures.asc.manuals import manual_for
from app.storage.unit_of_work import UnitOfWork

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/dashboard", route_class=PageRoute
)

_FacilityId = Annotated[
    str,
    # PostgreSQL takes every character but NUL
    Query(alias="facility", max_length=500, pattern=r"^[^\x00]*$"),
]
_MOST_CLINICIANS: Final = 10


@dataclass(frozen=True, kw_only=True)
class FacilityBoard:
    """`entry` None: cases name the FacilityID, and the roster does not.

    `center` None: it is no surgical center, or measures of those are not known for the year.
    """

    facility_id: str
    entry: Facility | None
    counts: TwoYears
    clinicians: Mapping[str, tuple[int, int]]
    names: Mapping[str, str]
    center: Center | None

    @property
    def name(self) -> str:
        return self.facility_id if self.entry is None else self.entry.name

    @property
    def figures(self) -> tuple[Figure, ...]:
        found = [cases_by_month(self.counts, whose="The facility"), self._clinicians]
        return (*found, *([] if self.center is None else [asc_measures(self.center)]))

    @property
    def tiles(self) -> tuple[Tile, ...]:
        counts = self.counts
        return (
            Tile(
                label=f"Cases of {counts.year}",
                value=f"{counts.cases:,}",
                note=counts.compared,
            ),
            Tile(
                label="Clinicians",
                value=f"{sum(own > 0 for own, _ in self.clinicians.values()):,}",
                note=f"with cases here in {counts.year}",
            ),
        )

    @property
    def _clinicians(self) -> Figure:
        year = self.counts.year
        ordered = sorted(self.clinicians.items(), key=lambda each: (-each[1][0], each[0]))
        more = len(ordered) - _MOST_CLINICIANS
        return cases_by_place(
            "clinicians",
            "Who works here",
            ["Clinician", "NPI", f"Cases of {year}", f"Cases of {year - 1}"],
            [
                row_of(self.names.get(npi) or "not on the roster", npi, *cases)
                for npi, cases in ordered[:_MOST_CLINICIANS]
            ],
            summary=f"The {_MOST_CLINICIANS} with most cases; {more} more have some."
            if more > 0
            else "",
            note="A case counts for everybody on its staff.",
            is_broad=False,
            of_people=True,
        )


@router.get("/facilities")
def facilities_page(desk: AtDesk, year: AskedYear, asked: AskedView) -> Response:
    desk.require(Right.SEE_FIGURES)
    with desk.open_work() as work:
        counted = by_facility(desk.id, year, work)
        entries = work.roster.all(Facility, desk.id)
    view = asked.view(year=year)
    figure = _facilities(desk, year, counted, {each.facility_id: each for each in entries})
    if view.figure is not None:
        return desk.csv(view, [figure])
    return desk.page("boards/facilities_dashboard.html", year=year, view=view, figure_=figure)


@router.get("/facilities/facility")
def facility_page(
    desk: AtDesk, facility_id: _FacilityId, year: AskedYear, asked: AskedView
) -> Response:
    desk.require(Right.SEE_FIGURES)
    with desk.open_work() as work:
        board = _board(desk, facility_id, year, work)
    view = asked.view(facility=facility_id, year=year)
    if view.figure is not None:
        return desk.csv(view, board.figures)
    return desk.page("boards/facility_dashboard.html", year=year, view=view, board=board)


def _board(desk: Desk, facility_id: str, year: int, work: UnitOfWork) -> FacilityBoard:
    """Raises: RosterEntryUnknown for one that neither cases nor roster name."""
    entries = work.roster.all(Facility, desk.id, facility_id=facility_id)
    counts = two_years(desk.id, year, work, day=desk.day, facility=facility_id)
    if not entries and not counts.by_month:
        raise RosterEntryUnknown("Neither the roster nor a case of these years names it.")
    people = work.roster.all(Clinician, desk.id)
    return FacilityBoard(
        facility_id=facility_id,
        entry=entries[0] if entries else None,
        counts=counts,
        clinicians=by_clinician(desk.id, year, work, facility=facility_id),
        names={each.npi: each.name for each in people},
        center=_center(desk, facility_id, entries, counts, work),
    )


def _center(
    desk: Desk, facility_id: str, entries: list[Facility], counts: TwoYears, work: UnitOfWork
) -> Center | None:
    manual = manual_for(counts.year)
    if manual is None:
        return None
    found = centers_of(
        work.asc.totals(desk.id, counts.year, facility_id),
        all_cases={facility_id: counts.of(counts.year)},
        facilities=entries,
        figures=work.asc.all_figures(desk.id, counts.year),
        manual=manual,
    )
    return next((each for each in found if each.facility_id == facility_id), None)


def _facilities(
    desk: Desk,
    year: int,
    counted: Mapping[str, tuple[int, int]],
    entries: Mapping[str, Facility],
) -> Figure:
    ids = sorted(
        counted.keys() | entries.keys(), key=lambda id_: (-counted.get(id_, (0, 0))[0], id_)
    )
    strangers = len(counted.keys() - entries.keys())
    return cases_by_place(
        "facilities",
        f"Facilities of {year}",
        ["Facility", "Facility id", "Place of service", f"Cases of {year}", f"Cases of {year - 1}"],
        [_row(desk, year, id_, entries.get(id_), counted.get(id_, (0, 0))) for id_ in ids],
        summary=f"{len(entries):,} on the roster; {strangers:,} more in cases that are not on it."
        if ids
        else "",
        note="A facility that is not on the roster counts all the same.",
    )


def _row(
    desk: Desk, year: int, facility_id: str, entry: Facility | None, cases: tuple[int, int]
) -> Row:
    asked = urlencode({"facility": facility_id, "year": year})
    link = desk.path(f"/dashboard/facilities/facility?{asked}")
    if entry is None:
        return row_of(Cell("not on the roster", link=link), facility_id, "", *cases)
    place = "" if entry.place_of_service is None else f"{entry.place_of_service:02}"
    return row_of(Cell(entry.name, link=link), facility_id, place, *cases)
