"""The roster of a practice: who it is, its TINs, facilities, clinicians, and who changed what."""

from typing import Any

import pytest
from httpx import Response

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry
from tests.rosters import ROBIN, ROSTER, Staff, seen

LAKESIDE: dict[str, Any] = {
    "name": "Lakeside Anesthesia",
    "addresses": [
        {
            "purpose": "mail",
            "street": "1 Harbor Street",
            "city": "Duluth",
            "state": "MN",
            "zip_code": "55802",
        }
    ],
    "contacts": [
        {
            "role": "quality",
            "name": "Robin Example",
            "mail": "robin@lakeside.example",
            "telephone": "",
        }
    ],
    "clinicians": 15,
}


# What the practice is


def test_a_practice_tells_who_it_is(staff: Staff) -> None:
    before = staff.caller.get(ROSTER)
    assert before.json()["name"] == "Lakeside Anesthesia"
    assert before.json()["is_small"] is None
    headers = {"If-Match": before.headers["ETag"]}
    answer = staff.caller.ask("PUT", ROSTER, json=LAKESIDE, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "id": PRACTICE,
        "version": 2,
        **LAKESIDE,
        "is_small": True,
        "missing_agreements": ["business_associate", "participation"],
    }
    assert staff.caller.read(ROSTER) == answer.json()


def test_with_sixteen_clinicians_a_practice_is_small_no_more(staff: Staff) -> None:
    headers = {"If-Match": '"1"'}
    told = {**LAKESIDE, "clinicians": 16}
    assert staff.caller.ask("PUT", ROSTER, json=told, headers=headers).json()["is_small"] is False


def test_registry_staff_register_practices_and_see_all_of_them(registry: Registry) -> None:
    admin = registry.admin()
    made = admin.ask("POST", "/v1/practices", json={"id": OTHER_PRACTICE, **LAKESIDE})
    assert made.status_code == 201, made.text
    assert admin.get(made.headers["Location"]).json() == made.json()
    again = admin.ask("POST", "/v1/practices", json={"id": OTHER_PRACTICE, **LAKESIDE})
    assert problem(again, 409) == "roster-conflict"
    assert [each["id"] for each in admin.read("/v1/practices")["items"]] == ["12345", "23456"]
    assert len(admin.pages("/v1/practices", limit=1)) == 2
    own = registry.practice(OTHER_PRACTICE).read("/v1/practices")["items"]
    assert [each["id"] for each in own] == [OTHER_PRACTICE]


# TINs


def test_a_tin_that_is_registered_lets_its_held_cases_count_at_once(
    registry: Registry, staff: Staff
) -> None:
    held = a_case_file(a_record("A-1", staff=[(OTHER_TIN, NPI)]))
    assert registry.vendor().send(held)["records"]["held"] == 1
    assert staff.caller.count() == 0
    staff.add("tins", tin=OTHER_TIN)
    assert staff.caller.count() == 1
    assert staff.caller.count(tin=OTHER_TIN) == 1


def test_a_tin_counts_for_dates_of_service_within_its_days(
    registry: Registry, staff: Staff
) -> None:
    staff.add("tins", tin=OTHER_TIN, valid_from="2024-03-10", valid_until="2024-03-20")
    days = [("A-1", "09"), ("A-2", "10"), ("A-3", "20"), ("A-4", "21")]
    receipt = registry.vendor().send(
        a_case_file(
            *(
                a_record(
                    record,
                    staff=[(OTHER_TIN, NPI)],
                    start=f"2024-03-{day}T07:30:00",
                    end=f"2024-03-{day}T09:30:00",
                )
                for record, day in days
            )
        )
    )
    assert (receipt["records"]["created"], receipt["records"]["held"]) == (2, 2)
    assert staff.caller.count() == 2


def test_a_tin_that_ends_earlier_or_goes_away_holds_the_cases_it_no_longer_covers(
    registry: Registry, staff: Staff
) -> None:
    registry.vendor().send(a_case_file(a_record("A-1")))
    [tin] = staff.listed("tins")
    assert staff.caller.count() == 1
    ended = staff.change("tins", tin, valid_until="2024-02-29")
    assert staff.caller.count() == 0
    open_again = staff.change("tins", ended, valid_until=None)
    assert staff.caller.count() == 1
    assert staff.try_to_remove("tins", open_again).status_code == 204
    assert staff.caller.count() == 0
    [case] = staff.caller.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert case["status"] == "held"


# Clinicians and employments


