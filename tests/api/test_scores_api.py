"""Scores over HTTP: a practice whose cases are for smoking abstinence (404), in 2024."""

from typing import Any

import pytest

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import Staff
from tests.smokers import ABSTAINED, SMOKED, only_smoker

SCORES = "/v1/measures/scores"
ASKED = {"practice_id": PRACTICE, "performance_year": 2024}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """20 smokers, 15 of whom abstained: 75 percent, which 2024 gives 5.4457 points."""
    practice = registry.practice()
    practice.send(
        a_case_file(
            *(only_smoker(f"M-{n:02}", ABSTAINED) for n in range(15)),
            *(only_smoker(f"N-{n}", SMOKED, staff=[(TIN, OTHER_NPI)]) for n in range(5)),
        )
    )
    return practice


def score_of(caller: Caller, **asked: Any) -> Any:
    [score] = caller.read(SCORES, **{**ASKED, "include": "steps", **asked})["scores"]
    return score


def step(score: Any, rule: str) -> Any:
    [found] = [each for each in score["steps"] if each["rule"] == rule]
    return found


def test_a_practice_gets_its_score_with_every_step(practice: Caller) -> None:
    answer = practice.read(SCORES, **ASKED, tin=TIN)
    [score] = answer.pop("scores")
    assert answer.pop("as_of").endswith("Z")
    assert answer == {
        **ASKED,
        "level": "group",
        "program": "mips",
        "threshold": 75.0,
    }
    assert (score["tin"], score["npi"]) == (TIN, None)
    assert score["quality"] == {
        "percent": 54.457,
        "points": 5.4457,
        "possible_points": 10,  # of the set of anesthesiology only 404 applies here
        "required_measures": 1,
        "requirement": "outcome",
        "requirement_met_by": "404",
        "counted": ["404"],
        "not_counted": [],
    }
    assert score["weights"]["reweighted"] == ["cost", "promoting_interoperability"]
    assert (score["final_score"], score["adjustment"]) == (46.29, "negative")  # 0.85 x 54.457
    points = step(score, "quality.points.benchmark")
    assert (points["result"], points["mark"]) == (5.4457, "verified")
    assert points["figures"] == {
        "cases": 20,
        "data_completeness": 100,
        "performance_rate": 75,
        "decile": 5,
    }
    assert step(score, "quality.choice")["mark"] == "assumed"
    assert step(score, "quality.outcome_kinds")["mark"] == "assumed"  # 404 is an intermediate one
    assert step(score, "final.threshold")["figures"]["threshold"] == 75


def test_what_is_not_known_here_can_be_told(practice: Caller) -> None:
    told = {"ia_percent": 100, "pi_percent": 90, "cost_percent": 70}
    score = score_of(practice, **told)
    assert score["weights"]["quality"] == 30
    assert score["final_score"] == 74.84  # 16.3371 + 21 + 15 + 22.5
    assert score["improvement_activities"] == {"percent": 100, "earned": None, "needed": None}


def test_it_says_what_would_help(practice: Caller) -> None:
    helps = score_of(practice)["what_would_help"]
    [better] = [each for each in helps if each["measure_id"] == "404"]
    assert (better["change"], better["rate"], better["cases"]) == ("next_decile", 77.27, 1)
    assert (better["points_now"], better["points_then"]) == (5.4457, 6.0)
    assert (better["quality_percent"], better["final_change"]) == (60.0, 4.71)
    others = {each["measure_id"]: each for each in helps if each["change"] == "report"}
    assert {"424", "430", "477", "EPREOP31"} <= others.keys()
    assert others["424"]["points_then"] == 7.0  # topped out
    assert [each["quality_change"] for each in helps] == sorted(
        (each["quality_change"] for each in helps), reverse=True
    )


def test_a_list_of_tins_tells_their_scores_and_when_asked_their_steps(practice: Caller) -> None:
    [score] = practice.read(SCORES, **ASKED)["scores"]
    assert (score["final_score"], score["steps"], score["what_would_help"]) == (46.29, None, None)
    [asked] = practice.read(SCORES, **ASKED, include="steps")["scores"]
    [named] = practice.read(SCORES, **ASKED, tin=TIN)["scores"]
    assert step(asked, "final.rounding")["result"] == 46.29
    assert asked == named


