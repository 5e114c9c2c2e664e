"""The dashboard of a practice, and the steps to its estimated scores."""

from fastapi import APIRouter, Response

from app.access.rights import Right
from app.dashboard.boards.practice_board import read_practice_board
from app.dashboard.figures.scores import score_steps, what_would_help
from app.dashboard.figures.views import AskedView
from app.dashboard.frame.desks import AskedYear, AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.measures.catalogue.catalogue import Catalogue
from app.measures.dependencies import Measures
from app.measures.overview_service import MeasureOverview, measure_overview
from app.measures.results.levels import ResultsQuestion
from app.web.dependencies import Now

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/dashboard", route_class=PageRoute
)


@router.get("")
def practice_dashboard(
    desk: AtDesk, year: AskedYear, now: Now, asked: AskedView, catalogue: Measures
) -> Response:
    for right in (Right.SEE_FIGURES, Right.SEE_SUBMISSIONS, Right.SEE_BILLING):
        desk.require(right)
    board = read_practice_board(desk, year, now=now, catalogue=catalogue)
    view = asked.view(year=year)
    if view.figure is not None:
        return desk.csv(view, board.figures)
    return desk.page("boards/practice_dashboard.html", year=year, view=view, board=board)


@router.get("/score")
def score_page(desk: AtDesk, year: AskedYear, asked: AskedView, catalogue: Measures) -> Response:
    desk.require(Right.SEE_FIGURES)
    overview = _overview(desk, year, catalogue)
    scores = () if overview is None else overview.scores
    figures = tuple(
        figure
        for number, score in enumerate(scores, 1)
        for figure in (
            score_steps(score, key=f"steps-{number}", whose=f"TIN {score.tin}"),
            what_would_help(score, key=f"help-{number}", whose=f"TIN {score.tin}"),
        )
    )
    view = asked.view(year=year)
    if view.figure is not None:
        return desk.csv(view, figures)
    return desk.page(
        "boards/score.html", year=year, view=view, figures=figures, scores=scores, overview=overview
    )


def _overview(desk: Desk, year: int, catalogue: Catalogue) -> MeasureOverview | None:
    with desk.open_work() as work:
        return measure_overview(
            ResultsQuestion(practice=desk.id, performance_year=year),
            desk.practice,
            day=desk.day,
            catalogue=catalogue,
            work=work,
        )