def test_a_clinician_bills_under_a_tin_from_a_day_on(staff: Staff) -> None:
    robin = staff.add("clinicians", **ROBIN, asa_member_years=[2024, 2023, 2024])
    assert robin["asa_member_years"] == [2023, 2024]
    staff.employ(robin, starts_on="2023-01-01", ends_on="2023-12-31")
    back_again = staff.employ(robin, starts_on="2024-07-01")
    assert [each["starts_on"] for each in staff.listed("employments")] == [
        "2023-01-01",
        "2024-07-01",
    ]
    assert back_again["ends_on"] is None


def test_a_locum_works_under_several_tins_at_the_same_time(staff: Staff) -> None:
    staff.add("tins", tin=OTHER_TIN)
    robin = staff.bring_in_robin()
    staff.employ(robin, tin=OTHER_TIN, starts_on="2023-06-01", ends_on="2023-06-30")
    assert len(staff.listed("employments")) == 2


def test_nobody_works_twice_under_a_tin_on_the_same_day(staff: Staff) -> None:
    robin = staff.bring_in_robin()
    again = {"clinician_id": robin["id"], "tin": TIN, "starts_on": "2024-01-01"}
    assert problem(staff.try_to_add("employments", **again), 409) == "roster-conflict"


def test_a_clinician_with_employments_is_not_removed(staff: Staff) -> None:
    robin = staff.bring_in_robin()
    assert problem(staff.try_to_remove("clinicians", robin), 409) == "roster-conflict"
    [employment] = staff.listed("employments")
    assert staff.try_to_remove("employments", employment).status_code == 204
    assert staff.try_to_remove("clinicians", robin).status_code == 204
    assert staff.listed("clinicians") == []


# Facilities and groups


def test_a_facility_is_known_by_the_id_that_case_files_name(staff: Staff) -> None:
    harbor = {"facility_id": "F-01", "name": "Harbor Hospital", "place_of_service": 22}
    made = staff.add("facilities", **harbor, ccn="240001")
    assert made["ccn"] == "240001"
    assert problem(staff.try_to_add("facilities", **harbor), 409) == "roster-conflict"
    assert staff.listed("facilities") == [made]


def test_a_subgroup_names_clinicians_of_the_list(staff: Staff) -> None:
    staff.bring_in_robin()
    team = {"tin": TIN, "performance_year": 2024, "name": "Cardiac team"}
    assert staff.add("subgroups", **team, npis=[NPI, NPI])["npis"] == [NPI]
    refused = staff.try_to_add("subgroups", **{**team, "name": "Pain team"}, npis=[OTHER_NPI])
    assert problem(refused, 422) == "invalid-request"
    assert OTHER_NPI not in refused.text


def test_a_virtual_group_joins_tins_of_several_practices(staff: Staff) -> None:
    made = staff.add(
        "virtual-groups", performance_year=2024, name="Northern Lakes", tins=[OTHER_TIN, TIN]
    )
    assert made["tins"] == [TIN, OTHER_TIN]


WRONG = [
    ("tins", {"tin": "89-1234567"}, "tin: does not have the form that is asked for"),
    ("tins", {"tin": OTHER_TIN, "valid_from": "2024-02-01", "valid_until": "2024-01-31"},
     "valid_until: it is before valid_from."),
    ("clinicians", {**ROBIN, "npi": "1234567890"},
     "npi: the check digit of the NPI does not match"),
    ("clinicians", {**ROBIN, "npi": "123"}, "npi: does not have the form that is asked for"),
    ("clinicians", {**ROBIN, "credentials": "MD"},
     "credentials: must be one of the values listed in /openapi.json"),
    ("clinicians", {**ROBIN, "salary": 1}, "salary: there is no field of this name"),
    ("employments", {"clinician_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23", "tin": TIN,
                     "starts_on": "2024-01-01"},
     "clinician_id: the practice has no clinician of this id."),
    ("employments", {"clinician_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23", "tin": OTHER_TIN,
                     "starts_on": "2024-01-01"},
     "tin: it is not registered for the practice; register it first."),
    ("facilities", {"facility_id": "F-01", "name": "Harbor\x07"},
     "name: does not have the form that is asked for"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "values", "told"), WRONG)
def test_what_cannot_be_is_told_in_words_and_not_repeated(
    staff: Staff, what: str, values: dict[str, Any], told: str
) -> None:
    answer = staff.try_to_add(what, **values)
    assert problem(answer, 422) == "invalid-request"
    assert answer.json()["detail"] == told


# Several people keep one roster


def test_two_people_do_not_overwrite_each_other(registry: Registry) -> None:
    first, second = Staff(caller=registry.practice()), Staff(caller=registry.internal())
    robin = first.add("clinicians", **ROBIN)
    renamed = first.change("clinicians", robin, name="Robin Sample")
    assert renamed["version"] == 2
    too_late = second.try_to_change("clinicians", robin, name="R. Example")
    assert problem(too_late, 412) == "changed-meanwhile"
    assert problem(second.try_to_remove("clinicians", robin), 412) == "changed-meanwhile"
    assert first.listed("clinicians") == [renamed]


