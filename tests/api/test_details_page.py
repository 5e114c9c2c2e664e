"""What a practice tells of itself, as a form."""

import pytest
from anyio.from_thread import BlockingPortal

from app.domain.principals import Role
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import Browser, browser_of, fields_of, text_of
from tests.registry import Registry
from tests.rosters import ROSTER, Staff

PAGE = f"{ROOT}/details"
HARBOR = {
    "purpose": "billing",
    "street": "1 Harbor Street",
    "city": "Duluth",
    "state": "MN",
    "zip_code": "55802",
}
KIM = {"role": "quality", "name": "Kim Sample", "mail": "kim@lakeside.example", "telephone": ""}


@pytest.fixture
def manager(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def test_name_addresses_contacts_and_size_are_changed(registry: Registry, manager: Browser) -> None:
    typed = {
        "clinicians": "fourteen",
        **{f"addresses.1.{name}": value for name, value in HARBOR.items()},
        "addresses.1.state": "Minnesota",
        "contacts.0.mail": "kim@lakeside.example",
    }
    refused = send(manager, manager.get(PAGE), PAGE, typed)
    assert refused.status_code == 422
    assert said_beside(refused) == {
        "clinicians": "Must be a whole number.",
        "addresses.1.state": "Does not have the form that is asked for.",
        "contacts.0.role": "Is required.",
        "contacts.0.name": "Is required.",
    }
    assert fields_of(refused, PAGE).items() >= typed.items()

    right = {f"contacts.0.{name}": value for name, value in KIM.items()}
    answer = send(manager, refused, PAGE, {**right, "clinicians": "14", "addresses.1.state": "MN"})
    page = manager.follow(answer)
    assert "It is changed." in text_of(page)
    told = registry.practice().read(ROSTER)
    assert (told["addresses"], told["contacts"], told["clinicians"]) == ([HARBOR], [KIM], 14)
    kept = fields_of(page, PAGE)
    assert (kept["addresses.0.city"], kept["addresses.1.city"]) == ("Duluth", "")

    gone = dict.fromkeys((name for name in kept if name.startswith("addresses.0")), "")
    send(manager, page, PAGE, gone)
    assert registry.practice().read(ROSTER)["addresses"] == [], "an empty row is left out"


def test_two_people_change_it_and_the_second_is_told(registry: Registry, manager: Browser) -> None:
    form = manager.get(PAGE)
    send(manager, manager.get(PAGE), PAGE, {"name": "Lakeside Anesthesia Group"})
    second = send(manager, form, PAGE, {"clinicians": "15"})
    assert second.status_code == 412
    assert "Now it says: Lakeside Anesthesia Group" in text_of(second)
    assert fields_of(second, PAGE)["clinicians"] == "15"
    send(manager, second, PAGE, {"name": "Lakeside Anesthesia Group"})
    told = registry.practice().read(ROSTER)
    assert (told["name"], told["clinicians"]) == ("Lakeside Anesthesia Group", 15)


def test_agreements_are_shown_and_staff_set_their_days(
    registry: Registry, manager: Browser, portal: BlockingPortal
) -> None:
    assert "No participation agreement is in force today." in text_of(manager.get(PAGE))
    staff = Staff(caller=registry.internal())
    signed = {"kind": "participation", "reference": "contract 2024-17"}
    staff.add("agreements", **signed, valid_from="2024-01-01")
    page = manager.get(PAGE)
    assert rows_of(page, "Agreements") == [
        ["Participation agreement", "2024-01-01", "open", "contract 2024-17"]
    ]
    assert "Add agreement" not in page.text
    internal = browser_of(registry, portal, Role.INTERNAL)
    assert rows_of(internal.get(PAGE), "Agreements")[0][-1] == "Change"
