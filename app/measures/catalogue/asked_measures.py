"""The years and measures that a request names."""

from app.domain.errors.measures import MeasureUnknown
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
