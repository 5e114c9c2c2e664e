"""What goes to CMS after a year, from case files to the document that somebody uploads."""

import hashlib
import json
from datetime import date
from typing import Any

from httpx import Response

from app.exports.cms.choosing import MEANINGS
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file
from tests.problems import problem
from tests.registry import PRACTICE, Caller, Registry
from tests.reporting import register, sign, withdraw
from tests.rosters import ROBIN, ROSTER, Staff, confirm_group
from tests.smokers import ABSTAINED, SMOKED, only_smoker

SUBMISSIONS = "/v1/cms-submissions"
AFTER_THE_YEAR = date(2025, 3, 14)
SMOKERS = {"category": "quality", "program": "mips", "measure_id": "404"}
ACTIVITY = {"category": "ia", "program": "mips", "measure_id": "IA_BE_6"}
SENT = {"sent_on": "2025-03-14", "id_at_cms": "d7b1a0e4-51a6"}


def send_smokers(registry: Registry, name: str, *answers: str, npi: str = NPI) -> None:
    registry.vendor().send(
        a_case_file(
            *(
                only_smoker(f"{name}-{number}", answer, staff=[(TIN, npi)])
                for number, answer in enumerate(answers)
            )
        )
    )


def try_to_make(caller: Caller, **asked: Any) -> Response:
    told = {"performance_year": 2024, **asked}
    return caller.ask("POST", SUBMISSIONS, params={"practice_id": PRACTICE}, json=told)


def made(caller: Caller, **asked: Any) -> list[Any]:
    """Have the documents of a year made, and list them."""
    answer = try_to_make(caller, **asked)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["Location"] == told["links"]["self"]
    documents = caller.read(told["links"]["documents"])["items"]
    assert (told["documents"], told["ready"]) == (
        len(documents),
        sum(each["ready"] for each in documents),
    )
    return documents  # type: ignore[no-any-return]


def reasons(caller: Caller, document: Any) -> dict[str, list[str]]:
    told = caller.read(document["links"]["self"])["left_out"]
    return {each["measure_id"]: [why["reason"] for why in each["reasons"]] for each in told}


