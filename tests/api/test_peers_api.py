"""How a practice stands among its peers, over HTTP: smoking abstinence (404) of eight practices."""

from typing import Any, Final

import pytest

from tests.case_files import NPI, a_case_file
from tests.commands import nacor_on
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.smokers import ABSTAINED, SMOKED, smoker
from tests.workers import peers_of, work_off

PEERS, RESULTS = "/v1/measures/peers", "/v1/measures/results"
YEAR: Final = 2024
ABSTAINERS: Final = {"20001": 4, "20002": 8, "20003": 12, "20004": 16, "20005": 20, "20006": 10}
"""Of twenty smokers of each practice; the last one is large, and all are of Minnesota."""
OURS: Final = 14


def tin_of(practice_id: str) -> str:
    return f"8900{practice_id}"


def send_smokers(
    caller: Caller, practice_id: str, *, abstained: int, of: int = 20, **facts: Any
) -> None:
    caller.send(
        a_case_file(
            *(
                smoker(
                    f"S-{n}",
                    ABSTAINED if n < abstained else SMOKED,
                    staff=[(tin_of(practice_id), NPI)],
                    **facts,
                )
                for n in range(of)
            ),
            practice_id=practice_id,
        ),
        practice_id=practice_id,
    )


def describe(registry: Registry, practice_id: str, *, clinicians: int, state: str = "MN") -> None:
    address = {
        "purpose": "mail",
        "street": "1 Harbor Street",
        "city": "Duluth",
        "state": state,
        "zip_code": "55802",
    }
    body = {"name": "Anesthesia", "addresses": [address], "clinicians": clinicians}
    caller, path = registry.internal(), f"/v1/practices/{practice_id}"
    version = caller.read(path)["version"]
    changed = caller.ask("PUT", path, json=body, headers={"If-Match": f'"{version}"'})
    assert changed.status_code == 200, changed.text


def opt(caller: Caller, practice_id: str, *, out: bool) -> None:
    path = f"/v1/practices/{practice_id}/peer-comparison"
    answer = caller.ask("PUT", path, json={"opted_out": out})
    assert (answer.status_code, answer.json()) == (200, {"opted_out": out})
    assert caller.read(path) == {"opted_out": out}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """Ours: 14 of 20. Peers: 20, 40, 60, 80 and 100 percent, and a large practice with 50."""
    for practice_id, abstained in {**ABSTAINERS, PRACTICE: OURS}.items():
        registry.register(practice_id, tin_of(practice_id))
        describe(registry, practice_id, clinicians=16 if practice_id == "20006" else 15)
        send_smokers(registry.practice(practice_id), practice_id, abstained=abstained)
    return registry.practice()


def asked(**more: Any) -> dict[str, Any]:
    return {"practice_id": PRACTICE, "performance_year": YEAR, "measure_id": "404", **more}


def compared(caller: Caller, **more: Any) -> dict[str, Any]:
    """The cuts of the one entity that is asked for."""
    [found] = caller.read(PEERS, **asked(**more))["items"]
    return {each["cut"]: each for each in found["cuts"]}


def test_figures_are_those_worked_by_hand(registry: Registry, practice: Caller) -> None:
    assert peers_of(registry).refresh_changed() == [YEAR]
    answer = practice.read(PEERS, **asked())
    assert answer["as_of"].endswith("Z")
    assert (answer["level"], answer["opted_out"]) == ("group", False)
    [found] = answer["items"]
    assert (found["measure_id"], found["stratum"], found["inverse"]) == ("404", None, False)
    assert (found["tin"], found["performance_rate"]) == (tin_of(PRACTICE), 70.0)
    national, same_size, same_state = found["cuts"]
    assert national == {
        "cut": "national",
        "withheld": None,
        "peers": 6,
        # 20, 40, 50, 60, 80, 100: quartiles at the places 1.25, 2.5 and 3.75 from 0 on.
        "performance_rate": {
            "mean": 58.33,
            "lower_quartile": 42.5,
            "median": 55.0,
            "upper_quartile": 75.0,
            "rank_percentile": 66.67,  # better than four of six
        },
        "data_completeness": {
            "mean": 100.0,
            "lower_quartile": 100.0,
            "median": 100.0,
            "upper_quartile": 100.0,
            "rank_percentile": 50.0,
        },
    }
    assert same_state == {**national, "cut": "same_state"}
    # The five small ones could be shown, but then the large one would follow by subtraction.
    assert (same_size["withheld"], same_size["peers"]) == ("too_few_peers", None)
    assert same_size["performance_rate"] is None


def test_results_bring_their_peers_when_asked_to(registry: Registry, practice: Caller) -> None:
    """And clinicians are compared with clinicians; nobody sees those of another practice."""
    [before] = practice.read(RESULTS, **asked(include="peers"))["results"]
    assert (before["peers"]["not_compared"], before["peers"]["cuts"]) == ("not_yet", [])
    peers_of(registry).refresh_all()
    [result] = practice.read(RESULTS, **asked(include="peers"))["results"]
    [alone] = practice.read(PEERS, **asked())["items"]
    assert result["peers"]["cuts"] == alone["cuts"]
    assert result["peers"]["performance_rate"] == result["performance_rate"] == 70.0
    [plain] = practice.read(RESULTS, **asked())["results"]
    assert plain["peers"] is None
    national = compared(practice, level="individual", npi=NPI)["national"]
    assert (national["peers"], national["performance_rate"]["median"]) == (6, 55.0)
    refused = practice.get(PEERS, **{**asked(), "practice_id": "20001"})
    assert problem(refused, 403) == "not-permitted"


