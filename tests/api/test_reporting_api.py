"""Reporting to CMS: a practice registers, clinicians sign, and results say whether they may go."""

import csv
from datetime import date
from typing import Any

import pytest

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.reporting import (
    CONSENTS,
    SIGNED,
    register,
    registration_path,
    sign,
    try_to_register,
    try_to_sign,
    withdraw,
)
from tests.rosters import ROBIN, ROSTER, Staff, confirm_group

LEE_NPI = "1679576722"
NAMES = {NPI: "Robin Example", OTHER_NPI: "Kim Sample", LEE_NPI: "Lee Instance"}
LATE = "The practice was merged in November."


@pytest.fixture
def three(staff: Staff) -> dict[str, Any]:
    """Robin, Kim and Lee, who work under the TIN of the practice, by their NPIs."""
    clinicians = {
        npi: staff.add("clinicians", **{**ROBIN, "npi": npi, "name": name})
        for npi, name in NAMES.items()
    }
    for clinician in clinicians.values():
        staff.employ(clinician, starts_on="2023-01-01")
    return clinicians


def send_cases(registry: Registry) -> None:
    """A case of each of the three, which measure 404 asks about."""
    quality = [("PQRS404", code) for code in ("G9642", "G9643", "G9497", "G9644")]
    registry.vendor().send(
        a_case_file(*(a_record(f"A-{npi}", staff=[(TIN, npi)], quality=quality) for npi in NAMES))
    )


def submittable(caller: Caller, measure_id: str = "404", **asked: Any) -> dict[str | None, Any]:
    """By NPI what results say of being sent."""
    answer = caller.read(
        "/v1/measures/results",
        practice_id=PRACTICE,
        performance_year=2024,
        measure_id=measure_id,
        **asked,
    )
    assert all(result["eligible_population"] for result in answer["results"])
    return {result["npi"]: result["submittable"] for result in answer["results"]}


YES = {"value": True, "reasons": []}


def no(*reasons: str) -> dict[str, Any]:
    return {"value": False, "reasons": list(reasons)}


def test_two_of_three_clinicians_sign_and_one_withdraws(
    registry: Registry, staff: Staff, three: dict[str, Any]
) -> None:
    caller = staff.caller
    send_cases(registry)
    assert submittable(caller) == {None: no("no_registration")}

    register(caller, "individual_qcdr")
    robins = sign(caller, three[NPI])
    sign(caller, three[OTHER_NPI])
    assert submittable(caller, level="individual") == {
        NPI: YES,
        OTHER_NPI: YES,
        LEE_NPI: no("no_consent"),
    }
    assert submittable(caller) == {None: no("level_not_registered")}

    withdrawn = withdraw(caller, robins)
    assert (withdrawn["withdrawn_on"], withdrawn["keep_until"]) == ("2024-05-01", "2031-12-31")
    assert submittable(caller, level="individual")[NPI] == no("consent_withdrawn")
    assert withdraw(caller, robins, on="2024-05-20") == withdrawn, "once is enough"

    sign(caller, three[NPI], signed_on="2024-05-21")
    assert submittable(caller, level="individual")[NPI] == YES
    assert len(caller.read(CONSENTS, performance_year=2024)["items"]) == 3


def test_a_group_signs_by_its_registration(
    registry: Registry, staff: Staff, three: dict[str, Any]
) -> None:
    send_cases(registry)
    registered = register(staff.caller, "group_qr")
    assert (registered["version"], registered["register_until"]) == (1, "2024-10-01")
    assert submittable(staff.caller) == {None: YES}
    one_by_one = submittable(staff.caller, level="individual")
    assert one_by_one == dict.fromkeys(NAMES, no("level_not_registered"))
    changed = try_to_register(staff.caller, "group_qr", seen='"1"', withdrawn_on="2024-05-01")
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert submittable(staff.caller) == {None: no("registration_withdrawn")}
    history = staff.listed("roster-changes")[0]
    assert (history["kind"], history["before"]["withdrawn_on"]) == ("registration", None)
    assert history["after"]["withdrawn_on"] == "2024-05-01"


