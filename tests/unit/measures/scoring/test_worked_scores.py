"""From the cases of a practice to its final score, as worked out by hand: worked-scores.toml."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from app.measures.results.rates import to_places
from app.measures.scoring.inputs import MeasuresSent, ScoreInputs
from app.measures.scoring.measured import Measured
from tests.scored import measured, scored

_DATA: Final = Path(__file__).parents[3] / "data" / "worked-scores.toml"
_PLACES: Final = {
    "met": "performance_met",
    "not_met": "performance_not_met",
    "exception": "denominator_exception",
    "exclusion": "denominator_exclusion",
    "unreported": "unreported",
}
_TOLD: Final = {
    "ia_percent": "improvement_activities_percent",
    "pi_percent": "promoting_interoperability_percent",
    "cost_percent": "cost_percent",
    "population_health_points": "population_health_points",
    "complex_patient_bonus": "complex_patient_bonus",
}
WORKED: Final = tomllib.loads(_DATA.read_text())["scores"]


def the_measures(worked: dict[str, Any]) -> list[Measured]:
    def cases(of_measure: dict[str, Any]) -> dict[str, int]:
        return {_PLACES[word]: n for word, n in of_measure.items() if word != "points"}

    small = worked.get("small_practice", False)
    return [
        measured(measure_id, worked["year"], small=small, **cases(of_measure))
        for measure_id, of_measure in worked["measures"].items()
    ]


def the_inputs(worked: dict[str, Any]) -> ScoreInputs:
    told = dict(worked["told"])
    return ScoreInputs(
        program=worked.get("program", "mips"),
        sent=MeasuresSent(worked.get("collection", "all")),
        activities_reweighted=told.pop("ia_reweighted", False),
        **{_TOLD[word]: Decimal(number) for word, number in told.items()},
    )


def shown(number: Decimal | None, places: int) -> str | None:
    return None if number is None else str(to_places(number, places))


def four(text: str) -> str | None:
    return None if text == "none" else shown(Decimal(text), 4)


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: f"{worked['year']} {worked['why']}")
def test_a_worked_score(worked: dict[str, Any]) -> None:
    measures = the_measures(worked)
    small = worked.get("small_practice", False)
    score = scored(*measures, year=worked["year"], inputs=the_inputs(worked), small=small)
    quality, final = worked["quality"], worked["final"]

    points = {each.measure_id: shown(each.points, 4) for each in measures}
    assert points == {name: four(each["points"]) for name, each in worked["measures"].items()}
    chosen = score.quality.selection
    assert chosen.required == quality["asked_for"]
    assert [each.measure_id for each in chosen.counted] == quality["counted"].split()
    assert shown(score.quality.points, 4) == four(quality["points"])
    assert shown(score.quality.percent, 4) == four(quality["percent"])
    assert shown(score.final.points, 2) == final["score"]
    assert score.final.adjustment == final["adjustment"]
