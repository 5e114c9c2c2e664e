"""The clinicians of a practice and the dashboard of each; a clinician is shown their own."""

from dataclasses import dataclass, replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.boards.two_years import by_clinician, two_years
from app.dashboard.figures.cases import TwoYears, cases_by_month, cases_by_place
from app.dashboard.figures.figure import Cell, Figure, Row, State, Tile, row_of
from app.dashboard.figures.measures import by_entity, data_completeness, measure_rates
from app.dashboard.figures.views import Asked, AskedView
from app.dashboard.frame.desks import AskedYear, AtDesk, AtOwnDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.domain.errors.roster import RosterEntryUnknown
from app.domain.identifiers import Npi
from app.domain.reporting import ClinicianConsent, ConsentState, Registration
from app.domain.roster import Clinician
from app.measures.catalogue.catalogue import Catalogue
from app.measures.dependencies import Measures
from app.measures.overview_service import MeasureOverview, measure_overview
from app.measures.results.levels import ResultsQuestion
from app.storage.unit_of_work import UnitOfWork

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/dashboard", route_class=PageRoute
)

_ON_A_PAGE: Final = 100
_CONSENTS: Final = {
    ConsentState.SIGNED: State.GOOD,
    ConsentState.WITHDRAWN: State.BAD,
    ConsentState.MISSING: State.WATCH,
}


@dataclass(frozen=True, kw_only=True)
class ClinicianBoard:
    """`clinician` None: the NPI is not on the roster. `consent` None as well then.

    `registration` None: the practice is not registered for the year.
    """

    npi: Npi
    clinician: Clinician | None
    counts: TwoYears
    registration: Registration | None
    consent: ConsentState | None
    measures: MeasureOverview | None

    @property
    def name(self) -> str:
        named = None if self.clinician is None else self.clinician.name
        return named or f"NPI {self.npi}"

    @property
    def case_figures(self) -> tuple[Figure, ...]:
        return (cases_by_month(self.counts, whose=self.name),)

    @property
    def measure_figures(self) -> tuple[Figure, ...]:
        """Under each TIN that they work under."""
        if self.measures is None:
            return ()
        found: list[Figure] = []
        for number, (tin, results) in enumerate(by_entity(self.measures.results), 1):
            whose = f"TIN {tin}"
            found.append(measure_rates(self.measures, results, key=f"rates-{number}", whose=whose))
            found.append(
                data_completeness(
                    self.measures,
                    results,
                    key=f"completeness-{number}",
                    whose=whose,
                    clinician=self.clinician,
                )
            )
        return tuple(found)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*self.case_figures, *self.measure_figures)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        counts, consent = self.counts, self.consent
        cases = Tile(
            label=f"Cases of {counts.year}",
            value=f"{counts.cases:,}",
            note=counts.compared,
        )
        signed = Tile(
            label=f"Consent for {counts.year}",
            value="–" if consent is None else consent.value,  # noqa: RUF001
            note=self._consent_note,
            state=_CONSENTS[consent] if consent is not None and self._needs_consent else None,
        )
        return (cases, signed)

    @property
    def _needs_consent(self) -> bool:
        registration = self.registration
        return (
            registration is not None
            and registration.option.is_individual
            and registration.withdrawn_on is None
        )

    @property
    def _consent_note(self) -> str:
        if self.registration is None:
            return "the practice is not registered for the year"
        if self.clinician is None:
            return "not on the roster of the practice"
        return "needed to report" if self._needs_consent else "not needed to report as a group"