def test_whoever_has_fewer_than_twenty_cases_is_left_out(
    registry: Registry, practice: Caller
) -> None:
    registry.register("20007", tin_of("20007"))
    seventh = registry.practice("20007")
    send_smokers(seventh, "20007", abstained=19, of=19)
    peers_of(registry).refresh_all()
    assert compared(practice)["national"]["peers"] == 6
    question = {**asked(), "practice_id": "20007"}
    assert seventh.read(PEERS, **question)["items"] == []
    [own] = seventh.read(RESULTS, **question, include="peers")["results"]
    assert own["peers"]["not_compared"] == "left_out"
    send_smokers(seventh, "20007", abstained=20)
    peers_of(registry).refresh_changed()
    assert compared(practice)["national"]["peers"] == 7


def test_nothing_is_shown_under_five_peers(registry: Registry, practice: Caller) -> None:
    """Two of six opt out."""
    for practice_id in ("20005", "20006"):
        opt(registry.internal(), practice_id, out=True)
    peers_of(registry).refresh_changed()
    assert [each["withheld"] for each in compared(practice).values()] == ["too_few_peers"] * 3
    [found] = practice.read(PEERS, **asked())["items"]
    told = {name: value for cut in found["cuts"] for name, value in cut.items()}
    assert (told["peers"], told["performance_rate"], told["data_completeness"]) == (None,) * 3


def test_who_opts_out_is_neither_counted_nor_shown(registry: Registry, practice: Caller) -> None:
    peers_of(registry).refresh_all()
    sixth = registry.practice("20006")
    opt(sixth, "20006", out=True)
    own = {**asked(), "practice_id": "20006"}
    shown = sixth.read(PEERS, **own)
    assert (shown["opted_out"], shown["items"]) == (True, []), "at once"
    [result] = sixth.read(RESULTS, **own, include="peers")["results"]
    assert result["peers"]["not_compared"] == "opted_out"
    work_off(registry, only=None)  # opting out has lined up the comparison of others
    assert compared(practice)["national"]["performance_rate"]["mean"] == 60.0
    assert compared(practice)["same_size"]["peers"] == 5, "nobody is left to be told by it"
    opt(sixth, "20006", out=False)
    work_off(registry, only=None)
    assert compared(practice)["national"]["performance_rate"]["mean"] == 58.33


def test_opting_out_stands_in_the_trail_and_in_the_history(registry: Registry) -> None:
    caller = registry.practice()
    opt(caller, PRACTICE, out=True)
    opt(caller, PRACTICE, out=True)  # once more changes nothing
    actions = [each["action"] for each in caller.read("/v1/audit", practice_id=PRACTICE)["items"]]
    assert actions.count("peers.opted_out") == 1
    changes = caller.read(f"/v1/practices/{PRACTICE}/roster-changes")["items"]
    [change] = [each for each in changes if each["kind"] == "peer-comparison"]
    assert (change["before"], change["after"]) == ({"opted_out": False}, {"opted_out": True})


def test_peers_of_the_same_state(registry: Registry, practice: Caller) -> None:
    """Five of Minnesota, five of Wisconsin: now neither can be told from all."""
    for number, practice_id in enumerate(("20007", "20008", "20009", "20010")):
        registry.register(practice_id, tin_of(practice_id))
        describe(registry, practice_id, clinicians=10, state="WI")
        send_smokers(registry.practice(practice_id), practice_id, abstained=number)
    describe(registry, "20006", clinicians=10, state="WI")
    peers_of(registry).refresh_all()
    cuts = compared(practice)
    assert [each["peers"] for each in cuts.values()] == [10, 10, 5]
    assert cuts["same_state"]["performance_rate"]["mean"] == 60.0


def test_comparisons_are_made_anew_only_where_something_changed(
    registry: Registry, practice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cases of the sandbox change nothing, and its keys are shown nothing."""
    peers = peers_of(registry)
    assert peers.refresh_changed() == [YEAR]
    sandbox = registry.practice("20006", sandbox=True)
    send_smokers(sandbox, "20006", abstained=0)
    assert peers.refresh_changed() == []
    assert sandbox.read(PEERS, **{**asked(), "practice_id": "20006"})["items"] == []
    send_smokers(registry.practice("20001"), "20001", abstained=20)
    nacor = nacor_on(registry.engine, monkeypatch)
    assert nacor("peers", "refresh", "--changed").stdout == "Compared with peers: 2024.\n"
    assert compared(practice)["national"]["performance_rate"]["mean"] == 71.67  # 430 of six
    assert nacor("peers", "refresh", "--changed").stdout == "There is nothing to compare.\n"
    assert nacor("peers", "refresh").stdout == "Compared with peers: 2024.\n"
