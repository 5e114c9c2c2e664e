"""Every change of a roster stands in the audit trail: by ids of ours, never by a TIN or an NPI."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from httpx import Response

from app.access.calls import CALLS
from app.access.rights import Right
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.commands import nacor_on
from tests.registry import OTHER_PRACTICE, Registry
from tests.rosters import CSV, ROBIN, ROSTER, Staff, seen

_ENTRIES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "tins": ({"tin": OTHER_TIN}, {"valid_from": "2024-01-01"}),
    "facilities": ({"facility_id": "F-01", "name": "Harbor Hospital"}, {"name": "Harbor"}),
    "clinicians": ({**ROBIN, "npi": OTHER_NPI}, {"name": "Kim Sample"}),
    "employments": ({"tin": TIN, "starts_on": "2024-01-01"}, {"ends_on": "2024-12-31"}),
    "subgroups": (
        {"tin": TIN, "performance_year": 2024, "name": "Cardiac team", "npis": [NPI]},
        {"name": "Pain team"},
    ),
    "virtual-groups": (
        {"performance_year": 2024, "name": "Northern Lakes", "tins": [TIN]},
        {"name": "Northern Lake"},
    ),
}
_LIST: Final = (
    "npi,name,credentials,asa_member_years,tin,starts_on,ends_on\n"
    f"{OTHER_NPI},Kim Example,Anesthesiologist,,{TIN},2024-01-01,\n"
)


def change_entries(registry: Registry, kind: str) -> list[Response]:
    """Add an entry, change it, remove it."""
    staff = Staff(caller=registry.practice())
    [robin] = staff.listed("clinicians")
    values, change = _ENTRIES[kind]
    if kind == "employments":
        [job] = staff.listed("employments")
        assert staff.try_to_remove("employments", job).status_code == 204
        values = {**values, "clinician_id": robin["id"]}
    added = staff.try_to_add(kind, **values)
    changed = staff.try_to_change(kind, added.json(), **change)
    return [added, changed, staff.try_to_remove(kind, changed.json())]


def rename(registry: Registry) -> list[Response]:
    caller = registry.practice()
    entry = {"version": caller.read(ROSTER)["version"]}
    return [caller.ask("PUT", ROSTER, json={"name": "Lakeside"}, headers=seen(entry))]


def register(registry: Registry) -> list[Response]:
    asked = {"id": OTHER_PRACTICE, "name": "Harbor Anesthesia"}
    return [registry.internal().ask("POST", "/v1/practices", json=asked)]


def import_list(registry: Registry) -> list[Response]:
    path = f"{ROSTER}/clinicians/import"
    content = _LIST.encode()
    return [registry.practice().ask("POST", path, content=content, headers=CSV) for _ in range(2)]


def confirm_a_tin(registry: Registry) -> list[Response]:
    registry.vendor().send(a_case_file(a_record("A-1", staff=[(OTHER_TIN, NPI)])))
    decision = {"kind": "unknown_tin", "tin": OTHER_TIN, "decision": "confirm", "reason": "ours"}
    asked = {"performance_year": 2024, "decisions": [decision]}
    return [registry.practice().ask("POST", f"{ROSTER}/reconciliation", json=asked)]


def enter_figures(registry: Registry) -> list[Response]:
    """Those of a surgical center, for a year that is over."""
    registry.on_day(date(2026, 1, 15))
    staff = Staff(caller=registry.practice())
    center = {"facility_id": "F-01", "name": "Eye Center", "place_of_service": 24}
    added = staff.try_to_add("facilities", **center)
    path = f"{ROSTER}/facilities/{added.json()['id']}/asc-figures/2025"
    entered = staff.caller.ask("PUT", path, json={"admissions": 100}, headers={"If-Match": '"0"'})
    return [added, entered]


def opt_out(registry: Registry) -> list[Response]:
    asked = {"opted_out": True}
    return [registry.practice().ask("PUT", f"{ROSTER}/peer-comparison", json=asked)]


def order(what: str) -> Callable[[Registry], list[Response]]:
    asked = {"reason": "Results go to CMS this month."}
    path = f"/v1/provider-lists/2024/{what}"
    return lambda registry: [registry.internal().ask("POST", path, json=asked)]


def confirm_a_group(word: str) -> Callable[[Registry], list[Response]]:
    """What staff say of a virtual group that has been confirmed, if that is to be taken back."""

    def say(registry: Registry) -> list[Response]:
        values, _ = _ENTRIES["virtual-groups"]
        group = Staff(caller=registry.practice()).add("virtual-groups", **values)
        said = []
        for each in dict.fromkeys(("confirm", word)):
            path = f"{ROSTER}/virtual-groups/{group['id']}/{each}"
            said.append(registry.internal().ask("POST", path, headers=seen(group)))
            group = said[-1].json()
        return said

    return say


Story = tuple[Callable[[Registry], list[Response]], list[str]]
_PATH: Final = "/v1/practices/{practice_id}"
_CHANGED: Final = ["roster.entry_added", "roster.entry_changed", "roster.entry_removed"]
STORIES: Final[dict[str, Story]] = {
    "POST /v1/practices": (register, ["practice.registered"]),
    f"PUT {_PATH}": (rename, ["practice.changed"]),
    f"PUT {_PATH}/facilities/{{entry_id}}/asc-figures/{{year}}": (
        enter_figures,
        ["roster.entry_added", "asc_figures.entered"],
    ),
    f"PUT {_PATH}/peer-comparison": (opt_out, ["peers.opted_out"]),
    f"POST {_PATH}/clinicians/import": (import_list, ["roster.imported"]),
    f"POST {_PATH}/reconciliation": (
        confirm_a_tin,
        ["submission.received", "roster.entry_added", "reconciliation.decided"],
    ),
    f"POST {_PATH}/virtual-groups/{{entry_id}}/confirm": (
        confirm_a_group("confirm"),
        ["roster.entry_added", "virtual_group.confirmed"],
    ),
    f"POST {_PATH}/virtual-groups/{{entry_id}}/withdraw-confirmation": (
        confirm_a_group("withdraw-confirmation"),
        [
            "roster.entry_added",
            "virtual_group.confirmed",
            "virtual_group.confirmation_withdrawn",
        ],
    ),
    "POST /v1/provider-lists/{performance_year}/lock": (order("lock"), ["provider_list.locked"]),
    "POST /v1/provider-lists/{performance_year}/unlock": (
        order("unlock"),
        ["provider_list.unlocked"],
    ),
}
OF_ENTRIES: Final = {
    f"{method} {_PATH}/{kind}{one}"
    for kind in _ENTRIES
    for method, one in (("POST", ""), ("PUT", "/{entry_id}"), ("DELETE", "/{entry_id}"))
}
_CHANGES: Final = (
    *(Right.CHANGE_ROSTER, Right.REGISTER_PRACTICES),
    *(Right.LOCK_PROVIDER_LISTS, Right.CONFIRM_VIRTUAL_GROUPS),
)


def test_every_call_that_changes_a_roster_is_told_here() -> None:
    changing = {
        call for call, right in CALLS.items() if right in _CHANGES and not call.startswith("GET ")
    }
    assert changing == set(STORIES) | OF_ENTRIES


def trail(registry: Registry) -> list[dict[str, Any]]:
    """Of every chain, the oldest first."""
    entries: list[dict[str, Any]] = registry.admin().read("/v1/audit", limit=500)["items"]
    return list(reversed(entries))


def told_of(registry: Registry, change: Callable[[Registry], list[Response]]) -> list[str]:
    """The actions that a change is told by; the trail stays whole and shows no TIN and no NPI."""
    Staff(caller=registry.practice()).bring_in_robin()
    before = len(trail(registry))
    for answer in change(registry):
        assert answer.is_success, answer.text
    entries = trail(registry)
    written = json.dumps(entries)
    assert not any(number in written for number in (TIN, OTHER_TIN, NPI, OTHER_NPI))
    assert all(entry["actor"]["key_id"] for entry in entries[before:])
    return [entry["action"] for entry in entries[before:]]


@pytest.mark.parametrize("call", STORIES)
def test_who_changed_a_roster_is_in_the_trail(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    change, expected = STORIES[call]
    assert told_of(registry, change) == expected
    proved = nacor_on(registry.engine, monkeypatch)("audit", "verify")
    assert proved.exit_code == 0, proved.output


@pytest.mark.parametrize("kind", _ENTRIES)
def test_each_change_of_an_entry_is_in_the_trail(registry: Registry, kind: str) -> None:
    told = told_of(registry, lambda each: change_entries(each, kind))
    assert told[-3:] == _CHANGED
    newest = trail(registry)[-1]
    assert newest["about"] == kind.removesuffix("s").replace("facilitie", "facility")
    assert newest["about_id"] is not None


def test_an_import_says_how_much_it_changed(registry: Registry) -> None:
    told_of(registry, import_list)
    [entry] = [each for each in trail(registry) if each["action"] == "roster.imported"]
    assert entry["details"] == {"added": "2", "changed": "0", "ended": "0"}


def test_a_refused_change_is_not_in_the_trail(registry: Registry) -> None:
    staff = Staff(caller=registry.practice())
    before = trail(registry)
    assert staff.try_to_add("tins", tin=TIN).status_code == 409
    assert trail(registry) == before
