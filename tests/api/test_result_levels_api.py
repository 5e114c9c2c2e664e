"""Results of subgroups and virtual groups: smoking abstinence (404) where staff share cases."""

from typing import Any

import pytest

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.rosters import Staff, confirm_group, seen
from tests.smokers import ABSTAINED, SMOKED, smoker

ROBIN, ALEX, KIM = NPI, OTHER_NPI, "1000000004"
YEAR = 2024
RESULTS, CASES = "/v1/measures/results", "/v1/measures/results/cases"
SCORES = "/v1/measures/scores"
NOBODY = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
TEAM = {"tin": TIN, "performance_year": YEAR, "name": "Cardiac team"}
THEIRS = f"/v1/practices/{OTHER_PRACTICE}/virtual-groups"
LAKES = {"performance_year": YEAR, "name": "Northern Lakes", "tins": [TIN, OTHER_TIN]}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """Robin and Alex do ten cases together and ten each alone, Kim does seven. One is of a locum.

    37 cases of the TIN; 27 of them abstained.
    """
    registry.register(PRACTICE, OTHER_TIN)
    practice = registry.practice()
    staff = Staff(caller=practice)
    for npi in (ROBIN, ALEX, KIM):
        staff.add("clinicians", npi=npi, name="Somebody", credentials="Anesthesiologist")
    practice.send(
        a_case_file(
            *(smoker(f"T-{n}", ABSTAINED, staff=[(TIN, ROBIN), (TIN, ALEX)]) for n in range(10)),
            *(smoker(f"R-{n}", ABSTAINED, staff=[(TIN, ROBIN)]) for n in range(10)),
            *(smoker(f"A-{n}", SMOKED, staff=[(TIN, ALEX)]) for n in range(10)),
            *(smoker(f"K-{n}", ABSTAINED, staff=[(TIN, KIM)]) for n in range(7)),
            # Robin as a locum: of another TIN, and so not of the team.
            smoker("L-1", SMOKED, staff=[(OTHER_TIN, ROBIN)]),
        )
    )
    return practice


@pytest.fixture
def team(practice: Caller) -> Any:
    return Staff(caller=practice).add("subgroups", **TEAM, npis=[ROBIN, ALEX])


def enter_lakes(registry: Registry, practice: Caller) -> Any:
    return confirm_group(registry, Staff(caller=practice).add("virtual-groups", **LAKES))


def asked(level: str, **more: Any) -> dict[str, Any]:
    return {
        "practice_id": PRACTICE,
        "performance_year": YEAR,
        "level": level,
        "measure_id": "404",
        **more,
    }


def counts(result: dict[str, Any]) -> tuple[int, int, int]:
    return (
        result["eligible_population"],
        result["performance_met"],
        result["performance_not_met"],
    )


