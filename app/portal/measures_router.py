"""The measures to read: those of a year, the rules of each in plain words, and what changed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.measures.catalogue.catalogue import Catalogue
from app.measures.changes.asked_changes import measure_changes
from app.measures.dependencies import Measures
from app.measures.service import described_measure, listed_measures
from app.portal.measure_view import (
    SHOWN,
    by_measure,
    codes_of_members,
    is_shown,
    rates_in_words,
)
from app.portal.pages import page
from app.web.dependencies import Today

router = APIRouter(prefix="/docs/measures", include_in_schema=False)

_Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("")
def measures_page(
    request: Request,
    catalogue: Measures,
    today: Today,
    performance_year: _Year = None,
    show: str = "all",
) -> Response:
    year = performance_year or _year_of(today.year, catalogue)
    listed = listed_measures(catalogue, year)
    return page(
        request,
        "measures.html",
        year=year,
        catalogue_version=listed.catalogue_version,
        years=catalogue.register.years,
        computed_years=catalogue.performance_years,
        shown=show if show in SHOWN else "all",
        choices=SHOWN,
        groups={
            "With results": [each for each in listed.items if is_shown(each, show)],
            "Without results": [each for each in listed.without_results if is_shown(each, show)],
        },
    )


# Before `/{measure_id}`, which would take "changes" for the id of a measure.
@router.get("/changes")
def measure_changes_page(
    request: Request,
    catalogue: Measures,
    today: Today,
    since: _Year = None,
    until: _Year = None,
) -> Response:
    """Without years the year of today is compared with the one before."""
    newer = until or _year_of(today.year, catalogue)
    older = since or max(newer - 1, catalogue.performance_years[0])
    changes = measure_changes(catalogue, older, newer)
    return page(
        request,
        "measure_changes.html",
        older=older,
        newer=newer,
        years=catalogue.performance_years,
        measures=by_measure(changes.items),
    )


@router.get("/{measure_id}")
def measure_page(
    request: Request,
    measure_id: str,
    catalogue: Measures,
    today: Today,
    performance_year: _Year = None,
) -> Response:
    """Without a year it is shown as it stands today, or stood in its last year."""
    year = performance_year or _last_year(measure_id, today.year, catalogue)
    measure = described_measure(catalogue, year, measure_id)
    return page(
        request,
        "measure.html",
        measure=measure,
        year=year,
        years=[each for each in measure.active_years if each in catalogue.register.years],
        rates=rates_in_words(measure),
        members=codes_of_members(measure),
        worked_out=[rate for rate in measure.rates if rate.part is None],
    )


def _year_of(year: int, catalogue: Catalogue) -> int:
    """Return the year nearest to `year` whose measures are computed."""
    years = catalogue.performance_years
    return min(max(year, years[0]), years[-1])


def _last_year(measure_id: str, today: int, catalogue: Catalogue) -> int:
    year = _year_of(today, catalogue)
    facts = catalogue.register.known_as(measure_id)
    if facts is None or not facts.years:
        return year
    return min(max(year, facts.years[0]), facts.years[-1])