def test_a_change_must_name_the_version_that_was_seen(staff: Staff) -> None:
    robin = staff.add("clinicians", **ROBIN)
    path = f"{ROSTER}/clinicians/{robin['id']}"
    assert staff.caller.get(path).headers["ETag"] == '"1"'
    assert problem(staff.caller.ask("PUT", path, json=ROBIN), 428) == "precondition-missing"
    assert problem(staff.caller.ask("DELETE", path), 428) == "precondition-missing"
    odd = staff.caller.ask("PUT", path, json=ROBIN, headers={"If-Match": "*"})
    assert problem(odd, 412) == "changed-meanwhile"
    weak = staff.caller.ask("PUT", path, json=ROBIN, headers={"If-Match": 'W/"1"'})
    assert weak.status_code == 200


def test_who_changed_what_is_kept(registry: Registry, staff: Staff) -> None:
    robin = staff.add("clinicians", **ROBIN)
    renamed = Staff(caller=registry.admin()).change("clinicians", robin, name="Robin Sample")
    staff.try_to_remove("clinicians", renamed)
    removed, changed, added, *earlier = staff.listed("roster-changes")
    assert [each["action"] for each in (added, changed, removed)] == ["added", "changed", "removed"]
    assert {each["entry_id"] for each in (added, changed, removed)} == {robin["id"]}
    assert (added["by"]["role"], changed["by"]["role"]) == ("practice", "admin")
    assert (added["before"], added["after"]["name"]) == (None, "Robin Example")
    assert (changed["before"]["name"], changed["after"]["name"]) == (
        "Robin Example",
        "Robin Sample",
    )
    assert (removed["before"]["name"], removed["after"]) == ("Robin Sample", None)
    assert [(each["kind"], each["by"]["role"]) for each in earlier] == [("tin", "operator")]


def test_a_request_that_comes_again_with_its_key_adds_nothing(staff: Staff) -> None:
    def send(key: str, **values: Any) -> Response:
        return staff.caller.ask(
            "POST",
            f"{ROSTER}/clinicians",
            json={**ROBIN, **values},
            headers={"Idempotency-Key": key},
        )

    first, again = send("key-1"), send("key-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == first.json()
    assert problem(send("key-1", name="Robin Sample"), 409) == "idempotency-conflict"
    assert problem(send("key-2"), 409) == "roster-conflict"
    assert len(staff.listed("clinicians")) == 1


# Whose roster it is

LISTS = ["tins", "facilities", "clinicians", "employments", "subgroups", "virtual-groups"]


def test_a_roster_belongs_to_its_practice_and_the_registry(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    refused = [
        registry.vendor(),
        registry.practice(OTHER_PRACTICE),
        registry.practice(sandbox=True),
    ]
    for path in (ROSTER, *(f"{ROSTER}/{each}" for each in (*LISTS, "roster-changes"))):
        for caller in refused:
            assert problem(caller.get(path), 403) == "not-permitted"
        for caller in (registry.practice(), registry.internal(), registry.admin()):
            assert caller.get(path).status_code == 200
    for caller in refused:
        answer = caller.ask("POST", f"{ROSTER}/tins", json={"tin": OTHER_TIN})
        assert problem(answer, 403) == "not-permitted"
        answer = caller.ask("PUT", ROSTER, json=LAKESIDE, headers={"If-Match": '"1"'})
        assert problem(answer, 403) == "not-permitted"
    for caller in (registry.vendor(), registry.practice()):
        answer = caller.ask("POST", "/v1/practices", json={"id": "34567", **LAKESIDE})
        assert problem(answer, 403) == "not-permitted"


def test_an_entry_of_another_practice_looks_as_if_there_were_none(
    registry: Registry, staff: Staff
) -> None:
    robin = staff.add("clinicians", **ROBIN)
    registry.register(OTHER_PRACTICE)
    path = f"/v1/practices/{OTHER_PRACTICE}/clinicians/{robin['id']}"
    other = registry.practice(OTHER_PRACTICE)
    assert problem(other.get(path), 404) == "roster-entry-unknown"
    assert problem(other.ask("DELETE", path, headers=seen(robin)), 404) == "roster-entry-unknown"


def test_long_lists_come_in_pages(staff: Staff) -> None:
    for number in range(5):
        staff.add("facilities", facility_id=f"F-{number}", name="A site")
    pages = staff.caller.pages(f"{ROSTER}/facilities", limit=2)
    assert [[each["facility_id"] for each in page] for page in pages] == [
        ["F-0", "F-1"],
        ["F-2", "F-3"],
        ["F-4"],
    ]