def test_from_case_files_to_what_was_sent(registry: Registry, staff: Staff) -> None:
    staff.bring_in_robin()
    send_smokers(registry, "A", *[ABSTAINED] * 3, SMOKED)
    register(staff.caller, "group_qcdr")
    activity = {"performance_year": 2024, "activity_id": "IA_BE_6", "tin": TIN, "clinicians": 1}
    days = {"starts_on": "2024-01-15", "ends_on": "2024-05-20"}
    attested = staff.caller.ask(
        "POST", f"{ROSTER}/improvement-activities", json={**activity, **days}
    )
    assert attested.status_code == 201, attested.text
    registry.on_day(AFTER_THE_YEAR)
    internal, practice = registry.internal(), registry.practice()

    [document] = made(internal)
    assert (document["ready"], document["measures"], document["activities"]) == (True, 1, 1)
    file = practice.get(document["links"]["file"])
    assert TIN not in file.headers["Content-Disposition"]
    assert hashlib.sha256(file.content).hexdigest() == document["sha256"]
    smokers = {
        "isEndToEndReported": False,
        "eligiblePopulation": 4,
        "performanceMet": 3,
        "performanceNotMet": 1,
        "eligiblePopulationException": 0,
        "eligiblePopulationExclusion": 0,
    }
    of_mips = {"submissionMethod": "registry", "programName": "mips"}
    assert json.loads(file.content) == {
        "entityType": "group",
        "taxpayerIdentificationNumber": TIN,
        "performanceYear": 2024,
        "measurementSets": [
            {
                "category": "quality",
                **of_mips,
                "performanceStart": "2024-01-01",
                "performanceEnd": "2024-12-31",
                "measurements": [{"measureId": "404", "value": smokers}],
            },
            {
                "category": "ia",
                **of_mips,
                "performanceStart": "2024-01-15",
                "performanceEnd": "2024-05-20",
                "measurements": [{"measureId": "IA_BE_6", "value": True}],
            },
        ],
    }
    opened = practice.read(document["links"]["self"])
    counts = {
        "stratum": "",
        "eligible_population": 4,
        "performance_met": 3,
        "performance_not_met": 1,
        "denominator_exception": 0,
        "denominator_exclusion": 0,
    }
    assert opened["contents"] == [
        {**SMOKERS, "performance_rate": None, "figures": [counts]},
        {**ACTIVITY, "performance_rate": None, "figures": []},
    ]
    assert opened["since_sent"] is None
    assert reasons(practice, document)["EPREOP31"] == ["no_result"]

    sent = internal.ask("POST", f"{document['links']['self']}/sent", json=SENT)
    assert sent.json()["sent"] == {"on": "2025-03-14", "id_at_cms": "d7b1a0e4-51a6"}
    assert made(internal)[0]["sha256"] == document["sha256"], "the same results, the same bytes"
    send_smokers(registry, "B", ABSTAINED)
    [newer] = made(internal)
    since = practice.read(newer["links"]["self"])["since_sent"]
    assert (since["document_id"], since["sent"]) == (document["id"], sent.json()["sent"])
    assert since["changes"] == [
        {**SMOKERS, "field": "eligiblePopulation", "before": 4, "after": 5},
        {**SMOKERS, "field": "performanceMet", "before": 3, "after": 4},
    ]
    assert practice.get(document["links"]["file"]).content == file.content, "it stays as it was"

    listed = practice.read(SUBMISSIONS, practice_id=PRACTICE, performance_year=2024)["items"]
    assert len(listed) == 3
    assert listed[-1] == practice.read(listed[-1]["links"]["self"])
    assert {each["catalogue_version"][:5] for each in listed} == {"2024."}
    trail = practice.read("/v1/audit", practice_id=PRACTICE)["items"]
    of_cms = [each["action"] for each in trail if each["action"].startswith("cms_")]
    assert of_cms == [
        "cms_document.read",
        *["cms_submission.made"] * 2,
        "cms_document.sent",
        "cms_document.read",
        "cms_submission.made",
    ]
    assert TIN not in json.dumps(trail)
    stored = registry.ask_database("SELECT content FROM cms_documents")
    assert all(TIN.encode() not in bytes(content) for (content,) in stored)


def test_clinicians_are_sent_one_by_one_if_they_have_signed(
    registry: Registry, staff: Staff
) -> None:
    robin = staff.bring_in_robin()
    kim = staff.add("clinicians", **{**ROBIN, "npi": OTHER_NPI, "name": "Kim Sample"})
    staff.employ(kim, starts_on="2023-01-01")
    send_smokers(registry, "R", ABSTAINED, SMOKED)
    send_smokers(registry, "K", ABSTAINED, npi=OTHER_NPI)
    register(staff.caller, "individual_qr")
    consent = sign(staff.caller, robin)
    registry.on_day(AFTER_THE_YEAR)
    internal = registry.internal()

    robins, kims = made(internal)
    assert (robins["npi"], robins["entity_type"], robins["ready"]) == (NPI, "individual", True)
    told = internal.get(robins["links"]["file"]).json()
    assert told["nationalProviderIdentifier"] == NPI
    assert (kims["npi"], kims["ready"], kims["links"]["file"]) == (OTHER_NPI, False, None)
    assert reasons(internal, kims)["404"] == ["no_consent"]
    for refused in (
        internal.get(f"{kims['links']['self']}/file"),
        internal.ask("POST", f"{kims['links']['self']}/sent", json=SENT),
    ):
        assert problem(refused, 409) == "cms-document-withheld"
        assert [each["rule"] for each in refused.json()["findings"]] == ["nothing_to_send"]

    withdraw(staff.caller, consent)
    overtaken = internal.get(robins["links"]["file"])
    assert problem(overtaken, 409) == "cms-document-withheld"
    [why] = overtaken.json()["findings"]
    assert (why["rule"], why["message"]) == ("overtaken", MEANINGS["consent_withdrawn"])
    assert internal.read(robins["links"]["self"])["ready"] is False
    sent = internal.ask("POST", f"{robins['links']['self']}/sent", json=SENT)
    assert sent.json()["ready"], "uploaded before: from now on it is the proof of what CMS has"
    assert internal.get(robins["links"]["file"]).json() == told