@router.get("/clinicians")
def clinicians_page(
    desk: AtDesk,
    year: AskedYear,
    asked: AskedView,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The file has all of them, the page a hundred."""
    desk.require(Right.SEE_FIGURES)
    with desk.open_work() as work:
        counted = by_clinician(desk.id, year, work)
        people = work.reporting_lists.clinicians(desk.id, year)
    figure = _clinicians(desk, year, counted, people)
    view = asked.view(year=year, start=start or None)
    if view.figure is not None:
        return desk.csv(view, [figure])
    end = start + _ON_A_PAGE
    return desk.page(
        "boards/clinicians_dashboard.html",
        year=year,
        view=view,
        figure_=replace(figure, rows=figure.rows[start:end]),
        following=end if len(figure.rows) > end else None,
    )


@router.get("/clinicians/{entry_id}")
def clinician_page(
    desk: AtDesk, entry_id: UUID, year: AskedYear, asked: AskedView, catalogue: Measures
) -> Response:
    """By the entry of the roster: an NPI belongs in no address."""
    desk.require(Right.SEE_FIGURES)
    with desk.open_work() as work:
        clinician = work.roster.get(Clinician, desk.id, entry_id)
        if clinician is None:
            raise RosterEntryUnknown("The practice has no clinician of this id.")
        board = _board(desk, clinician.npi, clinician, year, catalogue, work)
    return _page(desk, board, asked)


@router.get("/me")
def own_page(desk: AtOwnDesk, year: AskedYear, asked: AskedView, catalogue: Measures) -> Response:
    npi = desk.caller.npi
    assert npi is not None, "the desk is that of a clinician"
    with desk.open_work() as work:
        known = work.roster.all(Clinician, desk.id, npi=npi)
        board = _board(desk, npi, known[0] if known else None, year, catalogue, work)
    return _page(desk, board, asked)


def _page(desk: Desk, board: ClinicianBoard, asked: Asked) -> Response:
    year = board.counts.year
    view = asked.view(year=year)
    if view.figure is not None:
        return desk.csv(view, board.figures)
    return desk.page("boards/clinician_dashboard.html", year=year, view=view, board=board)


def _board(
    desk: Desk,
    npi: Npi,
    clinician: Clinician | None,
    year: int,
    catalogue: Catalogue,
    work: UnitOfWork,
) -> ClinicianBoard:
    return ClinicianBoard(
        npi=npi,
        clinician=clinician,
        counts=two_years(desk.id, year, work, day=desk.day, npi=npi),
        registration=work.reporting.registration(desk.id, year),
        consent=None if clinician is None else _consent(clinician, year, work),
        measures=measure_overview(
            ResultsQuestion(practice=desk.id, performance_year=year, level="individual", npi=npi),
            desk.practice,
            day=desk.day,
            catalogue=catalogue,
            work=work,
        ),
    )


def _consent(clinician: Clinician, year: int, work: UnitOfWork) -> ConsentState:
    """The newest one decides, which is the last."""
    signed = work.reporting.consents(
        clinician.practice_id, performance_year=year, clinician_id=clinician.id
    )
    if not signed:
        return ConsentState.MISSING
    return ConsentState.SIGNED if signed[-1].withdrawal is None else ConsentState.WITHDRAWN


def _clinicians(
    desk: Desk,
    year: int,
    counted: dict[str, tuple[int, int]],
    people: list[ClinicianConsent],
) -> Figure:
    by_npi = {each.npi: each for each in people}
    npis = sorted(
        counted.keys() | by_npi.keys(), key=lambda npi: (-counted.get(npi, (0, 0))[0], npi)
    )
    strangers = len(counted.keys() - by_npi.keys())
    return cases_by_place(
        "clinicians",
        f"Clinicians of {year}",
        ["Clinician", "NPI", "Consent", f"Cases of {year}", f"Cases of {year - 1}"],
        [
            _clinician_row(desk, year, npi, by_npi.get(Npi(npi)), counted.get(npi, (0, 0)))
            for npi in npis
        ],
        summary=f"{len(by_npi):,} on the roster of the year; {strangers:,} more in cases that are"
        " not on it.",
        note="A case counts for everybody on its staff. Who is not on the roster of the year is"
        " settled by the reconciliation.",
        of_people=True,
    )


def _clinician_row(
    desk: Desk, year: int, npi: str, known: ClinicianConsent | None, cases: tuple[int, int]
) -> Row:
    if known is None:
        return row_of("not on the roster", npi, "", *cases)
    link = desk.path(f"/dashboard/clinicians/{known.clinician_id}?year={year}")
    consent = Cell(known.state.value, state=_CONSENTS[known.state])
    return row_of(Cell(known.name or f"NPI {npi}", link=link), npi, consent, *cases)