def test_many_clinicians_get_scores_and_one_gets_steps(practice: Caller) -> None:
    everybody = practice.read(SCORES, **ASKED, level="individual")["scores"]
    assert [(each["npi"], each["quality"]["points"]) for each in everybody] == [
        (NPI, 0.0),  # 15 cases
        (OTHER_NPI, 0.0),
    ]
    assert {each["steps"] for each in everybody} == {None}
    one = score_of(practice, level="individual", npi=NPI)
    assert step(one, "quality.points.under_case_minimum")["figures"]["cases"] == 15
    [enough] = [each for each in one["what_would_help"] if each["measure_id"] == "404"]
    assert (enough["change"], enough["cases"]) == ("enough_cases", 5)


def test_the_roster_says_whether_a_practice_is_small(practice: Caller) -> None:
    unknown = score_of(practice)["practice_size"]
    assert unknown == {"clinicians": None, "small": False, "source": "unknown"}
    Staff(caller=practice).bring_in_robin()
    score = score_of(practice)
    assert score["practice_size"] == {"clinicians": 1, "small": True, "source": "roster"}
    assert step(score, "quality.small_practice_bonus")["result"] == 6
    assert score["quality"]["percent"] == 100  # 11.4457 of 10
    assert score["weights"]["improvement_activities"] == 50
    as_asked = score_of(practice, small_practice=False)
    assert as_asked["practice_size"] == {"clinicians": 1, "small": False, "source": "asked"}
    assert as_asked["quality"]["percent"] == 54.457


def test_results_are_scored_by_the_size_of_the_practice(practice: Caller) -> None:
    asked = {**ASKED, "level": "individual", "measure_id": "404", "npi": NPI}
    [before] = practice.read("/v1/measures/results", **asked)["results"]
    assert (before["points"], before["points_basis"]) == (0, "under_case_minimum")
    Staff(caller=practice).bring_in_robin()
    [after] = practice.read("/v1/measures/results", **asked)["results"]
    assert (after["points"], after["practice_size"]["small"]) == (3, True)


def test_the_mvp_counts_its_own_measures(practice: Caller) -> None:
    score = score_of(practice, program="G0059", population_health_points=5)
    assert score["quality"]["required_measures"] == 4
    assert score["quality"]["percent"] == 20.8914  # 10.4457 of 50
    assert step(score, "quality.population_health")["mark"] == "assumed"
    assert step(score, "quality.mvp_measures")["mark"] == "verified"


def test_a_benchmark_of_the_year_itself_is_not_known_before_it_has_ended(
    registry: Registry,
) -> None:
    """The one of ABG44 in 2024 is from the data of 2024, and it is June."""
    practice = registry.practice()
    listed = practice.read("/v1/measures/ABG44", performance_year=2024)
    assert [each["basis"] for each in listed["benchmarks"]] == ["performance_period"]
    practice.send(a_case_file(*(only_smoker(f"M-{n}", ABSTAINED) for n in range(20))))
    helps = score_of(practice)["what_would_help"]
    [low_flow] = [each for each in helps if each["measure_id"] == "ABG44"]
    assert low_flow["points_then"] == 5  # new in 2023, so at least 5 in its second year


REFUSED = [
    ({"npi": NPI}, 422, "invalid-request"),
    ({"program": "G0001"}, 422, "invalid-request"),
    ({"performance_year": 2022, "program": "G0059"}, 422, "invalid-request"),
    ({"performance_year": 2018}, 404, "scoring-unknown"),
    ({"performance_year": 2005}, 404, "measure-unknown"),
    ({"pi_percent": 101}, 422, "invalid-request"),
    ({"level": "individual", "include": "steps"}, 422, "invalid-request"),
]


@pytest.mark.parametrize(("asked", "status", "slug"), REFUSED)
def test_what_cannot_be_asked(
    registry: Registry, asked: dict[str, Any], status: int, slug: str
) -> None:
    answer = registry.practice().get(SCORES, **{**ASKED, **asked})
    assert problem(answer, status) == slug


def test_a_practice_without_cases_and_a_sandbox_have_no_scores(
    registry: Registry, practice: Caller
) -> None:
    assert practice.read(SCORES, **ASKED, tin=OTHER_TIN)["scores"] == []
    assert registry.practice(sandbox=True).read(SCORES, **ASKED)["scores"] == []
