"""What becomes of a record that is known already, held, deleted, or sent in another order."""

from typing import Any

import pytest

from app.web.paging import encode_cursor
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry

XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def only_case(caller: Caller) -> Any:
    """The one case of the practice, whole."""
    (summary,) = caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    return caller.read(f"/v1/cases/{summary['case_id']}")


def history_of(caller: Caller, case: Any) -> Any:
    return caller.read(f"/v1/cases/{case['case_id']}/history")["items"]


def test_a_new_record_becomes_a_case(registry: Registry) -> None:
    practice = registry.practice()
    receipt = practice.send(
        a_case_file(
            a_record(
                "A-1",
                start="2024-03-01T07:30:00",
                end="2024-03-01T09:45:30.500",
                age="46",
                weight_kg="75.50",
                staff=[(TIN, NPI), (TIN, OTHER_NPI)],
                more={"PatientID": "P-1", "DOB": "1977-05-14", "HomeZip": "60601"},
            )
        )
    )
    case = only_case(practice)
    assert (case["status"], case["version"], case["sandbox"]) == ("active", 1, False)
    fields = case["fields"]
    assert fields["submission_id"] == receipt["id"]
    assert fields["schema_version"] == "2023V1.0"
    assert (fields["date_of_service"], fields["performance_year"]) == ("2024-03-01", 2024)
    assert fields["anesthesia_start"] == "2024-03-01T07:30:00"  # no zone: kept as it came
    assert fields["anesthesia_end"] == "2024-03-01T09:45:30.500000"
    assert (fields["age_years"], fields["asa_class"]) == (46, "II")
    assert fields["weight_kg"] == 75.5
    assert (fields["patient_id"], fields["date_of_birth"]) == ("P-1", "1977-05-14")
    assert [(member["tin"], member["npi"]) for member in case["staff"]] == [
        (TIN, NPI),
        (TIN, OTHER_NPI),
    ]


def test_the_date_of_service_is_that_of_the_earliest_start(registry: Registry) -> None:
    practice = registry.practice()
    over_new_year = a_record(start="2023-12-31T23:30:00", end="2024-01-01T01:00:00")
    practice.send(a_case_file(over_new_year))
    assert only_case(practice)["fields"]["date_of_service"] == "2023-12-31"
    assert (practice.count(2023), practice.count(2024)) == (1, 0)


def test_other_content_replaces_and_the_earlier_version_is_kept(registry: Registry) -> None:
    practice = registry.practice()
    first = practice.send(a_case_file(a_record("A-1", age="46", facility="F-01")))
    second = practice.send(a_case_file(a_record("A-1", age="47", facility="F-02")))
    assert (first["records"]["created"], second["records"]["replaced"]) == (1, 1)
    case = only_case(practice)
    assert (case["version"], case["fields"]["age_years"]) == (2, 47)
    assert case["fields"]["submission_id"] == second["id"]
    standing, earlier = history_of(practice, case)
    assert (standing["version"], standing["ended_by"]) == (2, None)
    assert (earlier["version"], earlier["fields"]["age_years"]) == (1, 46)
    assert earlier["fields"]["submission_id"] == first["id"]
    assert earlier["ended_by"] == f"submission {second['id']}"
    assert earlier["staff"][0]["npi"] == NPI
    assert practice.count() == 1


