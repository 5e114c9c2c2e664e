"""Rules change, and stored cases follow them in the background while files come in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.domain.audit import Actor, ActorKind
from app.domain.backfills import Backfill, BackfillStatus
from app.domain.identifiers import PracticeId
from app.intake.backfill_service import Backfills
from app.intake.not_finished import NotFinished
from app.intake.rebuilding import rebuild_practice
from app.intake.recomputing import Recomputing
from app.intake.verifying import verify_practice
from app.measures.catalogue.catalogue import Catalogue
from app.measures.catalogue.version import catalogue_version
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.commands import nacor_on
from tests.measure_folders import measures_where
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry, library
from tests.reporting import register
from tests.rosters import confirm_group
from tests.workers import work_off

WORKER = Actor(kind=ActorKind.WORKER)
RESULTS = {"practice_id": PRACTICE, "performance_year": 2024, "measure_id": "404"}
SMOKED = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9645")]
ABSTAINED = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9644")]


@pytest.fixture
def new_rules(tmp_path: Path) -> Catalogue:
    """A release by which smoking on the day of surgery is as good as abstaining."""
    return measures_where(
        tmp_path / "measures", "404-1", '"performance_not_met"', '"performance_met"'
    )


@pytest.fixture
def kept(registry: Registry) -> Iterator[Registry]:
    """Four smokers, one of them of a team of two and one held, and one who abstained."""
    team = [(TIN, NPI), (TIN, OTHER_NPI)]
    registry.vendor().send(
        a_case_file(
            a_record("S-1", quality=SMOKED, staff=team),
            a_record("S-2", quality=SMOKED),
            a_record("S-3", quality=SMOKED),
            a_record("H-1", quality=SMOKED, staff=[(OTHER_TIN, NPI)]),
            a_record("A-1", quality=ABSTAINED),
        )
    )
    yield registry
    rebuild_practice(
        PracticeId(PRACTICE),
        recomputing=Recomputing(measures=library().measures),
        open_work=registry.open_work,
    )


def under(registry: Registry, measures: Catalogue) -> None:
    """Let the service be that of a release with other rules."""
    registry.intake = replace(registry.intake, library=replace(library(), measures=measures))
    registry.app.state.intake = registry.intake
    registry.app.state.measures = measures


def backfills_of(
    registry: Registry, *, rest: Callable[[float], None] = lambda _: None
) -> Backfills:
    """In batches of two cases, and without a rest."""
    return replace(registry.intake.backfills, batch_cases=2, rest=rest)


def killed_after(batches: int) -> Callable[[float], None]:
    """What ends the process that carries a backfill out, between two of its transactions."""
    left = iter(range(batches - 1))

    def rest(_: float) -> None:
        if next(left, None) is None:
            raise InterruptedError

    return rest


def the_one(found: list[Backfill]) -> Backfill:
    (backfill,) = found
    return backfill


def rates(registry: Registry) -> dict[str, float]:
    results = registry.practice().read("/v1/measures/results", level="individual", **RESULTS)
    return {each["npi"]: each["performance_rate"] for each in results["results"]}


def figures(registry: Registry) -> Any:
    return [
        registry.practice().read("/v1/measures/results", **{**RESULTS, "level": level})["results"]
        for level in ("group", "individual")
    ]


def agrees(registry: Registry, measures: Catalogue) -> bool:
    return verify_practice(
        PracticeId(PRACTICE),
        recomputing=Recomputing(measures=measures),
        open_work=registry.open_work,
    ).agree


def test_results_say_by_which_rules_they_were_made(kept: Registry) -> None:
    results = kept.practice().read("/v1/measures/results", **RESULTS)
    version = catalogue_version(library().measures, 2024)
    assert (results["catalogue_version"], results["recomputing"]) == (version, False)
    assert kept.anyone().read("/v1/measures", performance_year=2024)["catalogue_version"] == version
    page = kept.anyone().get("/docs/measures", performance_year=2024)
    assert version in page.text
    nothing = kept.practice().read("/v1/measures/results", **{**RESULTS, "performance_year": 2022})
    assert nothing["catalogue_version"] is None


def test_changed_rules_reach_stored_cases_while_files_come_in(
    kept: Registry, new_rules: Catalogue
) -> None:
    before = rates(kept)
    assert before == {NPI: 25.0, OTHER_NPI: 0.0}
    under(kept, new_rules)
    backfill = the_one(backfills_of(kept).line_up_changed(WORKER))
    assert (backfill.practice_id, backfill.performance_year) == (PRACTICE, 2024)

    with pytest.raises(InterruptedError):
        backfills_of(kept, rest=killed_after(1)).carry_out(backfill.id)
    shown = kept.practice().read("/v1/backfills", practice_id=PRACTICE)["items"]
    assert [(each["status"], each["cases_done"], each["cases_total"]) for each in shown] == [
        ("running", 2, 5)
    ]
    meanwhile = kept.practice().read("/v1/measures/results", **RESULTS)
    assert (meanwhile["catalogue_version"], meanwhile["recomputing"]) == (None, True)
    sent = a_case_file(a_record("S-3", quality=SMOKED, age="47"), a_record("S-4", quality=SMOKED))
    assert kept.vendor().send(sent)["records"]["created"] == 1

    backfills_of(kept).carry_out(backfill.id)

    assert agrees(kept, new_rules)
    assert rates(kept) == {NPI: 100.0, OTHER_NPI: 100.0}
    after = kept.practice().read("/v1/measures/results", **RESULTS)
    assert (after["catalogue_version"], after["recomputing"]) == (backfill.to_version, False)
    moved = kept.practice().read(f"/v1/backfills/{backfill.id}/cases")["items"]
    assert {case_of(kept, each["case_id"]) for each in moved} == {"S-1", "S-2"}
    assert {(each["place_before"], each["place_after"]) for each in moved} == {
        ("performance_not_met", "performance_met")
    }
    (ended,) = kept.internal().read("/v1/audit", practice_id=PRACTICE, action="backfill.ended")[
        "items"
    ]
    assert ended["details"]["moved"] == "2"


def case_of(registry: Registry, case_id: str) -> str:
    [(record,)] = registry.ask_database(
        "SELECT anesthesia_record_id FROM cases WHERE case_id = :id", id=case_id
    )
    return str(record)


def test_what_comes_of_it_is_what_a_fresh_registry_comes_to(
    kept: Registry, new_rules: Catalogue
) -> None:
    under(kept, new_rules)
    backfills = backfills_of(kept)
    backfills.carry_out(the_one(backfills.line_up_changed(WORKER)).id)
    backfilled = figures(kept)
    outcomes = """SELECT anesthesia_record_id, measure_id, stratum, population, reason
                  FROM measure_outcomes o JOIN cases c USING (practice_id, case_id)
                  WHERE practice_id = :practice ORDER BY 1, 2, 3"""
    stored = kept.ask_database(outcomes, practice=PRACTICE)
    kept.register(OTHER_PRACTICE, TIN)
    records = (
        a_record("S-1", quality=SMOKED, staff=[(TIN, NPI), (TIN, OTHER_NPI)]),
        a_record("S-2", quality=SMOKED),
        a_record("S-3", quality=SMOKED),
        a_record("H-1", quality=SMOKED, staff=[(OTHER_TIN, NPI)]),
        a_record("A-1", quality=ABSTAINED),
    )
    fresh = kept.vendor(OTHER_PRACTICE)
    fresh.send(a_case_file(*records, practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE)
    of_fresh = kept.practice(OTHER_PRACTICE)
    asked = {**RESULTS, "practice_id": OTHER_PRACTICE}
    assert backfilled == [
        of_fresh.read("/v1/measures/results", level=level, **asked)["results"]
        for level in ("group", "individual")
    ]
    assert stored == kept.ask_database(outcomes, practice=OTHER_PRACTICE)
    rebuild_practice(
        PracticeId(OTHER_PRACTICE),
        recomputing=Recomputing(measures=library().measures),
        open_work=kept.open_work,
    )


def test_the_report_tells_what_moved_and_what_it_came_to(
    kept: Registry, new_rules: Catalogue
) -> None:
    under(kept, new_rules)
    backfills = backfills_of(kept)
    backfill = the_one(backfills.line_up_changed(WORKER))
    backfills.carry_out(backfill.id)
    report = kept.practice().read(f"/v1/backfills/{backfill.id}")
    assert (report["status"], report["cases_done"], report["cases_moved"]) == ("done", 5, 3)
    smoked = {"performance_met": (1, 4), "performance_not_met": (3, 0)}
    of_levels = {
        (each["tin"], each["npi"]): {
            place: (counts["before"], counts["after"])
            for place, counts in each["places"].items()
            if counts["before"] != counts["after"]
        }
        for each in report["changes"]
    }
    assert of_levels == {
        (TIN, None): smoked,
        (TIN, NPI): smoked,
        (TIN, OTHER_NPI): {"performance_met": (0, 1), "performance_not_met": (1, 0)},
    }
    of_group = next(each for each in report["changes"] if each["npi"] is None)
    told = (of_group["performance_rate_before"], of_group["performance_rate_after"])
    assert told == (25.0, 100.0)
    (moves,) = report["moves"]
    assert (moves["measure_id"], moves["cases"]) == ("404", 3)
    table = kept.internal().get(f"/v1/backfills/{backfill.id}", format="csv")
    assert f"404,,{TIN},,,performance_met,1,4,25.0,100.0" in table.text.splitlines()
    [handed_out] = kept.practice().read("/v1/audit", practice_id=PRACTICE, action="list.exported")[
        "items"
    ]
    assert handed_out["details"] == {"list": "backfill_report", "performance_year": "2024"}


def test_a_worker_lines_it_up_and_carries_it_out(kept: Registry, new_rules: Catalogue) -> None:
    under(kept, new_rules)
    kept.intake.backfills.line_up_changed(WORKER)
    work_off(kept, only=None)
    (backfill,) = kept.internal().read("/v1/backfills")["items"]
    assert backfill["status"] == "done"
    assert kept.intake.backfills.line_up_changed(WORKER) == []
    assert agrees(kept, new_rules)


def test_an_older_release_never_takes_cases_back_by_itself(
    kept: Registry, new_rules: Catalogue
) -> None:
    older = kept.intake
    under(kept, new_rules)
    backfill = the_one(kept.intake.backfills.line_up_changed(WORKER))
    assert older.backfills.line_up_changed(WORKER) == []
    with pytest.raises(NotFinished):
        older.backfills.carry_out(backfill.id)

    kept.intake.backfills.carry_out(backfill.id)
    back = the_one(older.backfills.line_up_stale(PracticeId(PRACTICE), 2024, WORKER))
    older.backfills.carry_out(back.id)
    assert rates(kept) == {NPI: 25.0, OTHER_NPI: 0.0}


def test_what_an_older_release_takes_in_meanwhile_is_decided_again(
    kept: Registry, new_rules: Catalogue
) -> None:
    older = kept.intake
    under(kept, new_rules)
    backfill = the_one(kept.intake.backfills.line_up_changed(WORKER))
    with pytest.raises(InterruptedError):
        backfills_of(kept, rest=killed_after(1)).carry_out(backfill.id)
    kept.app.state.intake = older
    kept.vendor().send(a_case_file(a_record("S-9", quality=SMOKED)))
    kept.app.state.intake = kept.intake
    kept.intake.backfills.carry_out(backfill.id)
    again = the_one(kept.intake.backfills.line_up_changed(WORKER))
    kept.intake.backfills.carry_out(again.id)
    assert agrees(kept, new_rules)
    assert kept.intake.backfills.line_up_changed(WORKER) == []


def test_rules_that_change_again_supersede_a_backfill(
    kept: Registry, new_rules: Catalogue, tmp_path: Path
) -> None:
    under(kept, new_rules)
    first = the_one(kept.intake.backfills.line_up_changed(WORKER))
    newest = measures_where(tmp_path / "newest", "404-1", "An emergency by", "An urgent case by")
    under(kept, newest)
    second = the_one(kept.intake.backfills.line_up_changed(WORKER))
    kept.intake.backfills.carry_out(first.id)
    shown = {each["id"]: each["status"] for each in kept.internal().read("/v1/backfills")["items"]}
    assert shown == {
        str(first.id): BackfillStatus.SUPERSEDED,
        str(second.id): BackfillStatus.WAITING,
    }
    kept.intake.backfills.carry_out(second.id)
    assert agrees(kept, newest)


def test_each_year_is_lined_up_by_itself(kept: Registry, new_rules: Catalogue) -> None:
    of_2023 = {"start": "2023-12-30T07:30:00", "end": "2023-12-30T09:30:00"}
    kept.vendor().send(a_case_file(a_record("B-1", quality=SMOKED, **of_2023)))
    under(kept, new_rules)
    older, newer = kept.intake.backfills.line_up_changed(WORKER)
    assert (older.performance_year, newer.performance_year) == (2023, 2024)
    kept.intake.backfills.carry_out(older.id)
    assert rates(kept) == {NPI: 25.0, OTHER_NPI: 0.0}
    report = kept.practice().read(f"/v1/backfills/{older.id}")
    assert (report["cases_done"], report["cases_moved"]) == (1, 1)


def test_a_record_that_cannot_be_read_is_counted_and_left(
    kept: Registry, new_rules: Catalogue
) -> None:
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept_payloads AS SELECT * FROM case_payloads")
        connection.exec_driver_sql(
            "DELETE FROM case_payloads WHERE case_id ="
            " (SELECT case_id FROM cases WHERE anesthesia_record_id = 'S-2')"
        )
    try:
        under(kept, new_rules)
        backfill = the_one(kept.intake.backfills.line_up_changed(WORKER))
        kept.intake.backfills.carry_out(backfill.id)
        report = kept.practice().read(f"/v1/backfills/{backfill.id}")
        assert (report["cases_unreadable"], report["cases_moved"]) == (1, 2)
    finally:
        with kept.engine.begin() as connection:
            connection.exec_driver_sql(
                "TRUNCATE case_payloads; INSERT INTO case_payloads TABLE kept_payloads;"
                " DROP TABLE kept_payloads"
            )


def test_the_command_line_lines_up_and_tells_how_far_it_is(
    kept: Registry, monkeypatch: pytest.MonkeyPatch, new_rules: Catalogue
) -> None:
    nacor = nacor_on(kept.engine, monkeypatch)
    nothing = nacor("backfill", "start")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    under(kept, new_rules)
    backfill = the_one(kept.intake.backfills.line_up_changed(WORKER))
    kept.intake.backfills.carry_out(backfill.id)
    back = json.loads(nacor("backfill", "start", "--practice", PRACTICE, "--year", "2024").stdout)
    assert back["from_versions"] == [backfill.to_version]
    told = [json.loads(line) for line in nacor("backfill", "status").stdout.splitlines()]
    assert [each["status"] for each in told] == ["waiting", "done"]
    versions = nacor("catalogue", "versions").stdout.splitlines()
    assert back["to_version"] in versions


def test_another_practice_sees_nothing_of_it(kept: Registry, new_rules: Catalogue) -> None:
    kept.register(OTHER_PRACTICE)
    under(kept, new_rules)
    backfill = the_one(kept.intake.backfills.line_up_changed(WORKER))
    other = kept.practice(OTHER_PRACTICE)
    assert other.read("/v1/backfills")["items"] == []
    assert other.get(f"/v1/backfills/{backfill.id}").status_code == 404
    assert kept.practice(sandbox=True).get(f"/v1/backfills/{backfill.id}").status_code == 404
    assert kept.practice().get(f"/v1/backfills/{UUID(int=0)}").status_code == 404


def test_the_file_for_cms_of_a_virtual_group_waits_for_each_practice_in_it(
    registry: Registry, new_rules: Catalogue
) -> None:
    registry.register(OTHER_PRACTICE, OTHER_TIN)
    under(registry, new_rules)
    theirs = a_record("O-1", quality=ABSTAINED, staff=[(OTHER_TIN, NPI)])
    neighbor = registry.practice(OTHER_PRACTICE)
    neighbor.send(a_case_file(theirs, practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE)
    under(registry, library().measures)
    registry.practice().send(a_case_file(a_record("A-1", quality=ABSTAINED)))
    internal = registry.internal()
    lakes = {"performance_year": 2024, "name": "Lakes", "tins": [TIN, OTHER_TIN]}
    for practice in (OTHER_PRACTICE, PRACTICE):
        entry = internal.ask("POST", f"/v1/practices/{practice}/virtual-groups", json=lakes).json()
        confirm_group(registry, entry, of=practice)
    register(internal, "group_qr", virtual_group_id=entry["id"])
    registry.on_day(date(2025, 3, 14))

    mixed, rules = documents_for_cms(internal)
    assert (mixed["catalogue_version"], "year" in rules) == (None, True)
    rebuild_practice(
        PracticeId(OTHER_PRACTICE),
        recomputing=Recomputing(measures=library().measures),
        open_work=registry.open_work,
    )
    settled, rules = documents_for_cms(internal)
    assert settled["catalogue_version"] == catalogue_version(library().measures, 2024)
    assert "year" not in rules


def documents_for_cms(internal: Caller) -> tuple[Any, list[str]]:
    """What was made of 2024, and by which rules the document of the virtual group is withheld."""
    asked = {"performance_year": 2024}
    answer = internal.ask(
        "POST", "/v1/cms-submissions", params={"practice_id": PRACTICE}, json=asked
    )
    made = answer.json()
    _, group = internal.read(made["links"]["documents"])["items"]
    faults = internal.read(group["links"]["self"])["faults"]
    return made, [each["rule"] for each in faults]