def test_a_virtual_group_of_the_roster_reports_in_place_of_its_tins(
    registry: Registry, staff: Staff
) -> None:
    send_cases(registry)
    lakes = staff.add(
        "virtual-groups", performance_year=2024, name="Northern Lakes", tins=[TIN, OTHER_TIN]
    )
    register(staff.caller, "group_qcdr", virtual_group_id=lakes["id"])
    assert submittable(staff.caller) == {None: YES}, "the registry has not confirmed the group"
    confirm_group(registry, lakes)
    assert submittable(staff.caller) == {None: no("level_not_registered")}


def test_an_mvp_needs_a_year_that_has_it(staff: Staff, three: dict[str, Any]) -> None:
    team = staff.add("subgroups", tin=TIN, performance_year=2024, name="Cardiac team", npis=[NPI])
    asked = {"mvp": "G0059", "cms_registration_acknowledged": True}
    early = try_to_register(staff.caller, "group_qcdr", year=2022, **asked)
    assert problem(early, 422) == "invalid-request"
    assert early.json()["detail"] == (
        "mvp: it is known for 2023 to 2026, not for 2022; leave it out."
    )
    made = register(staff.caller, "group_qcdr", **asked, subgroup_ids=[team["id"]])
    assert (made["mvp"], made["subgroup_ids"]) == ("G0059", [team["id"]])


def test_a_practice_below_the_threshold_opts_in(staff: Staff) -> None:
    volume = {"over_90000_usd": True, "over_200_patients": False, "over_200_services": True}
    made = register(staff.caller, "group_qcdr", low_volume=volume, opts_in=True)
    assert (made["mips_standing"], made["opts_in"]) == ("may_opt_in", True)
    above = dict.fromkeys(volume, True)
    refused = try_to_register(
        staff.caller, "group_qcdr", seen='"1"', low_volume=above, opts_in=True
    )
    assert problem(refused, 422) == "invalid-request"
    assert "MIPS applies anyway" in refused.json()["detail"]


def test_nobody_overwrites_what_they_have_not_seen(staff: Staff) -> None:
    path = registration_path()
    assert problem(staff.caller.get(path), 404) == "registration-unknown"
    assert problem(try_to_register(staff.caller, "group_qr", seen='"1"'), 412) == (
        "changed-meanwhile"
    )
    register(staff.caller, "group_qr")
    assert problem(try_to_register(staff.caller, "group_qcdr"), 428) == "precondition-missing"
    seen = staff.caller.get(path).headers["ETag"]
    assert try_to_register(staff.caller, "group_qcdr", seen=seen).status_code == 200
    assert problem(try_to_register(staff.caller, "group_qr", seen=seen), 412) == (
        "changed-meanwhile"
    )
    listed = staff.caller.read(f"{ROSTER}/registrations")["items"]
    assert [(each["performance_year"], each["option"]) for each in listed] == [(2024, "group_qcdr")]


def test_after_the_deadline_only_staff_register_and_say_why(registry: Registry) -> None:
    practice, internal = registry.practice(), registry.internal()
    registry.on_day(date(2024, 10, 1))
    register(practice, "group_qr")
    registry.on_day(date(2024, 10, 2))
    closed = try_to_register(practice, "group_qcdr", seen='"1"', late_reason=LATE)
    assert problem(closed, 409) == "registration-closed"
    assert closed.json()["until"] == "2024-10-01"
    assert problem(try_to_register(internal, "group_qcdr", seen='"1"'), 422) == "invalid-request"
    late = try_to_register(internal, "group_qcdr", seen='"1"', late_reason=LATE)
    assert late.status_code == 200, late.text
    [entry] = practice.read("/v1/audit", practice_id=PRACTICE, action="registration.changed")[
        "items"
    ]
    assert (entry["reason"], entry["details"]["option"]) == (LATE, "group_qcdr")
    register(practice, "group_qr", year=2023)  # whose deadline no source names


def test_consents_have_a_deadline_of_their_own(
    registry: Registry, staff: Staff, three: dict[str, Any]
) -> None:
    """That of 2019 was the end of January 2020."""
    signed = {"performance_year": 2019, "signed_on": "2020-01-20"}
    registry.on_day(date(2020, 2, 1))
    closed = try_to_sign(staff.caller, three[NPI], **signed)
    assert problem(closed, 409) == "registration-closed"
    sign(registry.internal(), three[NPI], **signed, late_reason=LATE)


