"""A file for a whole period: what it would make disappear, the word on it, and its undoing."""

from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.access.keys import hash_of
from app.intake.not_finished import NotFinished
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import OTHER_TIN, TIN, a_case_file, a_record
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.workers import work_off

MARCH = "2024-03"


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """It may do what a vendor may, and sees its cases too."""
    return registry.practice()


def of_march(*names: str, **fields: Any) -> bytes:
    return a_case_file(*(a_record(name, **fields) for name in names))


def stored(caller: Caller) -> dict[str, dict[str, Any]]:
    """The cases that count or are held, by record id."""
    pages = caller.pages("/v1/cases", practice_id=PRACTICE, limit=2)
    return {case["anesthesia_record_id"]: case for page in pages for case in page}


def names(caller: Caller) -> set[str]:
    return set(stored(caller))


def queue(caller: Caller, file: bytes, period: str = MARCH, **parameters: Any) -> Any:
    answer = caller.submit(file, replace_period=period, **parameters)
    assert answer.status_code == 202, answer.text
    return answer.json()


def preview(
    registry: Registry, caller: Caller, file: bytes, period: str = MARCH, **parameters: Any
) -> Any:
    """The receipt once the file is read."""
    receipt = queue(caller, file, period, **parameters)
    take_up(registry, receipt)
    return read(caller, receipt)


def take_up(registry: Registry, receipt: Any) -> None:
    """Do what a worker does whose turn it is."""
    registry.intake.process(UUID(receipt["id"]))


def read(caller: Caller, receipt: Any) -> Any:
    return caller.read(f"/v1/submissions/{receipt['id']}")


def say(caller: Caller, receipt: Any, word: str, **request: Any) -> Any:
    return caller.ask("POST", f"/v1/submissions/{receipt['id']}/{word}", **request)


def confirm(caller: Caller, receipt: Any, would_delete: int, **more: Any) -> Any:
    body = {"would_delete": would_delete, **more}
    return say(caller, receipt, "confirm", json=body)


def replaced(registry: Registry, caller: Caller, file: bytes, period: str = MARCH) -> Any:
    """The receipt once the period is replaced, however much disappears."""
    receipt = preview(registry, caller, file, period)
    assert receipt["status"] == "awaiting_confirmation", receipt
    number = receipt["replacement"]["would_delete"]
    answer = confirm(caller, receipt, number, above_limit=True)
    assert answer.status_code == 202, answer.text
    take_up(registry, receipt)
    return read(caller, receipt)


def undo(caller: Caller, receipt: Any) -> Any:
    answer = say(caller, receipt, "undo")
    assert answer.status_code == 200, answer.text
    return answer.json()["replacement"]["undo"]


def disappearing(caller: Caller, receipt: Any, limit: int = 50) -> list[str]:
    pages = caller.pages(f"/v1/submissions/{receipt['id']}/disappearing", limit=limit)
    return [case["anesthesia_record_id"] for page in pages for case in page]


def history(caller: Caller, case: dict[str, Any]) -> list[tuple[int, str | None]]:
    items = caller.read(f"/v1/cases/{case['case_id']}/history")["items"]
    return [(each["version"], each["ended_by"]) for each in items]


def codes(caller: Caller, receipt: Any) -> list[str]:
    report = caller.read(f"/v1/submissions/{receipt['id']}/report")
    return [finding["code"] for finding in report["findings"]]


