"""Where a case lands, in the words of the measure tables."""

from collections.abc import Callable
from typing import Any

from app.domain.cases import AnesthesiaCase
from app.domain.populations import MeasureOutcome, Population
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.evaluation.engine import outcome_for
from tests.factories import reported

NOT_ELIGIBLE = Population.NOT_ELIGIBLE
EXCLUSION = Population.DENOMINATOR_EXCLUSION
MET = Population.PERFORMANCE_MET
EXCEPTION = Population.DENOMINATOR_EXCEPTION
NOT_MET = Population.PERFORMANCE_NOT_MET
UNREPORTED = Population.UNREPORTED


def codes_of(measure: str) -> Callable[..., dict[str, Any]]:
    """Return what makes a fact about a case of codes that were reported for `measure`."""

    def codes(*values: str) -> dict[str, Any]:
        return {"quality": reported(measure, *values)}

    return codes


def landing(measure_id: str, case: AnesthesiaCase, stratum: str = "") -> MeasureOutcome:
    year = shipped_catalogue().for_year(case.performance_year)
    assert year is not None
    measure = year.measure(measure_id)
    assert measure is not None
    return outcome_for(measure, case, stratum)
