"""Why a case landed where it did: the steps on its way, the last of which decided."""

from dataclasses import replace
from typing import Any

from hypothesis import given

from app.domain.cases import AnesthesiaCase
from app.domain.populations import Population
from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.catalogue.definition import Precedence
from app.measures.evaluation.compiled import Stage
from app.measures.evaluation.engine import contradictions_in, outcome_for
from app.measures.evaluation.explaining import AskedRule, Explanation, explain
from app.measures.evaluation.rule_elements import ELEMENTS
from tests.factories import a_case, a_temperature, reported
from tests.unit.measures.drawn_cases import cases

WARM = reported("MIPS424", "4255F", "G9771")


def explained(measure_id: str, case: AnesthesiaCase) -> Explanation:
    year = shipped_catalogue().for_year(case.performance_year)
    assert year is not None
    measure = year.measure(measure_id)
    assert measure is not None
    [found] = explain(measure, case)
    return found


def way(found: Explanation) -> list[tuple[Stage, str, bool]]:
    return [(step.stage, step.reason, step.holds) for step in found.steps]


def test_the_way_of_a_case_that_was_reported_warm() -> None:
    found = explained("424", a_case(quality=WARM, temperatures=[a_temperature("34.8")]))
    assert found.population is Population.PERFORMANCE_MET
    assert way(found) == [
        (Stage.ELIGIBILITY, "not-eligible:cpt", True),
        (Stage.ELIGIBILITY, "not-eligible:duration", True),
        (Stage.EXCLUSION, "excluded:monitored-care-or-block-only", False),
        (Stage.REPORTED_CODE, "code:G9771", True),
    ]
    assert [step.decided for step in found.steps] == [False, False, False, True]


def test_a_rule_is_a_tree_of_elements_and_what_is_asked_of_them() -> None:
    found = explained("424", a_case(quality=WARM))
    duration = found.steps[1].rule
    assert duration is not None
    assert (duration.kind, duration.elements, duration.holds) == ("any_of", (), True)
    method, by_code = duration.parts
    assert (method.kind, method.elements, method.holds) == (
        "method_among",
        ("AnesthesiaMethodSet",),
        True,
    )
    assert method.asked == {
        "categories": ["General Anesthesia", "Neuraxial"],
        "minutes_at_least": 60,
    }
    assert (by_code.kind, by_code.holds) == ("all_of", False)
    assert [part.holds for part in by_code.parts] == [True, False], "4255F, but no silent record"


def test_a_case_without_a_code_is_decided_by_its_readings() -> None:
    found = explained("424", a_case(temperatures=[a_temperature("34.8")]))
    last = found.steps[-1]
    assert (last.stage, last.reason) == (Stage.RECORDED_ANSWER, "temperature:none-in-window")
    assert found.population is last.leads_to is Population.PERFORMANCE_NOT_MET


def test_an_exception_gives_way_to_the_reading_that_met_the_measure() -> None:
    case = a_case(
        quality=reported("MIPS424", "4255F", "G9772"), temperatures=[a_temperature("36.5")]
    )
    found = explained("424", case)
    assert found.population is Population.PERFORMANCE_MET
    assert way(found)[-2:] == [
        (Stage.REPORTED_CODE, "code:G9772", False),
        (Stage.RECORDED_ANSWER, "temperature:35.5C-in-window", True),
    ]


def test_a_case_outside_says_at_which_requirement() -> None:
    found = explained("463", a_case(age=50))
    assert found.population is Population.NOT_ELIGIBLE
    assert (found.steps[-1].reason, found.steps[-1].holds) == ("not-eligible:age", False)


def test_an_eligible_case_without_an_answer_ends_there() -> None:
    found = explained("477", a_case())
    assert found.population is Population.UNREPORTED
    assert (found.steps[-1].stage, found.steps[-1].rule) == (Stage.NO_ANSWER, None)


@given(case=cases)
def test_the_last_step_decides_as_the_engine_does(case: AnesthesiaCase) -> None:
    year = shipped_catalogue().for_year(case.performance_year)
    assert year is not None
    for measure in year.measures:
        for found in explain(measure, case):
            assert (found.population, found.reason) == _landed(measure, case, found.stratum)
            assert [step.decided for step in found.steps[:-1]] == [False] * (len(found.steps) - 1)
            last = found.steps[-1]
            assert (last.decided, last.leads_to, last.reason) == (
                True,
                found.population,
                found.reason,
            )


def _landed(measure: Any, case: AnesthesiaCase, stratum: str) -> tuple[Population, str]:
    outcome = outcome_for(measure, case, stratum)
    return outcome.population, outcome.reason


def test_every_rule_that_is_shipped_has_its_elements() -> None:
    rules = [
        r for year in shipped_catalogue().years for m in year.measures for r in m.definition.rules
    ]
    assert {type(rule) for rule in rules} <= ELEMENTS.keys()


def values_in(rule: AskedRule) -> str:
    return f"{rule.asked}{''.join(map(values_in, rule.parts))}"


def test_no_value_of_the_patient_is_told() -> None:
    case = a_case(age=87, asa="IIIE", temperatures=[a_temperature("34.83")], quality=WARM)
    found = explained("424", case)
    told = "".join(values_in(step.rule) for step in found.steps if step.rule)
    assert not any(value in told for value in ("87", "IIIE", "34.83"))


def test_what_is_recorded_comes_first_where_a_measure_says_so() -> None:
    """No shipped measure does: it is decided measure by measure, as data."""
    case = a_case(quality=WARM, temperatures=[a_temperature("34.8")])
    year = shipped_catalogue().for_year(2024)
    assert year is not None
    measure = year.measure("424")
    assert measure is not None
    assert measure.definition.precedence is Precedence.REPORTED
    assert outcome_for(measure, case).reason == "code:G9771"
    recorded = measure.definition.model_copy(update={"precedence": Precedence.RECORDED})
    other = replace(measure, definition=recorded)
    assert outcome_for(other, case).reason == "temperature:none-in-window"
    silent = a_case(quality=WARM)
    assert outcome_for(other, silent).reason == "code:G9771", "where the record is silent"
    [found] = explain(other, case)
    assert found.steps[-1].reason == "temperature:none-in-window"
    [(reported_answer, recorded_answer)] = contradictions_in(case, year)
    assert (reported_answer.reason, recorded_answer.reason) == (
        "code:G9771",
        "temperature:none-in-window",
    )