def test_a_replaced_case_moves_with_its_counts(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1", start="2023-03-01T07:30:00")))
    practice.send(a_case_file(a_record("A-1", start="2024-03-01T07:30:00")))
    assert (practice.count(2023), practice.count(2024)) == (0, 1)


def test_a_record_sent_five_times_has_five_versions(registry: Registry) -> None:
    practice = registry.practice()
    for age in range(40, 45):
        practice.send(a_case_file(a_record("A-1", age=str(age))))
    history = history_of(practice, only_case(practice))
    assert [version["version"] for version in history] == [5, 4, 3, 2, 1]
    assert [version["fields"]["age_years"] for version in history] == [44, 43, 42, 41, 40]


def test_a_version_keeps_its_shape_when_it_is_replaced(registry: Registry) -> None:
    practice = registry.practice()
    record = a_record(
        "A-1",
        end="2024-03-01T09:45:30.500",
        weight_kg="75.50",
        procedure_id="P-7",
        quality=[("PQRS404", "G9642")],
        staff=[(TIN, NPI), (TIN, OTHER_NPI)],
        more={"PatientID": "P-1", "DOB": "1977-05-14", "HomeZip": "60601"},
    )
    record = record.replace("<IntraOp/>", A_TEMPERATURE)
    for content in (record, a_record("A-1"), record + "\n"):
        practice.send(a_case_file(content))
    third, _, first = history_of(practice, only_case(practice))
    assert [third["version"], first["version"]] == [3, 1]
    of_the_sending = {"submission_id", "stored_at"}
    assert list(third["fields"]) == list(first["fields"])
    for name, value in third["fields"].items():
        if name not in of_the_sending:
            assert first["fields"][name] == value, name
            assert type(first["fields"][name]) is type(value), name
    assert third["staff"] == first["staff"]
    assert first["fields"]["weight_kg"] == 75.5
    (temperature,) = first["fields"]["temperatures"]
    assert (temperature["value"], temperature["unit"]) == (36.25, "C")
    for version in (third, first):
        assert version["fields"]["stored_at"].endswith("Z")
    assert first["ended_at"].endswith("Z")


A_TEMPERATURE = """<IntraOp><MonitoringPhysiologicSet><Monitoring>
    <MonitoringName>Temperature</MonitoringName>
    <MonitoringTime>2024-03-01T09:40:00</MonitoringTime>
    <MonitoringUnits>C</MonitoringUnits>
    <MonitoringValueNumeric>36.25</MonitoringValueNumeric>
</Monitoring></MonitoringPhysiologicSet></IntraOp>"""


def test_the_shape_of_a_case_is_documented(registry: Registry) -> None:
    schemas = registry.anyone().read("/openapi.json")["components"]["schemas"]
    for owner in ("CaseOut", "CaseVersionOut"):
        properties = schemas[owner]["properties"]
        assert properties["fields"] == {"$ref": "#/components/schemas/CaseFields"}
        assert properties["staff"]["items"] == {"$ref": "#/components/schemas/StaffOut"}
    weight = schemas["CaseFields"]["properties"]["weight_kg"]
    assert {"type": "number"} in weight["anyOf"]
    assert {"type": "string"} not in weight["anyOf"]


def test_a_long_history_comes_in_pages(registry: Registry) -> None:
    practice = registry.practice()
    for age in range(40, 45):
        practice.send(a_case_file(a_record("A-1", age=str(age))))
    path = f"/v1/cases/{only_case(practice)['case_id']}/history"
    pages = practice.pages(path, limit=2)
    assert [[version["version"] for version in page] for page in pages] == [[5, 4], [3, 2], [1]]
    assert [len(page) for page in practice.pages(path, limit=5)] == [5]
    assert [len(page) for page in practice.pages(path, limit=4)] == [4, 1]


@pytest.mark.parametrize("key", [{"before": 0}, {"before": 2**31}, {"before": "2"}, {"after": 2}])
def test_a_cursor_of_no_history_is_refused(registry: Registry, key: dict[str, Any]) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    path = f"/v1/cases/{only_case(practice)['case_id']}/history"
    assert practice.get(path, cursor=encode_cursor(key)).status_code == 400


def test_the_same_content_is_unchanged(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1")))
    receipt = practice.send(a_case_file(a_record("A-1"), a_record("A-2")))
    assert (receipt["records"]["unchanged"], receipt["records"]["created"]) == (1, 1)
    assert receipt["status"] == "accepted"
    assert practice.count() == 2


def test_the_same_content_laid_out_anew_is_unchanged(registry: Registry) -> None:
    practice = registry.practice()
    record = a_record("A-1", notes='Said <nothing> & "all"')
    first = practice.send(a_case_file(record))
    layouts = {
        "on one line": "".join(line.strip() for line in record.splitlines()),
        "with tabs": record.replace("      ", "\t\t"),
        "with Windows line ends": record.replace("\n", "\r\n"),
        "with a comment": record.replace("<PreOp>", "<!-- preop --><PreOp>"),
        "with a long empty tag": record.replace("<IntraOp/>", "<IntraOp></IntraOp>"),
        "with a CDATA section": record.replace(
            "<FacilityID>F-01<", "<FacilityID><![CDATA[F-01]]><"
        ),
        "with character references": record.replace("<FacilityID>F", "<FacilityID>&#70;"),
    }
    for layout, same in layouts.items():
        assert same != record, layout
        receipt = practice.send(a_case_file(same))
        assert receipt["records"]["unchanged"] == 1, layout
    case = only_case(practice)
    assert (case["version"], case["fields"]["submission_id"]) == (1, first["id"])


def test_content_with_nil_elements_laid_out_anew_is_unchanged(registry: Registry) -> None:
    practice = registry.practice()
    record = a_record("A-1").replace("<Demographic>", '<Demographic><PatientID xsi:nil="true"/>')
    assert practice.send(a_case_file(record, declarations=XSI))["records"]["created"] == 1
    again = practice.send(a_case_file(record.replace("\n", "\n "), declarations=XSI))
    assert again["records"]["unchanged"] == 1


def test_white_space_in_a_value_is_content(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1", notes="no remarks")))
    receipt = practice.send(a_case_file(a_record("A-1", notes="no  remarks")))
    assert receipt["records"]["replaced"] == 1


def test_the_same_id_in_two_practices_is_two_cases(registry: Registry) -> None:
    registry.register("23456", TIN)
    vendor = registry.vendor(PRACTICE, "23456")
    vendor.send(a_case_file(a_record("A-1")))
    receipt = vendor.send(a_case_file(a_record("A-1"), practice_id="23456"), practice_id="23456")
    assert receipt["records"]["created"] == 1
    internal = registry.internal()
    assert (internal.count(), internal.count(practice_id="23456")) == (1, 1)


def test_a_record_with_an_unknown_tin_is_held_until_the_tin_is_registered(
    registry: Registry,
) -> None:
    practice = registry.practice()
    receipt = practice.send(
        a_case_file(
            a_record("A-1"),
            a_record("A-2", staff=[(OTHER_TIN, NPI)]),
            a_record("A-3", staff=[(TIN, NPI), (OTHER_TIN, OTHER_NPI)]),
        )
    )
    assert (receipt["records"]["created"], receipt["records"]["held"]) == (1, 2)
    statuses = [
        case["status"] for case in practice.read(f"/v1/cases?practice_id={PRACTICE}")["items"]
    ]
    assert statuses == ["active", "held", "held"]
    assert practice.count() == 1
    registry.register(PRACTICE, OTHER_TIN)
    statuses = [
        case["status"] for case in practice.read(f"/v1/cases?practice_id={PRACTICE}")["items"]
    ]
    assert statuses == ["active"] * 3
    assert practice.count() == 3
    assert practice.count(tin=OTHER_TIN) == 2


def test_a_held_record_sent_again_stays_held_and_counts_once_released(registry: Registry) -> None:
    practice = registry.practice()
    held = a_record("A-1", staff=[(OTHER_TIN, NPI)])
    practice.send(a_case_file(held))
    assert practice.send(a_case_file(held, a_record("A-2")))["records"]["unchanged"] == 1
    changed = a_record("A-1", staff=[(OTHER_TIN, NPI)], age="50")
    assert practice.send(a_case_file(changed))["records"]["held"] == 1
    assert practice.count() == 1
    registry.register(PRACTICE, OTHER_TIN)
    assert practice.count() == 2
    assert only_of(practice, "A-1")["version"] == 2


def only_of(caller: Caller, record_id: str) -> Any:
    (case,) = (
        case
        for case in caller.read("/v1/cases", practice_id=PRACTICE)["items"]
        if case["anesthesia_record_id"] == record_id
    )
    return case


def test_an_active_case_that_comes_with_an_unknown_tin_stops_counting(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1")))
    receipt = practice.send(a_case_file(a_record("A-1", staff=[(OTHER_TIN, NPI)])))
    assert receipt["records"]["held"] == 1
    assert practice.count() == 0
    practice.send(a_case_file(a_record("A-1", age="50")))
    assert practice.count() == 1


def test_a_deleted_case_leaves_the_counts_and_stays_in_the_history(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1"), a_record("A-2")))
    case = only_of(practice, "A-1")
    answer = practice.delete(f"/v1/cases/{case['case_id']}", reason="duplicate")
    assert answer.status_code == 200
    left = answer.json()
    assert left.pop("deleted_at").endswith("Z")
    assert left == {
        "case_id": case["case_id"],
        "status": "deleted",
        "version": 2,
        "reason": "duplicate",
    }
    assert practice.count() == 1
    listed = practice.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert [each["anesthesia_record_id"] for each in listed] == ["A-2"]
    deleted = practice.read(f"/v1/cases/{case['case_id']}")
    assert deleted["status"] == "deleted"
    assert deleted["fields"]["deletion_reason"] == "duplicate"
    tombstone, earlier = history_of(practice, case)
    assert (tombstone["version"], earlier["version"]) == (2, 1)
    assert earlier["ended_by"].startswith("deletion by key ")


def test_deleting_twice_is_deleting_once(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    case = only_case(practice)
    path = f"/v1/cases/{case['case_id']}"
    first = practice.delete(path, reason="duplicate")
    again = practice.delete(path, reason="again")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.json()["reason"] == "duplicate"
    assert practice.read(path)["fields"]["deletion_reason"] == "duplicate"
    assert len(history_of(practice, case)) == 2


def test_a_deletion_needs_a_reason(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    path = f"/v1/cases/{only_case(practice)['case_id']}"
    assert practice.ask("DELETE", path).status_code == 422
    assert practice.delete(path, reason="").status_code == 422
    assert practice.count() == 1


def test_a_deleted_record_sent_again_comes_back_as_a_new_version(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1")))
    case = only_case(practice)
    practice.delete(f"/v1/cases/{case['case_id']}", reason="a mistake")
    receipt = practice.send(a_case_file(a_record("A-1"), a_record("A-2")))
    assert (receipt["records"]["replaced"], receipt["records"]["created"]) == (1, 1)
    back = only_of(practice, "A-1")
    assert (back["case_id"], back["version"], back["status"]) == (case["case_id"], 3, "active")
    assert [version["version"] for version in history_of(practice, case)] == [3, 2, 1]
    assert practice.count() == 2


def test_a_deleted_held_case_is_not_released(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1", staff=[(OTHER_TIN, NPI)])))
    practice.delete(f"/v1/cases/{only_case(practice)['case_id']}", reason="duplicate")
    registry.register(PRACTICE, OTHER_TIN)
    assert practice.count() == 0


def test_cases_are_listed_in_the_order_of_their_first_arrival(registry: Registry) -> None:
    practice = registry.practice()
    ids = [f"A-{number}" for number in range(7)]
    practice.send(a_case_file(*(a_record(each) for each in ids)))
    practice.send(a_case_file(a_record("A-0", age="80")))
    pages = practice.pages("/v1/cases", practice_id=PRACTICE, limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [case["anesthesia_record_id"] for page in pages for case in page] == ids


def test_the_record_is_kept_as_it_was_received(registry: Registry) -> None:
    practice = registry.practice()
    record = a_record("A-1", notes="Prüfung, 🩺").strip()
    practice.send(a_case_file(record + "\n"))
    path = f"/v1/cases/{only_case(practice)['case_id']}/record"
    answer = practice.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml"
    assert answer.content == record.encode()
    assert registry.practice(sandbox=True).get(path).status_code == 404
