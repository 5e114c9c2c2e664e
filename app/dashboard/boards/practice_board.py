"""The dashboard of a practice: read at one moment, and told in figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.billing.member_share import added_up, total
from app.billing.program_years import billing_model, days_of
from app.billing.reconciling import Pace, pace_of
from app.dashboard.boards.two_years import two_years
from app.dashboard.deadlines.due import Deadline, Due, Incomplete, YearStanding, calendar_of, to_do
from app.dashboard.figures.cases import (
    TwoYears,
    cases_against_order,
    cases_by_month,
)
from app.dashboard.figures.figure import Figure, State, Tile
from app.dashboard.figures.measures import (
    by_entity,
    data_completeness,
    measure_rates,
    to_be_answered,
)
from app.dashboard.figures.scores import what_would_help
from app.dashboard.figures.sending import (
    acceptance_rate,
    findings_by_kind,
    first_month,
    last_submissions,
    records_by_month,
    state_of_acceptance,
)
from app.dashboard.frame.desks import Desk
from app.domain.billing import BillingModel, Order, OrderState
from app.domain.reporting import PracticeRegistration
from app.domain.sending import Sent
from app.domain.submissions import Submission
from app.measures.catalogue.catalogue import Catalogue
from app.measures.overview_service import MeasureOverview, measure_overview
from app.measures.results.levels import ResultsQuestion
from app.measures.scoring_wire import EntityScoreOut
from app.reporting.reporting_years import deadlines_of

_LAST_SUBMISSIONS: Final = 8


@dataclass(frozen=True, kw_only=True)
class PracticeBoard:
    """`pace` None: no month is over, or the year is. `measures` None: the year has none known."""

    year: int
    now: datetime
    root: str
    counts: TwoYears
    pace: Pace | None
    orders: tuple[Order, ...]
    sent: Sent
    submissions: tuple[Submission, ...]
    registration: PracticeRegistration | None
    measures: MeasureOverview | None

    @property
    def ordered(self) -> int | None:
        """Cases; None in a year that is billed by clinicians, and when nothing is ordered."""
        if not self.orders or billing_model(self.year) is not BillingModel.CASES:
            return None
        return total(added_up([order.quantities for order in self.orders]))

    @property
    def case_figures(self) -> tuple[Figure, ...]:
        return (
            cases_by_month(self.counts, whose="The practice"),
            cases_against_order(self.counts, ordered=self.ordered),
        )

    @property
    def sending_figures(self) -> tuple[Figure, ...]:
        return (
            records_by_month(self.sent, self.now),
            findings_by_kind(self.sent.kinds),
            last_submissions(self.submissions),
        )

    @property
    def measure_figures(self) -> tuple[Figure, ...]:
        """Of each TIN with cases: its rates, its completeness, what would help."""
        if self.measures is None:
            return ()
        found: list[Figure] = []
        scores = {score.tin: score for score in self.measures.scores}
        for number, (tin, results) in enumerate(by_entity(self.measures.results), 1):
            whose = f"TIN {tin}"
            found.append(measure_rates(self.measures, results, key=f"rates-{number}", whose=whose))
            found.append(
                data_completeness(self.measures, results, key=f"completeness-{number}", whose=whose)
            )
            if tin in scores:
                found.append(what_would_help(scores[tin], key=f"help-{number}", whose=whose))
        return tuple(found)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*self.case_figures, *self.sending_figures, *self.measure_figures)

    @property
    def calendar(self) -> tuple[Deadline, ...]:
        return calendar_of(deadlines_of(self.year), days_of(self.year))

    @property
    def due(self) -> tuple[Due, ...]:
        return to_do(
            self._standing, self.year, deadlines_of(self.year), days_of(self.year), root=self.root
        )

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return (*self._case_tiles, *self._sending_tiles, *self._score_tiles)

    @property
    def _standing(self) -> YearStanding:
        registration = self.registration
        return YearStanding(
            registered=registration is not None and registration.is_registered,
            missing_consents=0 if registration is None else registration.missing,
            ordered=bool(self.orders),
            paid=all(order.state is OrderState.PAID for order in self.orders),
            incomplete=tuple(self._incomplete),
        )

    @property
    def _incomplete(self) -> Iterator[Incomplete]:
        if self.measures is None:
            return
        needed = self.measures.completeness_percent
        for number, (tin, results) in enumerate(by_entity(self.measures.results), 1):
            cases = {
                each.found.measure.measure_id: more
                for each in results
                if (more := to_be_answered(each, needed))
            }
            if cases:
                yield Incomplete(tin=tin, cases=cases, link=f"#completeness-{number}")

    @property
    def _case_tiles(self) -> tuple[Tile, ...]:
        counts = self.counts
        tiles = [
            Tile(
                label=f"Cases of {self.year}",
                value=f"{counts.cases:,}",
                note=counts.compared,
                link="#cases-by-month",
            )
        ]
        if self.ordered:
            share = 100 * counts.cases / self.ordered
            pace = "" if self.pace is None else f"; at this pace {self.pace.cases:,}"
            tiles.append(
                Tile(
                    label="Of the order",
                    value=f"{share:.1f} %",
                    note=f"{self.ordered:,} ordered{pace}",
                    link="#cases-against-order",
                    state=State.WATCH if share > 100 else None,
                )
            )
        return tuple(tiles)

    @property
    def _sending_tiles(self) -> tuple[Tile, ...]:
        rate = acceptance_rate(self.sent.months)
        still_open = sum(kind.open for kind in self.sent.kinds)
        return (
            Tile(
                label="Acceptance",
                value="–" if rate is None else f"{rate:.2f} %",  # noqa: RUF001
                note="of the records of the last twelve months",
                link="#records-by-month",
                state=state_of_acceptance(rate),
            ),
            Tile(
                label="Open findings",
                value=f"{still_open:,}",
                note="of the last twelve months",
                link="#open-findings",
            ),
        )

    @property
    def _score_tiles(self) -> tuple[Tile, ...]:
        measures = self.measures
        if measures is None or measures.threshold is None:
            return ()
        several = len(measures.scores) > 1
        return tuple(self._score_tile(score, several) for score in measures.scores)

    def _score_tile(self, score: EntityScoreOut, several: bool) -> Tile:
        assert self.measures is not None, "a score is of measures"
        threshold, final = self.measures.threshold, score.final_score
        state = None
        if final is not None and threshold is not None:
            state = State.GOOD if final >= threshold else State.BAD
        return Tile(
            label=f"Estimated score, TIN {score.tin}" if several else "Estimated score",
            value="–" if final is None else f"{final:.2f}",  # noqa: RUF001
            note=f"of 100; the threshold is {threshold}. See the steps",
            link=f"{self.root}/dashboard/score?year={self.year}",
            state=state,
        )


def read_practice_board(
    desk: Desk, year: int, *, now: datetime, catalogue: Catalogue
) -> PracticeBoard:
    """All in one transaction; the page asks ten questions at most."""
    with desk.open_work() as work:
        counts = two_years(desk.id, year, work, day=desk.day)
        registrations = work.reporting_lists.practices(year, within=frozenset({desk.id}), limit=1)
        return PracticeBoard(
            year=year,
            now=now,
            root=desk.path(),
            counts=counts,
            pace=None if desk.day.year > year else pace_of(counts.own, desk.day),
            orders=tuple(work.orders.in_force(desk.id, year)),
            sent=work.sending.sent(desk.id, since=first_month(now)),
            submissions=tuple(
                work.submissions.of_practice(
                    desk.id, sandbox=False, before=None, limit=_LAST_SUBMISSIONS
                )
            ),
            registration=registrations[0] if registrations else None,
            measures=measure_overview(
                ResultsQuestion(practice=desk.id, performance_year=year),
                desk.practice,
                day=desk.day,
                catalogue=catalogue,
                work=work,
            ),
        )
