"""The years and measures that a request names."""

from app.domain.errors.measures import MeasureUnknown
from app.domain.errors.requests import InvalidRequest
from app.measures.catalogue.catalogue import Catalogue, Measure, YearCatalogue


def year_of(catalogue: Catalogue, performance_year: int) -> YearCatalogue:
    """Raises: MeasureUnknown."""
    year = catalogue.for_year(performance_year)
    if year is None and performance_year in catalogue.register.years:
        raise MeasureUnknown(
            "The measures of this performance year are listed (/v1/measures), but its rules are not"
            " known here, so there are no results."
        )
    if year is None:
        raise MeasureUnknown("No measures are known for this performance year.")
    return year


def measure_of(year: YearCatalogue, measure_id: str) -> Measure:
    """Raises: MeasureUnknown."""
    measure = year.measure(measure_id)
    if measure is None:
        raise MeasureUnknown("No measure of this id has results in this performance year.")
    return measure


def stratum_landed_in(measure: Measure, stratum: str | None) -> str | None:
    """Return the stratum that cases of a rate landed in; None for cases of every one.

    No case lands in a rate that is worked out from the others: its cases are theirs.
    Raises: InvalidRequest for a stratum that the measure does not have in the year.
    """
    if stratum is None or stratum in measure.facts.strata_in(measure.performance_year):
        return stratum if stratum in measure.definition.strata else None
    raise InvalidRequest("stratum: the measure has no rate of this name in that year.")
