"""The review of warnings: a practice accepts what is right in its files, and nothing is hidden."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import uuid_utils.compat as uuids
from httpx import Response

from app.access.keys import hash_of, new_key
from app.checking.acceptance import MOST_IN_FORCE
from app.checking.standards import load_standards
from app.domain.identifiers import parse_practice_id
from app.domain.principals import Role
from tests.case_files import NPI, OTHER_TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, TODAY, Caller, Registry

ACCEPTED = f"/v1/practices/{PRACTICE}/accepted-findings"
REASON = "The clinicians of our new site are not enrolled yet."
NO_SURGEON = ("00104",)  # anesthesia for electroconvulsive therapy
HELD: dict[str, Any] = {"code": "AR401", "reason": REASON}


@pytest.fixture
def practice(registry: Registry) -> Caller:
    return registry.practice()


JSON = {"Content-Type": "application/json"}


def accept(
    caller: Caller,
    said: Mapping[str, Any] = HELD,
    *,
    to: str = ACCEPTED,
    key: str | None = None,
    **more: Any,
) -> Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return caller.ask("POST", to, json={**said, **more}, headers=headers)


def accepted(caller: Caller, **more: Any) -> Any:
    """The acceptance that must come of it."""
    answer = accept(caller, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(caller: Caller, state: str = "in_force") -> list[str]:
    return [each["id"] for each in caller.read(ACCEPTED, state=state)["items"]]


def test_a_practice_accepts_a_warning_with_a_reason_for_a_time(practice: Caller) -> None:
    made = accepted(practice, path="AnesthesiaCase/AnesthesiaStaffSet", expires_on="2024-12-31")
    assert made["code"] == "AR401"
    assert made["path"] == "AnesthesiaCase/AnesthesiaStaffSet"
    assert made["reason"] == REASON
    assert (made["state"], made["expires_on"]) == ("in_force", "2024-12-31")
    assert (made["by"]["role"], made["withdrawal"]) == ("practice", None)
    assert made["practice_id"] == PRACTICE
    assert practice.read(ACCEPTED) == {"items": [made], "next_cursor": None}


def test_without_an_end_an_acceptance_holds_for_ninety_days(practice: Caller) -> None:
    assert accepted(practice)["expires_on"] == (TODAY + timedelta(days=90)).isoformat()


def test_a_path_may_be_taken_from_a_report_as_it_is(practice: Caller) -> None:
    shown = "/AnesthesiaRecords/AnesthesiaRecord[3]/Procedure/CPTSet/CPT[2]/CPTValue"
    assert accepted(practice, path=shown)["path"] == "Procedure/CPTSet/CPT/CPTValue"


@pytest.mark.parametrize(
    ("said", "parameter"),
    [
        ({"reason": None}, "reason"),
        ({"reason": "it is ok"}, "reason"),
        ({"reason": "  it is ok   "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"reason": "it is right\x00 as it is"}, "reason"),
        ({"reason": "it is right\nas it is"}, "reason"),
        ({"code": "AR999"}, "code"),
        ({"code": None}, "code"),
        ({"expires_on": "tomorrow"}, "expires_on"),
        ({"path": "Procedure//CPTSet"}, "path"),
        ({"path": "Procedure/*[1=1]"}, "path"),
        ({"path": ""}, "path"),
        ({"by": "somebody else"}, "by"),
    ],
)
def test_what_is_asked_wrongly_is_named_and_not_repeated(
    practice: Caller, said: dict[str, Any], parameter: str
) -> None:
    answer = accept(practice, {**HELD, **said})
    assert problem(answer, 422) == "invalid-request"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]
    assert "it is" not in answer.text
    assert listed(practice, "all") == []


def test_the_hundred_codes_there_are_stand_in_no_message(practice: Caller) -> None:
    detail = accept(practice, code="AR999").json()["detail"]
    assert detail == "code: must be one of the values listed in /openapi.json"


NOT_THERE = "path: no open version of the schema has an element there"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("Procedure/CPTSets", "Procedure/CPTSet"),
        ("procedure/cptset", "Procedure/CPTSet"),
        ("AnesthesiaStaffSet", "AnesthesiaCase/AnesthesiaStaffSet"),
        ("/AnesthesiaRecords/AnesthesiaRecord[3]/PreOp/Agee", "PreOp/Age"),
        ("Surgery/Surgeons/Shoes", None),
    ],
)
def test_a_place_that_no_open_version_has_is_refused_with_what_was_probably_meant(
    practice: Caller, path: str, meant: str | None
) -> None:
    answer = accept(practice, path=path)
    assert problem(answer, 422) == "invalid-request"
    hint = "" if meant is None else f"; did you mean {meant}?"
    assert answer.json()["detail"] == NOT_THERE + hint
    assert listed(practice, "all") == []


@pytest.mark.parametrize(
    "path", ["/AnesthesiaRecords", "/AnesthesiaRecords/AnesthesiaRecord[3]", "RecordHeader"]
)
def test_the_root_the_header_and_the_record_itself_are_places_too(
    practice: Caller, path: str
) -> None:
    accepted(practice, path=path)


@pytest.mark.parametrize("days", [-1, 367])
def test_an_acceptance_ends_in_a_year_at_the_latest(practice: Caller, days: int) -> None:
    answer = accept(practice, expires_on=(TODAY + timedelta(days=days)).isoformat())
    assert problem(answer, 422) == "invalid-request"
    assert answer.json()["detail"].startswith("expires_on: ")
    accepted(practice, expires_on=TODAY.isoformat())
    accepted(practice, expires_on=TODAY.replace(year=2025).isoformat())


@pytest.mark.parametrize("code", ["AR002", "AR102", "AR201", "AR302"])
def test_an_error_cannot_be_accepted(practice: Caller, code: str) -> None:
    answer = accept(practice, code=code)
    assert problem(answer, 422) == "finding-not-acceptable"
    assert code in answer.json()["detail"]
    assert listed(practice, "all") == []


def test_a_code_that_is_an_error_in_this_deployment_cannot_be_accepted(
    registry: Registry, tmp_path: Path
) -> None:
    graded = tmp_path / "rules.toml"
    graded.write_text('[AR305]\nseverity = "error"\n')
    accepted(registry.practice(), code="AR305")
    registry.app.state.standards = load_standards(graded)
    again = accept(registry.practice(), code="AR305", expires_on="2024-07-01")
    assert problem(again, 422) == "finding-not-acceptable"


def test_a_body_that_is_no_json_or_too_large_is_refused(practice: Caller) -> None:
    answer = practice.ask("POST", ACCEPTED, content=b"<accept/>", headers=JSON)
    assert problem(answer, 422) == "invalid-request"
    assert answer.json()["detail"] == "body: must be JSON"
    answer = practice.ask("POST", ACCEPTED, content=b" " * 70_000, headers=JSON)
    assert problem(answer, 413) == "request-too-large"
    assert answer.json()["limit"] == 65_536


def test_what_can_be_asked_for_is_described(registry: Registry) -> None:
    interface = registry.anyone().read("/openapi.json")
    call = interface["paths"]["/v1/practices/{practice_id}/accepted-findings"]["post"]
    body = call["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["required"]) == {"code", "reason"}
    assert (body["properties"]["reason"]["minLength"], body["additionalProperties"]) == (10, False)
    assert "AR401" in body["properties"]["code"]["enum"]


def test_withdrawing_keeps_who_when_and_why(registry: Registry, practice: Caller) -> None:
    made = accepted(practice)
    withdrawn = registry.admin().delete(f"{ACCEPTED}/{made['id']}", reason="The TIN came")
    assert withdrawn.status_code == 200
    withdrawal = withdrawn.json()["withdrawal"]
    assert (withdrawal["by"]["role"], withdrawal["reason"]) == ("admin", "The TIN came")
    assert withdrawal["at"] > made["accepted_at"]
    assert withdrawn.json() == {**made, "state": "withdrawn", "withdrawal": withdrawal}
    assert practice.read(ACCEPTED)["items"] == []
    assert practice.read(ACCEPTED, state="withdrawn")["items"] == [withdrawn.json()]
    again = practice.delete(f"{ACCEPTED}/{made['id']}", reason="Withdrawn once more")
    assert (again.status_code, again.json()) == (200, withdrawn.json())


@pytest.mark.parametrize(
    "reason", ["The TIN came\nlast week", "The TIN\x00 came", "Came", "x" * 501]
)
def test_the_reason_of_a_withdrawal_is_held_to_what_that_of_an_acceptance_is(
    practice: Caller, reason: str
) -> None:
    made = accepted(practice)
    answer = practice.delete(f"{ACCEPTED}/{made['id']}", reason=reason)
    assert problem(answer, 422) == "invalid-request"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["reason"]
    assert listed(practice) == [made["id"]]


def accept_behind_the_doors(registry: Registry, made: Mapping[str, Any], times: int) -> None:
    """As often as many POSTs would: those take a while."""
    with registry.open_work() as work:
        first = work.acceptances.get(parse_practice_id(PRACTICE), UUID(made["id"]))
        assert first is not None
        for _ in range(times):
            work.acceptances.add(replace(first, id=uuids.uuid7()))
        work.commit()


def test_so_many_acceptances_are_in_force_at_most(registry: Registry, practice: Caller) -> None:
    made = accepted(practice)
    accept_behind_the_doors(registry, made, MOST_IN_FORCE - 2)
    last = accepted(practice, code="AR360")
    refused = accept(practice, code="AR350")
    assert problem(refused, 409) == "too-many-accepted-findings"
    assert refused.json()["limit"] == MOST_IN_FORCE
    assert str(MOST_IN_FORCE) in refused.json()["detail"]
    assert accept(practice, code="AR360").status_code == 200, "the same again takes no room"
    accepted(registry.practice(sandbox=True))
    practice.delete(f"{ACCEPTED}/{last['id']}")
    accepted(practice, code="AR350")


def test_what_expired_leaves_room(registry: Registry, practice: Caller) -> None:
    made = accepted(practice, expires_on="2024-06-30")
    accept_behind_the_doors(registry, made, MOST_IN_FORCE - 1)
    assert problem(accept(practice, code="AR360"), 409) == "too-many-accepted-findings"
    registry.on_day(date(2024, 7, 1))
    accepted(practice, code="AR360")


def test_the_page_of_the_problem_and_the_interface_tell_the_limit(registry: Registry) -> None:
    visitor = registry.anyone()
    page = visitor.get("/docs/problems/too-many-accepted-findings")
    assert f"{MOST_IN_FORCE} accepted findings" in page.text
    call = visitor.read("/openapi.json")["paths"]["/v1/practices/{practice_id}/accepted-findings"]
    assert f"{MOST_IN_FORCE} accepted findings" in call["post"]["responses"]["409"]["description"]


def test_an_acceptance_holds_up_to_its_last_day(registry: Registry, practice: Caller) -> None:
    made = accepted(practice, expires_on="2024-06-30")["id"]
    registry.on_day(date(2024, 6, 30))
    assert (listed(practice), listed(practice, "expired")) == ([made], [])
    registry.on_day(date(2024, 7, 1))
    assert (listed(practice), listed(practice, "expired")) == ([], [made])
    assert practice.read(ACCEPTED, state="all")["items"][0]["state"] == "expired"


def test_acceptances_come_in_pages_newest_first(practice: Caller) -> None:
    made = [accepted(practice, expires_on=f"2024-07-0{day}")["id"] for day in range(1, 6)]
    practice.delete(f"{ACCEPTED}/{made[1]}")
    pages = practice.pages(ACCEPTED, limit=2)
    assert [[each["id"] for each in page] for page in pages] == [
        [made[4], made[3]],
        [made[2], made[0]],
    ]
    assert listed(practice, "all") == list(reversed(made))


def test_the_same_again_gives_the_first_and_another_reason_or_end_a_further_one(
    practice: Caller,
) -> None:
    first = accept(practice)
    again = accept(practice)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    renewed = accepted(practice, expires_on="2025-06-01")
    assert listed(practice) == [renewed["id"], first.json()["id"]]


@pytest.mark.parametrize("key", [None, "review-1"])
def test_the_same_accepted_at_once_by_two_is_accepted_once(
    practice: Caller, key: str | None
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: accept(practice, key=key), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert {answer.json()["id"] for answer in answers} == set(listed(practice, "all"))
    assert len(listed(practice, "all")) == 1


def test_what_was_withdrawn_can_be_accepted_anew(practice: Caller) -> None:
    first = accepted(practice)
    practice.delete(f"{ACCEPTED}/{first['id']}")
    assert accepted(practice)["id"] != first["id"]


def test_an_idempotency_key_gives_its_first_acceptance_even_when_it_is_withdrawn(
    practice: Caller,
) -> None:
    first = accepted(practice, key="review-1")
    practice.delete(f"{ACCEPTED}/{first['id']}")
    again = accept(practice, key="review-1")
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (200, "true")
    assert (again.json()["id"], again.json()["state"]) == (first["id"], "withdrawn")


def test_an_idempotency_key_of_another_request_is_a_conflict(practice: Caller) -> None:
    accepted(practice, key="review-1")
    assert problem(accept(practice, code="AR360", key="review-1"), 409) == "idempotency-conflict"
    sent = practice.submit(a_case_file(), headers={"Idempotency-Key": "review-1"})
    assert problem(sent, 409) == "idempotency-conflict"
    practice.send(a_case_file(), headers={"Idempotency-Key": "march"})
    assert problem(accept(practice, key="march"), 409) == "idempotency-conflict"


ROLES = {
    #            accept, list, withdraw
    "vendor": (403, 200, 403),
    "practice": (201, 200, 200),
    "internal": (201, 200, 200),
    "admin": (201, 200, 200),
}


@pytest.mark.parametrize(("role", "expected"), ROLES.items(), ids=list(ROLES))
def test_a_vendor_sees_what_its_practice_accepted_and_does_not_judge_for_it(
    registry: Registry, role: str, expected: tuple[int, ...]
) -> None:
    made = accepted(registry.practice())
    caller: Caller = getattr(registry, role)()
    answers = (
        accept(caller, expires_on="2024-07-01"),
        caller.get(ACCEPTED),
        caller.delete(f"{ACCEPTED}/{made['id']}"),
    )
    assert tuple(answer.status_code for answer in answers) == expected
    refused = [answer for answer in answers if answer.status_code == 403]
    assert {problem(answer, 403) for answer in refused} <= {"not-permitted"}


def test_what_a_practice_accepts_is_its_own(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    made = accepted(registry.practice())
    stranger = registry.practice(OTHER_PRACTICE)
    for answer in (
        accept(stranger),
        stranger.get(ACCEPTED),
        stranger.delete(f"{ACCEPTED}/{made['id']}"),
    ):
        assert problem(answer, 403) == "not-permitted"
    theirs = f"/v1/practices/{OTHER_PRACTICE}/accepted-findings"
    assert stranger.read(theirs)["items"] == []
    for unknown in (made["id"], uuid4()):
        assert problem(stranger.delete(f"{theirs}/{unknown}"), 404) == "acceptance-unknown"
    assert problem(registry.anyone().get(ACCEPTED), 401) == "not-authenticated"
    assert problem(accept(registry.anyone()), 401) == "not-authenticated"


def test_a_practice_that_is_not_registered_accepts_nothing(registry: Registry) -> None:
    nobodys = "/v1/practices/99999/accepted-findings"
    assert problem(registry.practice().get(nobodys), 403) == "not-permitted"
    assert problem(registry.internal().get(nobodys), 404) == "practice-unknown"
    assert problem(accept(registry.internal(), to=nobodys), 404) == "practice-unknown"
    assert problem(registry.internal().get("/v1/practices/x/accepted-findings"), 422) == (
        "invalid-request"
    )


def test_what_is_accepted_in_the_sandbox_stays_there(registry: Registry) -> None:
    sandbox, real = registry.practice(sandbox=True), registry.practice()
    made = accepted(sandbox)
    assert (listed(sandbox), listed(real)) == ([made["id"]], [])
    assert problem(real.delete(f"{ACCEPTED}/{made['id']}"), 404) == "acceptance-unknown"


def a_held_record(record_id: str) -> str:
    """One with a TIN that is not registered for the practice: stored, with the warning AR401."""
    return a_record(record_id, staff=[(OTHER_TIN, NPI)], anesthesia_codes=NO_SURGEON)


def a_record_without_surgical_codes(record_id: str) -> str:
    """One with the warning AR360: the anesthesia is that of an operation, which has no code."""
    return re.sub("<CPTSet>.*?</CPTSet>", "", a_record(record_id), flags=re.DOTALL)


def report_of(caller: Caller, receipt: Any, **asked: Any) -> Any:
    return caller.read(receipt["links"]["report"], **asked)


def test_the_next_file_shows_accepted_warnings_as_such_and_counts_them_apart(
    practice: Caller,
) -> None:
    before = practice.send(a_case_file(a_held_record("A-1")))
    made = accepted(practice)
    after = practice.send(a_case_file(a_held_record("A-2"), a_record("A-3", sex="female")))
    assert before["findings"] == {"error": 0, "warning": 1, "accepted": 0}
    assert after["findings"] == {"error": 1, "warning": 0, "accepted": 1}
    assert (after["records"]["held"], after["records"]["rejected"]) == (1, 1)

    report = report_of(practice, after)
    assert (report["findings_total"], report["findings_accepted"]) == (2, 1)
    held, wrong_sex = report["findings"]
    assert (held["code"], held["severity"]) == ("AR401", "warning")
    assert held["accepted"] == {name: made[name] for name in ("id", "reason", "by", "expires_on")}
    assert (wrong_sex["code"], wrong_sex["accepted"]) == ("AR201", None)
    assert report["findings_by_code"] == [
        {"code": "AR201", "severity": "error", "findings": 1, "accepted": 0},
        {"code": "AR401", "severity": "warning", "findings": 1, "accepted": 1},
    ]


def test_accepted_findings_can_be_left_out_of_the_list_and_are_still_counted(
    practice: Caller,
) -> None:
    accepted(practice)
    receipt = practice.send(a_case_file(a_held_record("A-1"), a_record("A-2", sex="female")))
    for asked, listed_codes in (
        ({"accepted": "false"}, ["AR201"]),
        ({"accepted": "true"}, ["AR401"]),
        ({}, ["AR401", "AR201"]),
    ):
        report = report_of(practice, receipt, **asked)
        assert [each["code"] for each in report["findings"]] == listed_codes
        assert (report["findings_total"], report["findings_accepted"]) == (2, 1)
        assert report["findings_omitted"] == 2 - len(listed_codes)


def test_what_was_accepted_when_a_file_was_processed_stays_so(
    registry: Registry, practice: Caller
) -> None:
    made = accepted(practice, expires_on="2024-06-30")
    receipt = practice.send(a_case_file(a_held_record("A-1")))
    report = report_of(practice, receipt)
    practice.delete(f"{ACCEPTED}/{made['id']}")
    assert practice.read(receipt["links"]["self"]) == receipt
    assert report_of(practice, receipt) == report
    later = practice.send(a_case_file(a_held_record("A-2")))
    assert later["findings"] == {"error": 0, "warning": 1, "accepted": 0}


def test_the_day_of_processing_decides_whether_an_acceptance_holds(
    registry: Registry, practice: Caller
) -> None:
    accepted(practice, expires_on="2024-06-30")
    registry.on_day(date(2024, 6, 30))
    assert practice.send(a_case_file(a_held_record("A-1")))["findings"]["accepted"] == 1
    registry.on_day(date(2024, 7, 1))
    assert practice.send(a_case_file(a_held_record("A-2")))["findings"]["accepted"] == 0


@pytest.mark.parametrize(
    ("place", "covered"), [("AnesthesiaCase/AnesthesiaStaffSet", 1), ("AnesthesiaCase", 0)]
)
def test_an_acceptance_for_one_place_covers_no_other(
    practice: Caller, place: str, covered: int
) -> None:
    accepted(practice, path=place)
    receipt = practice.send(a_case_file(a_held_record("A-1"), a_held_record("A-2")))
    assert receipt["findings"] == {
        "error": 0,
        "warning": 2 - 2 * covered,
        "accepted": 2 * covered,
    }


def test_a_place_taken_from_the_report_covers_what_the_report_showed(practice: Caller) -> None:
    first = practice.send(a_case_file(a_held_record("A-1")))
    shown = report_of(practice, first)["findings"][0]
    assert shown["place"] == "AnesthesiaCase/AnesthesiaStaffSet"
    assert accepted(practice, path=shown["path"])["path"] == shown["place"]
    assert practice.send(a_case_file(a_held_record("A-3")))["findings"]["accepted"] == 1


def test_what_is_missing_is_accepted_at_the_place_where_it_would_stand(practice: Caller) -> None:
    first = practice.send(a_case_file(a_record_without_surgical_codes("A-1")))
    assert first["findings"] == {"error": 0, "warning": 1, "accepted": 0}
    shown = report_of(practice, first)["findings"][0]
    assert (shown["code"], shown["place"]) == ("AR360", "Procedure/CPTSet")
    assert shown["path"].endswith("/Procedure")
    accepted(practice, code="AR360", path="Procedure/CPTSet/CPT")
    accepted(practice, code="AR360", path=shown["place"])
    later = practice.send(a_case_file(a_record_without_surgical_codes("A-2")))
    assert later["findings"] == {"error": 0, "warning": 0, "accepted": 1}


def test_an_error_of_an_accepted_code_is_an_error(practice: Caller) -> None:
    """AR105 is a remark where nothing is sent, and refuses a file that is."""
    accepted(practice, code="AR105")
    receipt = practice.send(a_case_file(version="2017V1.0"))
    assert receipt["status"] == "rejected"
    report = report_of(practice, receipt)
    assert "AR105" in [each["code"] for each in report["findings"]]
    assert (report["valid"], report["findings_accepted"]) == (False, 0)


def test_each_practice_and_the_sandbox_accept_for_themselves(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    accepted(registry.practice(sandbox=True))
    theirs = f"/v1/practices/{OTHER_PRACTICE}/accepted-findings"
    accepted(registry.practice(OTHER_PRACTICE), to=theirs)
    held = a_case_file(a_held_record("A-1"))
    assert registry.practice().send(held)["findings"]["accepted"] == 0
    assert registry.practice(sandbox=True).send(held)["findings"]["accepted"] == 1


def test_a_validation_knows_of_no_practice_and_accepts_nothing(practice: Caller) -> None:
    accepted(practice, code="AR215")
    report = practice.validate(a_case_file(a_record("A-1", sex="female")))
    assert (report["findings_total"], "findings_accepted" in report) == (1, False)


def test_every_finding_is_counted_by_code_also_above_those_that_are_kept(
    registry: Registry, practice: Caller
) -> None:
    many = [("12-3456789", NPI)] * 900
    receipt = practice.send(a_case_file(*(a_record(f"A-{n}", staff=many) for n in range(12))))
    report = report_of(practice, receipt)
    assert (report["findings_total"], len(report["findings"])) == (10_800, 10_000)
    assert report["findings_by_code"] == [
        {"code": "AR206", "severity": "error", "findings": 10_800, "accepted": 0}
    ]
    figures = registry.anyone().get("/metrics").text
    assert 'nacor_findings_total{code="AR206"} 10800.0' in figures


def test_the_label_of_a_key_tells_who_accepted(registry: Registry) -> None:
    key = new_key()
    with registry.open_work() as work:
        work.keys.add(
            hash_of(key),
            role=Role.PRACTICE,
            practice_ids=[parse_practice_id(PRACTICE)],
            sandbox=False,
            label="Quality office",
        )
        work.commit()
    office = registry.anyone(key=key)
    assert accepted(office)["by"]["label"] == "Quality office"
    report = report_of(office, office.send(a_case_file(a_held_record("A-1"))))
    assert report["findings"][0]["accepted"]["by"]["label"] == "Quality office"