def test_the_preview_tells_what_would_happen_and_nothing_happens(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2", "A-3", "A-4"))
    practice.send(of_march("B-1", start="2024-04-01T07:30:00", end="2024-04-01T09:30:00"))
    before = registry.ask_database("SELECT * FROM cases ORDER BY case_id")
    file = a_case_file(
        a_record("A-1"),
        a_record("A-2", age="70"),
        a_record("A-5"),
        a_record("A-6", staff=((OTHER_TIN, "1234567893"),)),
    )
    receipt = preview(registry, practice, file)
    assert receipt["status"] == "awaiting_confirmation"
    told = receipt["replacement"]
    assert (told.pop("previewed_at") < told.pop("expires_at")) is True
    assert told == {
        "period": MARCH,
        "stored_now": 4,
        "would_delete": 2,
        "share": 0.5,
        "limit": 0.2,
        "created": 1,
        "replaced": 1,
        "unchanged": 1,
        "held": 1,
        "rejected": 0,
        "confirmed_at": None,
        "above_limit": False,
        "end": None,
        "undo_until": None,
        "undo": None,
    }
    assert receipt["records"]["total"] == 0
    assert (receipt["finished_at"], receipt["progress"]) == (None, None)
    assert disappearing(practice, receipt, limit=1) == ["A-3", "A-4"]
    assert codes(practice, receipt) == ["AR401"]
    assert practice.get(f"/v1/submissions/{receipt['id']}/records").status_code == 409
    assert registry.ask_database("SELECT * FROM cases ORDER BY case_id") == before
    assert practice.count() == 5


def test_confirmed_it_makes_the_period_what_the_file_says(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2", "A-3", "A-4", "A-5", "A-6"))
    practice.send(of_march("B-1", start="2024-04-01T07:30:00", end="2024-04-01T09:30:00"))
    gone = stored(practice)["A-6"]
    file = a_case_file(a_record("A-1", age="70"), *map(a_record, ("A-2", "A-3", "A-4", "A-5")))
    receipt = preview(registry, practice, file)
    answer = confirm(practice, receipt, 1)
    assert (answer.status_code, answer.json()["status"]) == (202, "received")
    assert answer.headers["Location"] == receipt["links"]["self"]
    assert practice.count() == 7  # nothing happens before a worker does all of it

    work_off(registry)
    ended = read(practice, receipt)
    assert (ended["status"], ended["replacement"]["end"]) == ("accepted", "replaced")
    assert (ended["records"]["replaced"], ended["records"]["unchanged"]) == (1, 4)
    assert names(practice) == {"A-1", "A-2", "A-3", "A-4", "A-5", "B-1"}
    assert practice.count() == 6
    case = practice.read(f"/v1/cases/{gone['case_id']}")
    assert (case["status"], case["version"]) == ("deleted", 2)
    assert history(practice, gone) == [
        (2, None),
        (1, f"replacement of {MARCH} by submission {receipt['id']}"),
    ]
    [(reason, by)] = registry.ask_database(
        "SELECT deletion_reason, deleted_by FROM cases WHERE status = 'deleted'"
    )
    assert reason == f"Not in the file that replaced {MARCH}: submission {receipt['id']}."
    [(key,)] = registry.ask_database("SELECT id FROM api_keys WHERE role = 'practice'")
    assert by == key
    assert disappearing(practice, receipt) == ["A-6"]
    assert practice.pages(f"/v1/submissions/{receipt['id']}/records")[0][0]["outcome"] == "replaced"


@pytest.mark.parametrize(
    ("period", "left"),
    [
        ("2024-03", {"February", "April", "Last year", "New"}),
        ("2024-Q1", {"April", "Last year", "New"}),
        ("2024", {"Last year", "New"}),
    ],
)
def test_a_period_is_a_month_a_quarter_or_a_year(
    registry: Registry, practice: Caller, period: str, left: set[str]
) -> None:
    days = {
        "February": "2024-02-29",
        "First": "2024-03-01",
        "Last": "2024-03-31",
        "April": "2024-04-01",
        "Last year": "2023-03-15",
    }
    practice.send(
        a_case_file(
            *(
                a_record(name, start=f"{day}T07:00:00", end=f"{day}T08:00:00")
                for name, day in days.items()
            )
        )
    )
    replaced(registry, practice, of_march("New"), period)
    assert names(practice) == left


@pytest.mark.parametrize("period", ["2024-13", "2024-Q5", "2024-3", "24", "0000", "2024-03-01", ""])
def test_what_is_no_period_is_refused(practice: Caller, period: str) -> None:
    answer = practice.submit(of_march("A-1"), replace_period=period)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "replace_period: a period is written as 2020-03, 2020-Q1 or 2020."
    )


def test_a_case_of_another_day_refuses_the_file(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    file = a_case_file(
        a_record("A-1"),
        a_record("B-1", start="2024-03-31T23:30:00", end="2024-04-01T01:30:00"),
        a_record("B-2", start="2024-04-01T00:00:00", end="2024-04-01T01:30:00"),
    )
    receipt = preview(registry, practice, file)
    assert (receipt["status"], receipt["records"]["rejected"]) == ("rejected", 3)
    [finding] = practice.read(f"/v1/submissions/{receipt['id']}/report")["findings"]
    assert (finding["code"], finding["scope"], finding["record"]) == ("AR402", "file", 3)
    assert finding["anesthesia_record_id"] == "B-2"
    assert names(practice) == {"A-1", "A-2"}
    told = receipt["replacement"]
    assert (told["period"], told["stored_now"], told["end"]) == (MARCH, None, None)
    assert practice.get(f"/v1/submissions/{receipt['id']}/disappearing").status_code == 409


def test_a_record_that_is_rejected_keeps_its_stored_case(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2", "A-3"))
    file = a_case_file(a_record("A-1"), a_record("A-2", sex="female"))
    receipt = replaced(registry, practice, file)
    assert receipt["status"] == "partially_accepted"
    told = receipt["replacement"]
    assert (told["would_delete"], told["rejected"]) == (1, 1)
    assert names(practice) == {"A-1", "A-2"}
    assert stored(practice)["A-2"]["version"] == 1


def test_a_faulty_record_that_names_no_case_refuses_the_file(
    registry: Registry, practice: Caller
) -> None:
    """Its stored case would disappear, and nobody could tell which one that is."""
    practice.send(of_march("A-1", "A-2"))
    nameless = a_record("A-2").replace("<AnesthesiaRecordID>A-2</AnesthesiaRecordID>", "")
    receipt = preview(registry, practice, a_case_file(a_record("A-1"), nameless))
    assert receipt["status"] == "rejected"
    assert codes(practice, receipt) == ["AR202", "AR403"]
    assert names(practice) == {"A-1", "A-2"}


@pytest.mark.parametrize(
    "faulty", [a_case_file(a_record("A-1", sex="female")), b"<AnesthesiaRecords/>"]
)
def test_a_file_of_which_nothing_is_stored_makes_nothing_disappear(
    registry: Registry, practice: Caller, faulty: bytes
) -> None:
    practice.send(of_march("A-1", "A-2"))
    receipt = preview(registry, practice, faulty)
    assert (receipt["status"], receipt["replacement"]["end"]) == ("rejected", None)
    assert names(practice) == {"A-1", "A-2"}


def test_on_error_file_refuses_as_ever(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    file = a_case_file(a_record("A-1"), a_record("A-2", sex="female"))
    assert preview(registry, practice, file, on_error="file")["status"] == "rejected"
    assert names(practice) == {"A-1", "A-2"}


def test_held_cases_are_part_of_the_period(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1"))
    practice.send(of_march("H-1", staff=((OTHER_TIN, "1234567893"),)))
    receipt = replaced(registry, practice, of_march("A-1"))
    assert receipt["replacement"]["stored_now"] == 2
    assert names(practice) == {"A-1"}
    assert undo(practice, receipt)["restored"] == 1
    assert stored(practice)["H-1"]["status"] == "held"


def test_the_number_must_be_that_of_the_preview(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    receipt = preview(registry, practice, of_march("A-1"))
    refused = confirm(practice, receipt, 2, above_limit=True)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (
        409,
        "confirmation-differs",
    )
    for faulty in ({}, {"would_delete": -1}, {"would_delete": 1, "sure": True}):
        assert say(practice, receipt, "confirm", json=faulty).status_code == 422
    assert read(practice, receipt)["status"] == "awaiting_confirmation"


def test_a_large_share_needs_a_second_word(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2", "A-3"))
    receipt = preview(registry, practice, of_march("A-1", "A-2"))
    refused = confirm(practice, receipt, 1)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (
        409,
        "share-above-limit",
    )
    assert confirm(practice, receipt, 1, above_limit=True).status_code == 202
    take_up(registry, receipt)
    assert read(practice, receipt)["replacement"]["above_limit"] is True


def test_the_limit_is_a_setting(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2", "A-3"))
    queued = queue(practice, of_march("A-1"))
    roomy = replace(registry.intake, replace_max_share=0.7)
    registry.intake = roomy
    take_up(registry, queued)
    receipt = read(practice, queued)
    assert receipt["replacement"]["limit"] == 0.7
    assert confirm(practice, receipt, 2).status_code == 202
    take_up(registry, queued)
    ended = read(practice, receipt)
    assert (ended["status"], ended["replacement"]["above_limit"]) == ("accepted", False)


def test_confirming_again_changes_nothing(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    receipt = preview(registry, practice, of_march("A-1"))
    path = f"/v1/submissions/{receipt['id']}/confirm"
    body = {"would_delete": 1, "above_limit": True}
    key = {"Idempotency-Key": "march"}
    assert practice.ask("POST", path, json=body, headers=key).status_code == 202
    assert practice.ask("POST", path, json=body, headers=key).status_code == 202
    assert practice.ask("POST", path, json=body).status_code == 202
    other = practice.ask("POST", path, json={"would_delete": 2}, headers=key)
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[1]) == (
        409,
        "idempotency-conflict",
    )
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'process_submission'"
    assert registry.ask_database(jobs) == [(2,)]  # one for the preview, one for the period
    take_up(registry, receipt)
    again = practice.ask("POST", path, json=body, headers=key)
    assert (again.status_code, again.json()["status"]) == (202, "accepted")
    assert confirm(practice, receipt, 2).status_code == 409


@pytest.mark.parametrize(
    "between",
    [
        of_march("A-4"),  # it would disappear, and nobody has seen it
        of_march("A-2", age="80"),  # this would be lost with it
        of_march("A-1", age="80"),  # the older record would win
    ],
)
def test_what_came_between_is_shown_before_anything_is_deleted(
    registry: Registry, practice: Caller, between: bytes
) -> None:
    practice.send(of_march("A-1", "A-2", "A-3"))
    file = of_march("A-1", "A-3", age="50")
    receipt = preview(registry, practice, file)
    practice.send(between)
    assert confirm(practice, receipt, 1, above_limit=True).status_code == 202
    take_up(registry, receipt)
    anew = read(practice, receipt)
    assert anew["status"] == "awaiting_confirmation"
    assert anew["replacement"]["confirmed_at"] is None
    assert anew["replacement"]["previewed_at"] > receipt["replacement"]["previewed_at"]
    assert names(practice) >= {"A-1", "A-2", "A-3"}
    number = anew["replacement"]["would_delete"]
    assert len(disappearing(practice, anew)) == number
    assert confirm(practice, anew, number, above_limit=True).status_code == 202
    take_up(registry, receipt)
    assert names(practice) == {"A-1", "A-3"}


def test_what_breaks_before_its_end_has_changed_nothing_and_is_done_later(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2"))
    before = registry.ask_database("SELECT * FROM cases ORDER BY case_id")
    receipt = preview(registry, practice, of_march("A-1", "N-1", age="50"))
    confirm(practice, receipt, 1, above_limit=True)
    commits = count(1)

    class BreaksAtTheEnd(UnitOfWork):
        def commit(self) -> None:
            if next(commits) == 2:  # the first one counts the attempt
                raise OSError("the database is gone")
            super().commit()

    breaking = replace(registry.intake, open_work=lambda: BreaksAtTheEnd(registry.engine))
    with pytest.raises(NotFinished):
        breaking.process(UUID(receipt["id"]))
    assert registry.ask_database("SELECT * FROM cases ORDER BY case_id") == before
    assert practice.count() == 2
    take_up(registry, receipt)
    assert names(practice) == {"A-1", "N-1"}


def test_a_file_that_comes_after_the_confirmation_is_taken_in_after_it(
    registry: Registry, practice: Caller
) -> None:
    """Else the older record would replace what the newer file says."""
    practice.send(of_march("A-1", "A-2"))
    receipt = preview(registry, practice, of_march("A-1", age="50"))
    confirm(practice, receipt, 1, above_limit=True)
    assert practice.submit(of_march("A-1", age="60")).status_code == 202
    work_off(registry)
    assert read(practice, receipt)["status"] == "accepted"
    assert registry.ask_database(
        "SELECT age_years, version FROM cases WHERE anesthesia_record_id = 'A-1'"
    ) == [(60, 3)]


def test_one_that_waits_is_in_nobodys_way(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    receipt = preview(registry, practice, of_march("A-1"))
    narrow = registry.with_settings(practice, queue_files=1, queue_files_of_practice=1)
    narrow.send(of_march("A-3"))
    assert registry.intake.waiting.line_up_abandoned() == 0
    work_off(registry)
    assert read(practice, receipt)["status"] == "awaiting_confirmation"


def test_a_withdrawn_one_has_ended_and_can_be_sent_again(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2"))
    file = of_march("A-1", age="50")
    receipt = preview(registry, practice, file)
    withdrawn = say(practice, receipt, "withdraw").json()
    assert (withdrawn["status"], withdrawn["replacement"]["end"]) == ("rejected", "withdrawn")
    assert withdrawn["finished_at"] is not None
    assert say(practice, receipt, "withdraw").json() == withdrawn
    assert confirm(practice, receipt, 1, above_limit=True).status_code == 409
    assert say(practice, receipt, "undo").status_code == 409
    assert practice.get(withdrawn["links"]["file"]).status_code == 410
    assert practice.read(withdrawn["links"]["report"])["records"]["total"] == 1
    assert names(practice) == {"A-1", "A-2"}

    again = preview(registry, practice, file)
    assert again["id"] != receipt["id"]
    assert say(practice, again, "withdraw").status_code == 200


def test_what_nobody_confirms_expires_after_seven_days(
    registry: Registry, practice: Caller, onlooker: psycopg.Connection
) -> None:
    practice.send(of_march("A-1", "A-2"))
    old = preview(registry, practice, of_march("A-1"))
    onlooker.execute("UPDATE period_replacements SET made_at = made_at - interval '7 days'")
    assert confirm(practice, old, 1, above_limit=True).status_code == 409
    young = preview(registry, practice, of_march("A-2"))
    assert registry.intake.replacements.expire() == 1
    ended = read(practice, old)
    assert (ended["status"], ended["replacement"]["end"]) == ("rejected", "expired")
    assert read(practice, young)["status"] == "awaiting_confirmation"
    assert names(practice) == {"A-1", "A-2"}


def test_the_same_bytes_are_another_request_with_another_period(
    registry: Registry, practice: Caller
) -> None:
    file = of_march("A-1")
    plain = practice.send(file)
    month = queue(practice, file)
    again = practice.submit(file, replace_period=MARCH)
    assert (again.status_code, again.json()["id"]) == (200, month["id"])
    year = queue(practice, file, "2024")
    assert len({plain["id"], month["id"], year["id"]}) == 3
    for each in (month, year):
        take_up(registry, each)


def test_an_idempotency_key_stands_for_file_and_period(
    registry: Registry, practice: Caller
) -> None:
    file, key = of_march("A-1"), {"Idempotency-Key": "march"}
    first = queue(practice, file, headers=key)
    again = practice.submit(file, replace_period=MARCH, headers=key)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert practice.submit(file, replace_period="2024", headers=key).status_code == 409
    assert practice.submit(file, headers=key).status_code == 409
    take_up(registry, first)


def test_undone_everything_is_as_it_was_and_the_history_tells_of_it(
    registry: Registry, practice: Caller
) -> None:
    practice.send(
        a_case_file(a_record("A-1", age="40"), a_record("A-2"), a_record("A-3"), a_record("A-4"))
    )
    before = stored(practice)
    figures = registry.ask_database("SELECT * FROM measure_counts ORDER BY 1, 2, 3, 4, 5, 6")
    file = a_case_file(a_record("A-1", age="50"), a_record("A-2"), a_record("N-1"))
    receipt = replaced(registry, practice, file)
    created = stored(practice)["N-1"]
    assert (names(practice), practice.count()) == ({"A-1", "A-2", "N-1"}, 3)

    undone = undo(practice, receipt)
    counts = {name: undone[name] for name in ("restored", "reverted", "removed", "conflicts")}
    assert counts == {"restored": 2, "reverted": 1, "removed": 1, "conflicts": 0}
    assert read(practice, receipt)["replacement"]["undo"] == undone
    assert undo(practice, receipt) == undone
    after = stored(practice)
    assert {name: case["version"] for name, case in after.items()} == {
        "A-1": 3,
        "A-2": 1,
        "A-3": 3,
        "A-4": 3,
    }
    assert practice.count() == 4
    assert (
        registry.ask_database("SELECT * FROM measure_counts ORDER BY 1, 2, 3, 4, 5, 6") == figures
    )
    case = practice.read(f"/v1/cases/{before['A-1']['case_id']}")
    assert case["fields"]["age_years"] == 40
    record = practice.get(f"/v1/cases/{before['A-1']['case_id']}/record").text
    assert "<Age>40</Age>" in record
    [(key,)] = registry.ask_database("SELECT id FROM api_keys WHERE role = 'practice'")
    by_undo = f"undo of submission {receipt['id']} by key {key}"
    assert history(practice, before["A-1"]) == [
        (3, None),
        (2, by_undo),
        (1, f"submission {receipt['id']}"),
    ]
    assert history(practice, before["A-3"])[1] == (2, by_undo)
    assert history(practice, created) == [(2, None), (1, by_undo)]


def test_what_was_changed_since_is_left_alone_by_the_undo(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2", "A-3", "A-4"))
    file = a_case_file(
        a_record("A-1", age="50"), a_record("A-2", age="50"), a_record("N-1"), a_record("N-2")
    )
    receipt = replaced(registry, practice, file)
    practice.send(
        a_case_file(a_record("A-1", age="60"), a_record("N-1", age="60"), a_record("A-3", age="60"))
    )
    practice.delete(f"/v1/cases/{stored(practice)['N-2']['case_id']}", reason="Sent by mistake.")
    undone = undo(practice, receipt)
    counts = {name: undone[name] for name in ("restored", "reverted", "removed", "conflicts")}
    assert counts == {"restored": 1, "reverted": 1, "removed": 0, "conflicts": 4}
    ages = dict(
        registry.ask_database(
            "SELECT anesthesia_record_id, age_years FROM cases WHERE status = 'active'"
        )
    )
    assert ages == {"A-1": 60, "A-2": 46, "A-3": 60, "A-4": 46, "N-1": 60}


def test_replacements_are_undone_one_after_the_other_to_the_beginning(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2", age="40"))
    first = replaced(registry, practice, of_march("A-1", "A-3", age="50"))
    second = replaced(registry, practice, of_march("A-2", age="60"))
    assert names(practice) == {"A-2"}
    assert undo(practice, second)["conflicts"] == 0
    assert names(practice) == {"A-1", "A-3"}
    undone = undo(practice, first)
    assert undone["conflicts"] == 0
    assert (undone["restored"], undone["reverted"], undone["removed"]) == (1, 1, 1)
    assert {name: case["age_years"] for name, case in whole(practice).items()} == {
        "A-1": 40,
        "A-2": 40,
    }


def whole(caller: Caller) -> dict[str, dict[str, Any]]:
    return {
        name: caller.read(f"/v1/cases/{case['case_id']}")["fields"]
        for name, case in stored(caller).items()
    }


def test_after_an_undo_the_same_file_can_be_sent_again(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2"))
    first = replaced(registry, practice, of_march("A-1"))
    undo(practice, first)
    second = replaced(registry, practice, of_march("A-1"))
    assert second["id"] != first["id"]
    assert names(practice) == {"A-1"}


def test_an_undo_counts_cases_whose_tin_was_registered_meanwhile(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("H-1", staff=((OTHER_TIN, "1234567893"),), age="40"))
    practice.send(of_march("H-2", staff=((OTHER_TIN, "1234567893"),)))
    replacement = of_march("H-1", staff=((OTHER_TIN, "1234567893"),), age="50")
    receipt = replaced(registry, practice, replacement)
    assert practice.count() == 0
    registry.register(PRACTICE, OTHER_TIN)
    assert practice.count() == 1
    assert undo(practice, receipt)["conflicts"] == 0
    assert {case["status"] for case in stored(practice).values()} == {"active"}
    assert practice.count() == 2


def test_a_large_undo_waits_for_a_worker(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2", "A-3"))
    receipt = replaced(registry, practice, of_march("A-1", "N-1"))
    undoing = replace(registry.intake.undoing, done_at_once=2)
    with registry.open_work() as work:
        caller = work.keys.find(hash_of(practice.key or ""))
    assert caller is not None
    for _ in range(2):  # a job that is lost is made anew, and a second one does no harm
        asked = undoing.undo(UUID(receipt["id"]), caller)
        assert asked.replacement is not None
        assert asked.replacement.undo is not None
        assert asked.replacement.undo.done_at is None
    assert names(practice) == {"A-1", "N-1"}
    waiting = read(practice, receipt)["replacement"]["undo"]
    assert (waiting["done_at"], waiting["restored"]) == (None, None)
    work_off(registry)
    undone = undo(practice, receipt)
    assert (undone["restored"], undone["removed"], undone["conflicts"]) == (2, 1, 0)
    assert names(practice) == {"A-1", "A-2", "A-3"}


def test_an_undo_is_possible_for_thirty_days(
    registry: Registry, practice: Caller, onlooker: psycopg.Connection
) -> None:
    practice.send(of_march("A-1", "A-2"))
    receipt = replaced(registry, practice, of_march("A-1"))
    assert receipt["replacement"]["undo_until"] > receipt["finished_at"]
    onlooker.execute("UPDATE submissions SET finished_at = finished_at - interval '30 days 1 s'")
    refused = say(practice, receipt, "undo")
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "not-undoable")
    assert names(practice) == {"A-1"}


def test_only_a_replacement_can_be_confirmed_withdrawn_or_undone(practice: Caller) -> None:
    plain = practice.send(of_march("A-1"))
    assert plain["replacement"] is None
    assert confirm(practice, plain, 0).status_code == 409
    assert say(practice, plain, "withdraw").status_code == 409
    assert say(practice, plain, "undo").status_code == 409
    assert practice.get(f"/v1/submissions/{plain['id']}/disappearing").status_code == 409


def test_who_may_send_may_decide_and_nobody_else(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    vendor = registry.vendor()
    receipt = preview(registry, vendor, of_march("A-1"))
    assert disappearing(vendor, receipt) == ["A-2"]
    registry.register(OTHER_PRACTICE, TIN)
    for stranger in (registry.vendor(OTHER_PRACTICE), registry.practice(sandbox=True)):
        assert confirm(stranger, receipt, 1, above_limit=True).status_code == 404
        assert say(stranger, receipt, "withdraw").status_code == 404
        assert say(stranger, receipt, "undo").status_code == 404
        path = f"/v1/submissions/{receipt['id']}/disappearing"
        assert stranger.get(path).status_code == 404
    assert confirm(registry.internal(), receipt, 1, above_limit=True).status_code == 403
    assert confirm(vendor, receipt, 1, above_limit=True).status_code == 202
    take_up(registry, receipt)
    assert names(practice) == {"A-1"}
    assert undo(practice, receipt)["restored"] == 1


def test_the_sandbox_replaces_its_own_cases_only(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    sandbox = registry.practice(sandbox=True)
    sandbox.send(of_march("A-1", "A-2", "A-3"))
    receipt = replaced(registry, sandbox, of_march("A-3"))
    assert receipt["replacement"]["stored_now"] == 3
    assert (names(sandbox), names(practice)) == ({"A-3"}, {"A-1", "A-2"})
    assert undo(sandbox, receipt)["restored"] == 2
    assert names(sandbox) == {"A-1", "A-2", "A-3"}
    assert practice.count() == 2


def test_the_audit_trail_has_every_word_on_it(registry: Registry, practice: Caller) -> None:
    practice.send(of_march("A-1", "A-2"))
    given_up = preview(registry, practice, of_march("A-2"))
    say(practice, given_up, "withdraw")
    say(practice, given_up, "withdraw")
    done = replaced(registry, practice, of_march("A-1"))
    undo(practice, done)
    undo(practice, done)
    assert registry.ask_database(
        """SELECT action, about_id, details FROM audit_entries
           WHERE action LIKE 'replacement.%' ORDER BY number"""
    ) == [
        ("replacement.withdrawn", given_up["id"], {}),
        ("replacement.confirmed", done["id"], {"period": MARCH, "would_delete": "1"}),
        ("replacement.undone", done["id"], {}),
    ]


def test_a_deleted_case_that_the_file_brought_back_is_deleted_again_by_the_undo(
    registry: Registry, practice: Caller
) -> None:
    practice.send(of_march("A-1", "A-2"))
    case = stored(practice)["A-2"]
    practice.delete(f"/v1/cases/{case['case_id']}", reason="Not our patient.")
    receipt = replaced(registry, practice, of_march("A-1", "A-2", age="50"))
    assert names(practice) == {"A-1", "A-2"}
    undone = undo(practice, receipt)
    assert (undone["reverted"], undone["conflicts"]) == (2, 0)
    assert names(practice) == {"A-1"}
    again = practice.delete(f"/v1/cases/{case['case_id']}", reason="Another one.")
    assert again.json()["reason"] == "Not our patient."
