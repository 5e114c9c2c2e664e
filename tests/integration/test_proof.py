"""What is kept follows from the records as received: the proof notices every row that does not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.cli.parallel import in_processes
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.intake.differences import TABLES, Differences
from app.intake.rebuilding import rebuild_practice
from app.intake.recomputing import Recomputing
from app.intake.verifying import practices_to_prove, verify_practice, verify_totals_of
from app.storage.recomputing.recomputed import Page, RecomputedPage
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.measure_folders import measures_where
from tests.registry import PRACTICE, Registry, library

BY_RELEASE = Recomputing(measures=library().measures)
COLONOSCOPY = {"anesthesia_codes": ["00812"], "procedure_codes": ["45378"]}


@pytest.fixture
def kept(registry: Registry) -> Registry:
    """Five cases that show every kind of row: two of a team, one held, one deleted, one not."""
    team = [(TIN, NPI), (TIN, OTHER_NPI)]
    vendor = registry.vendor()
    vendor.send(
        a_case_file(
            a_record("A-1", staff=team, quality=[("PQRS404", "G9497")]),
            a_record("A-2", staff=team, weight_kg="70.50"),
            a_record("A-3", staff=[(OTHER_TIN, NPI)]),
            a_record("A-4"),
            a_record("A-5", start="2023-12-30T07:30:00", end="2023-12-30T09:30:00"),
        )
    )
    deleted = vendor.delete(f"/v1/cases/{case_id_of(registry, 'A-4')}", reason="sent in error")
    assert deleted.status_code == 200
    return registry


def execute(registry: Registry, statement: str) -> None:
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def verify(registry: Registry, recomputing: Recomputing = BY_RELEASE) -> Differences:
    found = Differences()
    for practice in practices_to_prove(None, registry.open_work):
        found.add(verify_practice(practice, recomputing=recomputing, open_work=registry.open_work))
    return found


def rebuild(registry: Registry, recomputing: Recomputing = BY_RELEASE) -> Differences:
    found = Differences()
    for practice in practices_to_prove(None, registry.open_work):
        found.add(rebuild_practice(practice, recomputing=recomputing, open_work=registry.open_work))
    return found


def tables(found: Differences) -> set[str]:
    return {table for table in TABLES if found.rows[table]}


def case_id_of(registry: Registry, record_id: str) -> object:
    (row,) = registry.ask_database(
        "SELECT case_id FROM cases WHERE anesthesia_record_id = :id", id=record_id
    )
    return row[0]


OF_A_2 = "case_id = (SELECT case_id FROM cases WHERE anesthesia_record_id = 'A-2')"
NOBODYS = "'12345', '00000000-0000-7000-8000-000000000000'"
ONE_IN_JANUARY = ", ".join(["1", *["0"] * 11])
TAMPERED = {
    "a value of a case": (f"UPDATE cases SET age_years = 7 WHERE {OF_A_2}", {"cases"}),
    "a weight": (f"UPDATE cases SET weight_kg = 70.51 WHERE {OF_A_2}", {"cases"}),
    "a value that was none": (
        f"UPDATE cases SET race = 'White' WHERE {OF_A_2}",
        {"cases", "field_counts"},
    ),
    "a list of a case": (
        f"UPDATE cases SET procedure_codes = '[]' WHERE {OF_A_2}",
        {"cases", "field_counts"},
    ),
    "the id of a record": (
        "UPDATE cases SET anesthesia_record_id = 'A-9' WHERE anesthesia_record_id = 'A-5'",
        {"cases"},
    ),
    "the month of a case": (
        f"UPDATE cases SET date_of_service = '2024-02-01' WHERE {OF_A_2}",
        {"cases", "case_counts", "field_counts"},
    ),
    "a case that is held for nothing": (
        f"UPDATE cases SET status = 'held' WHERE {OF_A_2}",
        {"cases", "case_counts", "measure_counts", "field_counts"},
    ),
    "a case that should be held": (
        "UPDATE cases SET status = 'active' WHERE anesthesia_record_id = 'A-3'",
        {"cases", "case_counts", "measure_counts", "field_counts"},
    ),
    "an NPI": (
        f"UPDATE case_staff SET npi = '1111111112' WHERE position = 2 AND {OF_A_2}",
        {"case_staff", "case_counts", "measure_counts"},
    ),
    "a sign-in": (
        f"UPDATE case_staff SET sign_in = '2024-03-01' WHERE position = 2 AND {OF_A_2}",
        {"case_staff"},
    ),
    "a member of the staff too few": (
        f"DELETE FROM case_staff WHERE position = 2 AND {OF_A_2}",
        {"case_staff", "case_counts", "measure_counts"},
    ),
    "staff of no case": (
        f"INSERT INTO case_staff VALUES ({NOBODYS}, 1, '{TIN}', '{NPI}', 'CRNA')",
        {"case_staff"},
    ),
    "a reason": (
        f"UPDATE measure_outcomes SET reason = 'other' WHERE {OF_A_2}",
        {"measure_outcomes"},
    ),
    "an outcome too few": (
        f"DELETE FROM measure_outcomes WHERE {OF_A_2}",
        {"measure_outcomes", "measure_counts"},
    ),
    "an outcome of no case": (
        f"INSERT INTO measure_outcomes VALUES ({NOBODYS}, '404', '', 2024, 'unreported', 'x')",
        {"measure_outcomes"},
    ),
    "an outcome of no case at a surgical center": (
        f"INSERT INTO asc_outcomes VALUES ({NOBODYS}, 'ASC-1', 2025, 'numerator', 'x')",
        {"asc_outcomes"},
    ),
    "a total of a surgical center too many": (
        "INSERT INTO asc_counts VALUES ('12345', 2025, 'F-01', 'ASC-1', 'numerator', 'x',"
        f" {ONE_IN_JANUARY})",
        {"asc_counts"},
    ),
    "a count": ("UPDATE case_counts SET march = march + 1 WHERE npi = ''", {"case_counts"}),
    "a count too few": ("DELETE FROM case_counts WHERE tin = ''", {"case_counts"}),
    "a count too many": (
        f"INSERT INTO case_counts VALUES ('12345', 2022, '', '', 'F-01', {ONE_IN_JANUARY})",
        {"case_counts"},
    ),
    "a count of a practice that is not registered": (
        f"INSERT INTO case_counts VALUES ('99999', 2022, '', '', 'F-01', {ONE_IN_JANUARY})",
        {"case_counts"},
    ),
    "a field too many": ("UPDATE field_counts SET weight = weight + 1", {"field_counts"}),
    "a result": (
        "UPDATE measure_counts SET unreported = unreported + 1 WHERE npi = ''",
        {"measure_counts"},
    ),
    "a result too few": ("DELETE FROM measure_counts WHERE npi <> ''", {"measure_counts"}),
}


@pytest.mark.parametrize(("statement", "expected"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_row_that_was_tampered_with_is_noticed_and_put_right(
    kept: Registry, statement: str, expected: set[str]
) -> None:
    assert verify(kept).agree
    execute(kept, statement)
    assert tables(verify(kept)) == expected
    rebuild(kept)
    assert verify(kept).agree
    assert rebuild(kept).agree


LOST = {
    "damaged": "UPDATE case_payloads SET data = overlay(data placing '\\x00' from 20)"
    f" WHERE {OF_A_2}",
    "empty": f"UPDATE case_payloads SET data = '' WHERE {OF_A_2}",
    "gone": f"DELETE FROM case_payloads WHERE {OF_A_2}",
}


@pytest.mark.parametrize("statement", LOST.values(), ids=LOST.keys())
def test_a_lost_record_is_named_and_its_case_stays_as_it_is(kept: Registry, statement: str) -> None:
    copied = "CREATE TABLE kept_payloads AS SELECT * FROM case_payloads"
    restored = "TRUNCATE case_payloads; INSERT INTO case_payloads TABLE kept_payloads"
    case_id = case_id_of(kept, "A-2")
    try:
        execute(kept, copied)
        execute(kept, statement)
        for found in (verify(kept), rebuild(kept), verify(kept)):
            assert tables(found) == {"case_payloads"}
            assert found.lost_records == 1
            assert found.cases["case_payloads"] == (case_id,)
    finally:
        execute(kept, f"{restored}; DROP TABLE kept_payloads")


def test_a_record_without_a_case_is_named_and_kept(kept: Registry) -> None:
    execute(kept, f"INSERT INTO case_payloads VALUES ({NOBODYS}, '')")
    assert tables(rebuild(kept)) == {"case_payloads"}
    assert verify(kept).lost_records == 1
    execute(kept, "DELETE FROM case_payloads WHERE data = ''")


def test_only_the_first_few_cases_are_named(kept: Registry) -> None:
    kept.vendor().send(a_case_file(*(a_record(f"B-{number}") for number in range(8))))
    execute(kept, "UPDATE cases SET home_state = 'ZZ'")
    found = verify(kept)
    assert (found.rows["cases"], len(found.cases["cases"])) == (13, 5)
    rebuild(kept)


def test_totals_alone_are_recounted_from_the_cases_as_they_are_kept(kept: Registry) -> None:
    execute(kept, f"UPDATE case_staff SET npi = '1111111112' WHERE position = 2 AND {OF_A_2}")
    found = verify_totals_of(PracticeId(PRACTICE), open_work=kept.open_work)
    assert tables(found) == {"case_counts", "measure_counts"}
    rebuild(kept)


def test_pages_of_cases_leave_nothing_out(kept: Registry) -> None:
    two_by_two = replace(BY_RELEASE, page_cases=2)
    done: list[int] = []
    of_practice = {"recomputing": two_by_two, "open_work": kept.open_work, "watch": done.append}
    assert verify_practice(PracticeId(PRACTICE), **of_practice).agree
    assert done == [2, 2, 1]
    execute(kept, "UPDATE cases SET home_state = 'ZZ'")
    execute(kept, f"INSERT INTO case_staff VALUES ({NOBODYS}, 1, '{TIN}', '{NPI}', 'CRNA')")
    found = rebuild(kept, two_by_two)
    assert (found.rows["cases"], found.rows["case_staff"]) == (5, 1)


def test_other_processes_come_to_the_same(kept: Registry) -> None:
    spread = replace(BY_RELEASE, worth_spreading=0, spread=partial(in_processes, processes=2))
    execute(kept, f"UPDATE cases SET age_years = 7 WHERE {OF_A_2}")
    assert tables(verify(kept, spread)) == {"cases"}
    rebuild(kept, spread)


def test_what_is_sent_meanwhile_is_no_difference(kept: Registry) -> None:
    def interrupted(
        work: Callable[[Page], RecomputedPage], items: Iterable[Page]
    ) -> Iterator[RecomputedPage]:
        for page in items:
            kept.vendor().send(a_case_file(a_record("C-1"), a_record("A-2", age="47")))
            yield work(page)

    meanwhile = replace(BY_RELEASE, worth_spreading=0, spread=interrupted)
    assert verify(kept, meanwhile).agree
    assert kept.practice().count() == 3


def test_a_rebuild_that_breaks_off_changes_nothing(kept: Registry) -> None:
    execute(kept, "UPDATE cases SET home_state = 'ZZ'")

    def break_off(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuild_practice(
            PracticeId(PRACTICE),
            recomputing=BY_RELEASE,
            open_work=kept.open_work,
            watch=break_off,
        )
    assert verify(kept).rows["cases"] == 5
    rebuild(kept)


def test_a_practice_that_nobody_knows_is_refused(registry: Registry) -> None:
    with pytest.raises(PracticeUnknown):
        practices_to_prove(PracticeId("99999"), registry.open_work)


def test_a_release_with_other_rules_is_brought_into_step(kept: Registry, tmp_path: Path) -> None:
    smoked = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9645")]
    kept.vendor().send(a_case_file(a_record("S-1", quality=smoked)))

    def rate() -> float:
        asked = {"practice_id": PRACTICE, "performance_year": 2024, "measure_id": "404"}
        (result,) = kept.practice().read("/v1/measures/results", **asked)["results"]
        return float(result["performance_rate"])

    assert rate() == 0.0
    other = replace(
        BY_RELEASE,
        measures=measures_where(
            tmp_path / "measures", "404-1", '"performance_not_met"', '"performance_met"'
        ),
    )
    found = verify(kept, other)
    assert tables(found) == {"measure_outcomes"}
    assert found.cases["measure_outcomes"] == (case_id_of(kept, "S-1"),)
    assert tables(rebuild(kept, other)) == {"measure_outcomes", "measure_counts"}
    assert rate() == 100.0
    assert verify(kept, other).agree
    rebuild(kept)
    assert rate() == 0.0