def results(caller: Caller, level: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.read(RESULTS, **asked(level, **more))["results"]
    return found


def test_a_case_shared_in_a_subgroup_counts_once(practice: Caller, team: Any) -> None:
    [found] = results(practice, "subgroup", subgroup_id=team["id"])
    assert counts(found) == (30, 20, 10)
    assert (found["tin"], found["npi"], found["subgroup_id"]) == (TIN, None, team["id"])
    assert found["virtual_group_id"] is None
    assert found["performance_rate"] == 66.67
    assert (found["case_minimum_met"], found["completeness_met"]) == (True, True)
    single = {each["npi"]: counts(each) for each in results(practice, "individual", tin=TIN)}
    assert single == {ROBIN: (20, 20, 0), ALEX: (20, 10, 10), KIM: (7, 7, 0)}
    assert single[ROBIN][0] + single[ALEX][0] != 30, "recounted, not summed"


def test_a_subgroup_has_every_subgroup_of_the_year_without_an_id(
    practice: Caller, team: Any
) -> None:
    alone = Staff(caller=practice).add("subgroups", **{**TEAM, "name": "Kim alone"}, npis=[KIM])
    found = {each["subgroup_id"]: each for each in results(practice, "subgroup")}
    assert counts(found[team["id"]]) == (30, 20, 10)
    assert counts(found[alone["id"]]) == (7, 7, 0)
    assert found[alone["id"]]["case_minimum_met"] is False, "seven of twenty"


def test_the_cases_behind_a_subgroup_are_its_own(practice: Caller, team: Any) -> None:
    ask = {"practice_id": PRACTICE, "performance_year": YEAR, "measure_id": "404"}
    pages = practice.pages(CASES, **ask, subgroup_id=team["id"], limit=7)
    names = [case["anesthesia_record_id"] for page in pages for case in page]
    assert len(names) == len(set(names)) == 30
    assert not {name for name in names if name.startswith(("K", "L"))}
    failed = practice.read(CASES, **ask, subgroup_id=team["id"], performance="performance_not_met")
    assert len(failed["items"]) == 10


def test_figures_of_a_subgroup_follow_cases_and_members(practice: Caller, team: Any) -> None:
    practice.send(a_case_file(smoker("A-0", ABSTAINED, staff=[(TIN, ALEX)])))
    assert counts(results(practice, "subgroup")[0]) == (30, 21, 9)
    staff = Staff(caller=practice)
    grown = staff.change("subgroups", team, npis=[ROBIN, ALEX, KIM])
    assert counts(results(practice, "subgroup")[0]) == (37, 28, 9)
    assert staff.try_to_remove("subgroups", grown).status_code == 204
    assert results(practice, "subgroup") == []


def test_cases_of_a_tin_that_is_no_longer_valid_leave_the_groups(
    registry: Registry, practice: Caller, team: Any
) -> None:
    staff = Staff(caller=practice)
    enter_lakes(registry, practice)
    assert counts(results(practice, "virtual_group")[0]) == (38, 27, 11)
    own = next(each for each in staff.listed("tins") if each["tin"] == TIN)
    staff.change("tins", own, valid_until="2024-02-29")  # the cases are of 1 March
    assert results(practice, "subgroup") == []
    assert counts(results(practice, "virtual_group")[0]) == (1, 0, 1)


def test_a_virtual_group_has_the_cases_of_all_its_tins_once(
    registry: Registry, practice: Caller
) -> None:
    both = smoker("B-1", ABSTAINED, staff=[(TIN, ROBIN), (OTHER_TIN, ALEX)])
    practice.send(a_case_file(both))
    lakes = enter_lakes(registry, practice)
    [found] = results(practice, "virtual_group", virtual_group_id=lakes["id"])
    assert counts(found) == (39, 28, 11)
    assert (found["tin"], found["npi"], found["subgroup_id"]) == (None, None, None)
    assert found["virtual_group_id"] == lakes["id"]
    of_tins = {each["tin"]: counts(each)[0] for each in results(practice, "group")}
    assert of_tins == {TIN: 38, OTHER_TIN: 2}, "the case of both is in each, and once in the group"


@pytest.fixture
def stranger(registry: Registry) -> Caller:
    """Another practice, which has registered a TIN of the first one and has cases under it."""
    registry.register(OTHER_PRACTICE, OTHER_TIN)
    stranger = registry.practice(OTHER_PRACTICE)
    stranger.send(
        a_case_file(
            *(smoker(f"O-{n}", SMOKED, staff=[(OTHER_TIN, KIM)]) for n in range(3)),
            practice_id=OTHER_PRACTICE,
        ),
        practice_id=OTHER_PRACTICE,
    )
    return stranger


def test_who_enters_a_virtual_group_unconfirmed_moves_nothing_in_it_and_sees_nothing_of_it(
    registry: Registry, practice: Caller, stranger: Caller
) -> None:
    mine = enter_lakes(registry, practice)
    entered = stranger.ask("POST", THEIRS, json=LAKES)
    assert (entered.status_code, entered.json()["confirmed_at"]) == (201, None)

    assert counts(results(practice, "virtual_group")[0]) == (38, 27, 11), "as it was, and shown"
    assert counts(results(practice, "virtual_group", virtual_group_id=mine["id"])[0])[0] == 38
    ask = {"practice_id": OTHER_PRACTICE, "performance_year": YEAR, "level": "virtual_group"}
    assert stranger.read(RESULTS, **ask)["results"] == []
    named = {**ask, "virtual_group_id": entered.json()["id"]}
    behind = {**named, "measure_id": "404"}
    del behind["level"]
    for path, question in (
        (RESULTS, named),
        (SCORES, named),
        ("/v1/measures/peers", named),
        (CASES, behind),
    ):
        assert problem(stranger.get(path, **question), 409) == "virtual-group-unconfirmed"
    own = f"{THEIRS}/{entered.json()['id']}/confirm"
    assert problem(stranger.ask("POST", own, headers=seen(entered.json())), 403) == "not-permitted"
    claimed = stranger.ask("POST", THEIRS, json={**LAKES, "confirmed_at": "2024-01-01T00:00:00Z"})
    assert problem(claimed, 422) == "invalid-request"


def test_a_virtual_group_spans_the_practices_that_are_confirmed_to_be_in_it(
    registry: Registry, practice: Caller, stranger: Caller
) -> None:
    """Northern Lakes is of two practices. Only who may see the figures of both sees its own."""
    mine = enter_lakes(registry, practice)
    theirs = stranger.ask("POST", THEIRS, json=LAKES).json()
    staff = registry.internal()
    [one, other] = staff.pages("/v1/virtual-groups", performance_year=YEAR, limit=1)
    assert [(each["practice_id"], each["confirmed_at"] is None) for each in one + other] == [
        (PRACTICE, False),
        (OTHER_PRACTICE, True),
    ]

    confirmed = confirm_group(registry, theirs, of=OTHER_PRACTICE)
    assert confirm_group(registry, confirmed, of=OTHER_PRACTICE) == confirmed, "said already"
    refused = practice.get(RESULTS, **asked("virtual_group", virtual_group_id=mine["id"]))
    assert problem(refused, 403) == "not-permitted"
    for caller in (registry.practice(PRACTICE, OTHER_PRACTICE), staff):
        assert counts(results(caller, "virtual_group")[0]) == (41, 27, 14)
    ask = {"practice_id": PRACTICE, "performance_year": YEAR, "measure_id": "404"}
    behind = practice.pages(CASES, **ask, virtual_group_id=mine["id"])
    assert sum(map(len, behind)) == 38, "each practice lists its own"

    withdrawn = confirm_group(registry, confirmed, of=OTHER_PRACTICE, word="withdraw-confirmation")
    assert withdrawn["confirmed_at"] is None
    assert counts(results(practice, "virtual_group")[0]) == (38, 27, 11)


def test_a_virtual_group_that_becomes_another_one_awaits_confirmation_anew(
    registry: Registry, practice: Caller
) -> None:
    staff = Staff(caller=practice)
    lakes = enter_lakes(registry, practice)
    same = staff.change("virtual-groups", lakes)
    assert same["confirmed_at"] == lakes["confirmed_at"]
    stale = f"/v1/practices/{PRACTICE}/virtual-groups/{lakes['id']}/confirm"
    unseen = registry.internal().ask("POST", stale, headers=seen(lakes))
    assert problem(unseen, 412) == "changed-meanwhile"
    for change in ({"name": "Southern Lakes"}, {"tins": [TIN]}, {"performance_year": 2025}):
        other = staff.change("virtual-groups", same, **change)
        assert other["confirmed_at"] is None, change
        back = staff.change("virtual-groups", other, **LAKES)
        assert back["confirmed_at"] is None, "nobody has confirmed that again"
        assert results(practice, "virtual_group") == []
        same = confirm_group(registry, back)
        assert counts(results(practice, "virtual_group")[0]) == (38, 27, 11)


def test_a_tin_of_others_brings_nothing_into_a_virtual_group_of_mine(
    registry: Registry, practice: Caller
) -> None:
    registry.register(OTHER_PRACTICE, "897777777")
    registry.practice(OTHER_PRACTICE).send(
        a_case_file(
            smoker("O-1", ABSTAINED, staff=[("897777777", KIM)]), practice_id=OTHER_PRACTICE
        ),
        practice_id=OTHER_PRACTICE,
    )
    curious = {**LAKES, "tins": ["897777777"]}
    confirm_group(registry, Staff(caller=practice).add("virtual-groups", **curious))
    assert results(practice, "virtual_group") == []


def test_the_order_of_files_does_not_matter(registry: Registry) -> None:
    """The same three files, sent to two practices in two orders: every figure is the same."""
    answers = (ABSTAINED, SMOKED, None)
    files = [
        [
            smoker(
                f"F-{month}-{n}",
                *([answer] if (answer := answers[n % 3]) else []),
                staff=[(TIN, ROBIN), (TIN, ALEX)][: 1 + n % 2],
            )
            for n in range(7)
        ]
        for month in range(3)
    ]
    registry.register(OTHER_PRACTICE, TIN)
    found = []
    for practice_id, order in ((PRACTICE, files), (OTHER_PRACTICE, files[::-1])):
        caller = registry.practice(practice_id)
        for records in order:
            caller.send(a_case_file(*records, practice_id=practice_id), practice_id=practice_id)
        found.append(
            [
                caller.read(RESULTS, practice_id=practice_id, performance_year=YEAR, level=level)[
                    "results"
                ]
                for level in ("group", "individual")
            ]
        )
    assert found[0] == found[1]
    for result in (each for level in found[0] for each in level):
        assert result["eligible_population"] == sum(
            result[place]
            for place in (
                "performance_met",
                "performance_not_met",
                "denominator_exception",
                "unreported",
            )
        ), "exclusions are outside, as CMS counts"


WRONG = [
    ("group", {"subgroup_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"}),
    ("subgroup", {"virtual_group_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"}),
    ("subgroup", {"npi": ROBIN}),
    ("virtual_group", {"tin": TIN}),
]


@pytest.mark.parametrize(("level", "more"), WRONG)
def test_what_does_not_go_with_a_level_is_refused(
    practice: Caller, level: str, more: dict[str, str]
) -> None:
    assert problem(practice.get(RESULTS, **asked(level, **more)), 422) == "invalid-request"


@pytest.mark.parametrize("kind", ["subgroup", "virtual_group"])
def test_a_group_of_another_year_or_practice_is_unknown(
    registry: Registry, practice: Caller, team: Any, kind: str
) -> None:
    lakes = enter_lakes(registry, practice)
    group = {"subgroup": team, "virtual_group": lakes}[kind]
    other_year = asked(kind, **{f"{kind}_id": group["id"]}) | {"performance_year": 2023}
    nobody = asked(kind, **{f"{kind}_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"})
    for question in (other_year, nobody):
        assert problem(practice.get(RESULTS, **question), 404) == "roster-entry-unknown"


def test_the_cases_behind_are_those_of_one_group_or_of_a_tin(practice: Caller, team: Any) -> None:
    ask = {"practice_id": PRACTICE, "performance_year": YEAR, "measure_id": "404"}
    refused = practice.get(CASES, **ask, subgroup_id=team["id"], tin=TIN)
    assert problem(refused, 422) == "invalid-request"


def test_sandbox_cases_are_in_no_group(registry: Registry, practice: Caller, team: Any) -> None:
    sandbox = registry.practice(sandbox=True)
    sandbox.send(a_case_file(smoker("S-1", ABSTAINED, staff=[(TIN, ROBIN)])))
    assert counts(results(practice, "subgroup")[0]) == (30, 20, 10)
    assert results(sandbox, "subgroup") == []


# Scores of groups


def scores(caller: Caller, level: str, **more: Any) -> list[dict[str, Any]]:
    ask = {"practice_id": PRACTICE, "performance_year": YEAR, "level": level}
    found: list[dict[str, Any]] = caller.read(SCORES, **ask, include="steps", **more)["scores"]
    return found


def points_of(score: dict[str, Any], measure_id: str) -> dict[str, Any]:
    """The step that gave a measure its points."""
    [found] = [
        each
        for each in score["steps"]
        if each["rule"].startswith("quality.points.") and each["label"].startswith(measure_id)
    ]
    return dict(found)


def test_a_subgroup_is_scored_in_an_mvp_by_what_is_its_own(practice: Caller, team: Any) -> None:
    [score] = scores(practice, "subgroup", program="G0059")
    assert (score["tin"], score["npi"], score["subgroup_id"]) == (TIN, None, team["id"])
    assert score["virtual_group_id"] is None
    assert score["quality"]["required_measures"] == 4
    abstinence = points_of(score, "404")
    assert abstinence["figures"]["cases"] == 30
    assert abstinence["result"] == 3.9996  # 66.666..., just below the 66.67 of decile 4
    assert score["improvement_activities"] == {"percent": 0, "earned": 0, "needed": 20}

    attested = practice.ask(
        "POST",
        f"/v1/practices/{PRACTICE}/improvement-activities",
        json={
            "performance_year": YEAR,
            "activity_id": "IA_BE_6",
            "tin": TIN,
            "subgroup_id": team["id"],
            "starts_on": "2024-01-15",
            "ends_on": "2024-05-15",
            "clinicians": 1,
        },
    )
    assert attested.status_code == 201, attested.text
    [score] = scores(practice, "subgroup", program="G0059", subgroup_id=team["id"])
    assert score["improvement_activities"]["percent"] == 100, "one of its two clinicians is half"


def test_a_subgroup_has_no_score_outside_of_an_mvp(practice: Caller, team: Any) -> None:
    ask = {"practice_id": PRACTICE, "performance_year": YEAR, "level": "subgroup"}
    assert problem(practice.get(SCORES, **ask), 422) == "invalid-request"
    unknown = practice.get(SCORES, **ask, program="G0059", subgroup_id=NOBODY)
    assert problem(unknown, 404) == "roster-entry-unknown"
    misplaced = practice.get(SCORES, **{**ask, "level": "group"}, subgroup_id=team["id"])
    assert problem(misplaced, 422) == "invalid-request"


def test_a_virtual_group_is_scored_over_all_its_tins(
    registry: Registry, practice: Caller, stranger: Caller
) -> None:
    lakes = enter_lakes(registry, practice)
    [score] = scores(practice, "virtual_group", virtual_group_id=lakes["id"], ia_percent=50)
    assert (score["tin"], score["subgroup_id"]) == (None, None)
    assert score["virtual_group_id"] == lakes["id"]
    abstinence = points_of(score, "404")
    assert (abstinence["figures"]["cases"], abstinence["result"]) == (38, 4.6737)  # 27 of 38
    assert score["practice_size"]["source"] == "unknown"
    assert score["improvement_activities"] == {"percent": 50, "earned": None, "needed": None}
    [small] = scores(practice, "virtual_group", small_practice=True)
    assert small["improvement_activities"]["percent"] == 0, "nobody attests for a virtual group"
    assert small["weights"]["improvement_activities"] == 50

    theirs = stranger.ask("POST", THEIRS, json=LAKES).json()
    confirm_group(registry, theirs, of=OTHER_PRACTICE)
    refused = practice.get(
        SCORES, practice_id=PRACTICE, performance_year=YEAR, level="virtual_group"
    )
    assert problem(refused, 403) == "not-permitted"