def test_before_the_year_is_over_all_is_told_and_nothing_handed_out(
    registry: Registry, staff: Staff
) -> None:
    send_smokers(registry, "A", ABSTAINED)
    internal = registry.internal()
    [unregistered] = made(internal)
    assert reasons(internal, unregistered)["404"] == ["no_registration"]

    register(staff.caller, "group_qr")
    [early] = made(internal)
    opened = internal.read(early["links"]["self"])
    assert [each["measure_id"] for each in opened["contents"]] == ["404"]
    assert [each["message"] for each in opened["faults"]] == ["The year is not over."]
    unknown = try_to_make(internal, performance_year=2017)
    assert problem(unknown, 404) == "measure-unknown"


def test_a_subgroup_needs_the_id_that_cms_gave_it(registry: Registry, staff: Staff) -> None:
    staff.bring_in_robin()
    subgroup = staff.add("subgroups", tin=TIN, performance_year=2024, name="Ambulatory", npis=[NPI])
    send_smokers(registry, "A", ABSTAINED)
    register(
        staff.caller,
        "group_qr",
        mvp="G0059",
        cms_registration_acknowledged=True,
        subgroup_ids=[subgroup["id"]],
    )
    registry.on_day(AFTER_THE_YEAR)
    internal = registry.internal()

    tin, nameless = made(internal)
    assert (tin["entity_type"], tin["ready"]) == ("group", True)
    [fault] = internal.read(nameless["links"]["self"])["faults"]
    assert (fault["rule"], fault["path"]) == ("entity", "$.entityId")
    assert nameless["group_name"] == "Ambulatory"
    _, named = made(internal, entity_ids={subgroup["id"]: "SG-00001005"})
    told = internal.get(named["links"]["file"]).json()
    assert (told["entityType"], told["entityId"]) == ("subgroup", "SG-00001005")
    assert told["measurementSets"][0]["programName"] == "G0059"
    stranger = try_to_make(internal, entity_ids={tin["id"]: "SG-00001006"})
    assert problem(stranger, 422) == "invalid-request"
    early = {**SENT, "sent_on": "2024-12-31"}
    refused = internal.ask("POST", f"{named['links']['self']}/sent", json=early)
    assert problem(refused, 422) == "invalid-request"
    assert refused.json()["detail"].startswith("sent_on")


def test_a_virtual_group_is_sent_in_the_place_of_its_tins_and_shown_to_staff_alone(
    registry: Registry, staff: Staff
) -> None:
    tins = [TIN, OTHER_TIN]
    entry = staff.add("virtual-groups", performance_year=2024, name="Lakes", tins=tins)
    send_smokers(registry, "A", ABSTAINED)
    register(staff.caller, "group_qr", virtual_group_id=entry["id"])
    registry.on_day(AFTER_THE_YEAR)
    internal = registry.internal()
    tin, unconfirmed = made(internal)
    assert tin["ready"]
    assert reasons(internal, unconfirmed)["404"] == ["group_not_confirmed"]

    confirmed = confirm_group(registry, entry)
    [why] = internal.read(tin["links"]["self"])["faults"]
    assert why["message"] == MEANINGS["level_not_registered"]
    tin, group = made(internal, entity_ids={entry["id"]: "VG-0001"})
    assert reasons(internal, tin)["404"] == ["level_not_registered"]
    told = internal.get(group["links"]["file"]).json()
    assert (told["entityType"], told["entityId"]) == ("virtualGroup", "VG-0001")
    for address in group["links"].values():
        assert problem(staff.caller.get(address), 403) == "not-permitted"

    confirm_group(registry, confirmed, word="withdraw-confirmation")
    [why] = internal.read(group["links"]["self"])["faults"]
    assert (why["rule"], why["message"]) == ("overtaken", MEANINGS["group_not_confirmed"])
