"""Where a case lands, in the words of the measure tables."""

from functools import cache

from app.domain.cases import AnesthesiaCase
from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue.catalogue import Catalogue, load_catalogue
from app.measures.evaluation.engine import outcome_for

NOT_ELIGIBLE = Population.NOT_ELIGIBLE
EXCLUSION = Population.DENOMINATOR_EXCLUSION
MET = Population.PERFORMANCE_MET
EXCEPTION = Population.DENOMINATOR_EXCEPTION
NOT_MET = Population.PERFORMANCE_NOT_MET
UNREPORTED = Population.UNREPORTED


@cache
def published() -> Catalogue:
    return load_catalogue()


def landing(measure_id: str, case: AnesthesiaCase, stratum: str = "") -> MeasureOutcome:
    year = published().for_year(case.performance_year)
    assert year is not None
    measure = year.measure(measure_id)
    assert measure is not None
    return outcome_for(measure, case, stratum)
