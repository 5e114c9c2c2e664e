"""Consents on pages: recorded by the practice for many at once, or signed by who they are of."""

from datetime import date
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response

from app.domain.principals import Role
from tests.case_files import OTHER_NPI
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import Browser, browser_of, location_of, somebody_signed_in, text_of
from tests.registry import PRACTICE, Registry
from tests.reporting import CONSENTS
from tests.rosters import ROBIN, ROSTER, Staff

PAGE = f"{ROOT}/consents"
RECORD = f"{PAGE}?year=2024"
OWN = f"{ROOT}/my-consent"
SIGN = f"{OWN}?year=2024"
OWN_CALL = f"{ROSTER}/own-consent"
CAPTION = "Clinicians who work for the practice in 2024"
PAPER = {"signed_on": "2024-02-01", "evidence": "folder 2024-17"}


@pytest.fixture
def clinicians(registry: Registry) -> list[Any]:
    """Robin and Kim, who work under the TIN of the practice."""
    staff = Staff(caller=registry.practice())
    kim = {**ROBIN, "npi": OTHER_NPI, "name": "Kim Sample"}
    added = [staff.add("clinicians", **each) for each in (ROBIN, kim)]
    for each in added:
        staff.employ(each, starts_on="2023-01-01")
    return added


@pytest.fixture
def manager(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def states(page: Response) -> list[tuple[str, str]]:
    return [(row[1], row[3]) for row in rows_of(page, CAPTION)]


def test_the_practice_records_who_has_signed_and_takes_one_back(
    registry: Registry, clinicians: list[Any], manager: Browser
) -> None:
    page = manager.get(PAGE)
    assert states(page) == [("Robin Example", "missing"), ("Kim Sample", "missing")]
    nobody = send(manager, page, RECORD, PAPER)
    assert "Clinicians: tick who has signed" in text_of(nobody)
    both = [each["id"] for each in clinicians]
    undated = send(manager, page, RECORD, {"clinician_id": both, "evidence": "folder 2024-17"})
    assert (undated.status_code, said_beside(undated)) == (422, {"signed_on": "Is required."})
    assert undated.text.count(" checked") == 2, "who was ticked stays so"
    future = send(manager, undated, RECORD, {"clinician_id": both, "signed_on": "2024-06-02"})
    assert said_beside(future) == {"signed_on": "It lies in the future."}

    recorded = send(manager, undated, RECORD, {"clinician_id": both, **PAPER})
    page = manager.follow(recorded)
    assert "2 consents are recorded." in text_of(page)
    assert "2 signed · 0 withdrawn · 0 missing" in text_of(page)
    assert rows_of(page, CAPTION)[0][4:7] == ["2024-02-01", "folder 2024-17", "2031-12-31"]
    assert "Nobody." in text_of(manager.get(f"{RECORD}&state=missing"))
    items = registry.practice().read(CONSENTS)["items"]
    assert [(each["signer"], each["evidence"]) for each in items] == [
        ("Robin Example", "folder 2024-17"),
        ("Kim Sample", "folder 2024-17"),
    ]

    withdrawal = f"{PAGE}/{items[0]['id']}/withdraw"
    short = send(manager, manager.get(withdrawal), withdrawal, {"reason": "Left."})
    assert set(said_beside(short)) == {"withdrawn_on", "reason"}
    why = {"withdrawn_on": "2024-05-01", "reason": "Reports with another practice."}
    page = manager.follow(send(manager, short, withdrawal, why))
    assert states(page)[0] == (
        "Robin Example",
        "withdrawn from 2024-05-01: Reports with another practice.",
    )


def test_a_clinician_signs_their_own_consent_once(
    registry: Registry, clinicians: list[Any], manager: Browser, portal: BlockingPortal
) -> None:
    robin = browser_of(registry, portal, Role.CLINICIAN, name="Robin Example")
    page = robin.get(OWN)
    assert "I agree that the registry sends my results of performance year 2024" in text_of(page)
    assert robin.get(PAGE).status_code == 403, "of the others they see nothing"
    assert "My consent" in text_of(robin.get("/home"))
    undecided = robin.fill_in(page, SIGN)
    assert (undecided.status_code, "Tick the box" in text_of(undecided)) == (422, True)

    signed = send(robin, page, SIGN, {"agrees": "true"})
    again = send(robin, page, SIGN, {"agrees": "true"})
    assert location_of(again) == location_of(signed), "a double click"
    page = robin.follow(signed)
    assert "You have signed." in text_of(page)
    assert "kept until 2031-12-31" in text_of(page)
    told = robin.get(OWN_CALL, params={"performance_year": "2024"}).json()
    assert (told["state"], told["signed_on"]) == ("signed", "2024-06-01")
    row = rows_of(manager.get(PAGE), CAPTION)[0]
    assert row[3:5] == ["signed", "2024-06-01"]
    assert row[5].startswith("signed here by the clinician, user ")
    assert rows_of(manager.get(PAGE), CAPTION)[1][3] == "missing"
    [entry] = registry.practice().read(
        "/v1/audit", practice_id=PRACTICE, action="consent.recorded"
    )["items"]
    assert (entry["actor"]["role"], entry["details"]["clinician"]) == (
        "clinician",
        clinicians[0]["id"],
    )


def test_a_clinician_takes_their_own_consent_back(
    registry: Registry, clinicians: list[Any], manager: Browser, portal: BlockingPortal
) -> None:
    """One that the practice has recorded from paper, and one that they signed here."""
    both = [each["id"] for each in clinicians]
    send(manager, manager.get(RECORD), RECORD, {"clinician_id": both, **PAPER})
    robin = browser_of(registry, portal, Role.CLINICIAN, name="Robin Example")
    take_back = f"{OWN}/withdraw?year=2024"
    page = robin.follow(robin.fill_in(robin.get(SIGN), take_back))
    assert "You have taken it back." in text_of(page)
    [own, kims] = states(manager.get(RECORD))
    assert own[1].startswith("withdrawn from 2024-06-01: withdrawn here by the clinician, user ")
    assert kims == ("Kim Sample", "signed"), "nobody else's"
    [entry] = registry.practice().read(
        "/v1/audit", practice_id=PRACTICE, action="consent.withdrawn"
    )["items"]
    assert (entry["actor"]["role"], entry["details"]["clinician"]) == ("clinician", both[0])

    robin.follow(send(robin, page, SIGN, {"agrees": "true"}))
    assert states(manager.get(RECORD))[0][1] == "signed"
    person = somebody_signed_in(registry, Role.CLINICIAN, email="robin@second.example")
    said = [
        person.ask("POST", f"{OWN_CALL}/withdraw", json={"performance_year": year})
        for year in (2024, 2024, 2023)
    ]
    assert [each.status_code for each in said] == [200, 200, 404]
    assert said[0].json() == said[1].json(), "once is enough"
    assert said[0].json()["withdrawn_on"] == "2024-06-01"


def test_only_who_is_on_the_list_and_in_time_signs(
    registry: Registry, portal: BlockingPortal, manager: Browser
) -> None:
    robin = browser_of(registry, portal, Role.CLINICIAN)
    assert "has nobody of your NPI" in text_of(robin.get(OWN))
    Staff(caller=registry.practice()).bring_in_robin()
    registry.on_day(date(2020, 2, 1))
    here = f"{OWN}?year=2019"
    late = send(robin, robin.get(here), here, {"agrees": "true"})
    assert late.status_code == 409
    assert "possible until 2020-01-31" in text_of(late)
    assert manager.get(OWN).status_code == 403, "nobody signs for a clinician"