def test_a_clinician_signs_once_for_a_year(staff: Staff, three: dict[str, Any]) -> None:
    consent = sign(staff.caller, three[NPI])
    assert problem(try_to_sign(staff.caller, three[NPI]), 409) == "consent-in-force"
    sign(staff.caller, three[NPI], performance_year=2023)
    assert staff.caller.read(f"{CONSENTS}/{consent['id']}") == consent
    unknown = {**three[NPI], "id": consent["id"]}
    assert problem(try_to_sign(staff.caller, unknown), 422) == "invalid-request"
    future = try_to_sign(staff.caller, three[OTHER_NPI], signed_on="2024-06-02")
    assert problem(future, 422) == "invalid-request"
    missing = f"{CONSENTS}/{three[NPI]['id']}"
    assert problem(staff.caller.get(missing), 404) == "consent-unknown"


def test_who_has_signed_stays_in_the_roster(staff: Staff) -> None:
    kim = staff.add("clinicians", **{**ROBIN, "npi": OTHER_NPI})
    sign(staff.caller, kim)
    assert problem(staff.try_to_remove("clinicians", kim), 409) == "roster-conflict"


def test_registration_and_consents_are_in_the_trail_without_an_npi(
    staff: Staff, three: dict[str, Any]
) -> None:
    register(staff.caller, "individual_qcdr")
    withdraw(staff.caller, sign(staff.caller, three[NPI]))
    answer = staff.caller.get("/v1/audit", practice_id=PRACTICE, limit=3)
    assert [entry["action"] for entry in answer.json()["items"]] == [
        "consent.withdrawn",
        "consent.recorded",
        "registration.made",
    ]
    assert NPI not in answer.text


def test_staff_see_who_is_registered_and_whose_consents_are_missing(
    registry: Registry, staff: Staff, three: dict[str, Any]
) -> None:
    registry.register(OTHER_PRACTICE)
    register(staff.caller, "individual_qr")
    sign(staff.caller, three[NPI])
    listed = registry.internal().read("/v1/registrations", performance_year=2024)["items"]
    told = [
        (each["practice_id"], each["is_registered"], each["clinicians"], each["missing_consents"])
        for each in listed
    ]
    assert told == [(PRACTICE, True, 3, 2), (OTHER_PRACTICE, False, 0, 0)]
    own = staff.caller.read("/v1/registrations", performance_year=2024)["items"]
    assert own == listed[:1]
    pages = registry.internal().pages("/v1/registrations", performance_year=2024, limit=1)
    assert [page[0] for page in pages] == listed

    clinicians = f"{registration_path()}/clinicians"
    states = [each["state"] for each in staff.caller.read(clinicians)["items"]]
    assert states == ["signed", "missing", "missing"]
    assert sum(len(page) for page in staff.caller.pages(clinicians, limit=2)) == 3
    early = staff.caller.read(f"{registration_path(2022)}/clinicians")
    assert early["items"] == [], "nobody worked there in 2022"


def test_the_lists_come_as_csv_that_runs_nothing(registry: Registry, staff: Staff) -> None:
    robin = staff.add("clinicians", **{**ROBIN, "name": "=1+1"})
    staff.employ(robin, starts_on="2023-01-01")
    answer = staff.caller.get(f"{registration_path()}/clinicians", format="csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(answer.text.splitlines())
    assert (row["npi"], row["state"], row["name"]) == (NPI, "missing", "'=1+1")
    internal = registry.internal()
    internal.ask("POST", "/v1/practices", json={"id": OTHER_PRACTICE, "name": "Harbor;=1+1"})
    listed = internal.get("/v1/registrations", performance_year=2024, format="csv")
    [row, other] = csv.DictReader(listed.text.splitlines())
    assert (row["practice_id"], row["is_registered"], row["option"]) == (PRACTICE, "False", "")
    assert other["name"] == "Harbor;'=1+1", "a spreadsheet may be told to split at semicolons"


def test_what_is_missing_in_a_request_is_named(staff: Staff) -> None:
    answer = staff.caller.ask(
        "PUT", registration_path(), json={"option": "group", "representative": SIGNED}
    )
    assert problem(answer, 422) == "invalid-request"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["option", "is_renewal"]
