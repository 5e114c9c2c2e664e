"""Why a case landed where it did, as a page: a tree of questions, without values of the record."""

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html

from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, TIN, a_case_file
from tests.people import Browser, browser_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry
from tests.rosters import Staff
from tests.smokers import SMOKED, smoker

DASHBOARD = f"/practices/{PRACTICE}/dashboard"
NOT_THERE = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"


@pytest.fixture
def page(registry: Registry) -> str:
    """The address of the page about a smoker whom Robin took care of."""
    return f"/cases/{sent(registry, 'M-1', NPI)}/measures"


def sent(registry: Registry, record: str, npi: str) -> str:
    registry.vendor().send(a_case_file(smoker(record, SMOKED, staff=[(TIN, npi)])))
    listed = registry.practice().read("/v1/cases", practice_id=PRACTICE)["items"]
    [case_id] = [each["case_id"] for each in listed if each["anesthesia_record_id"] == record]
    return str(case_id)


def sections(browser: Browser, address: str) -> dict[str, str]:
    """What the page says of each measure, by its heading's id."""
    answer = browser.get(address)
    assert answer.status_code == 200
    found = html.fromstring(answer.text).xpath("//section[@aria-labelledby]")
    return {each.get("aria-labelledby"): " ".join(each.text_content().split()) for each in found}


def test_every_measure_says_what_decided_and_on_which_way(
    registry: Registry, portal: BlockingPortal, page: str
) -> None:
    robin = browser_of(registry, portal, Role.PRACTICE)
    told = sections(robin, page)
    smoked = f"{SMOKED} Smoked before anesthesia on the day"
    assert f"performance not met {smoked}. " in told["m-404"]
    assert f"{smoked}: yes, so it is performance not met" in told["m-404"]
    assert "Younger than 18: no" in told["m-404"]
    assert "Age, age between (min years 18): yes" in told["m-404"]
    assert "none of: yes ProcStatus, ASAClass, emergency: no" in told["m-404"]
    assert "assumed Procedure status Elective stands for G9643." in told["m-404"]
    assert "Younger than 3 or older than 17: yes, so it is not eligible" in told["m-463"]
    assert "m-AQI48-surveyed" in told
    inside, outside = text_of(robin.get(page)).split("Measures that it is no case of")
    assert "Anesthesiology Smoking Abstinence" in inside
    assert "Prevention of Post-Operative Vomiting" in outside
    assert list(sections(robin, f"{page}?measure_id=404")) == ["m-404"]


def test_the_page_says_no_more_than_its_steps_and_the_look_is_written_down(
    registry: Registry, portal: BlockingPortal, page: str
) -> None:
    robin = browser_of(registry, portal, Role.PRACTICE)
    answer = robin.get(page)
    assert answer.headers["cache-control"] == "no-store"
    for hidden in ("M-1", NPI, TIN):
        assert hidden not in answer.text
    newest = registry.practice().read("/v1/audit", practice_id=PRACTICE)["items"][0]
    assert newest["action"] == "case.measures_read"
    assert newest["about_id"] in page
    assert newest["actor"]["kind"] == "user"


def test_a_clinician_sees_it_of_their_own_cases_alone(
    registry: Registry, portal: BlockingPortal, page: str
) -> None:
    robin = browser_of(registry, portal, Role.CLINICIAN)
    assert "m-404" in sections(robin, page)
    of_alex = sent(registry, "M-2", OTHER_NPI)
    refused = robin.get(f"/cases/{of_alex}/measures")
    assert refused.status_code == 404
    assert "m-404" not in refused.text
    own, other = (f"/v1{page}", f"/v1/cases/{of_alex}/measures")
    assert (robin.get(own).status_code, robin.get(other).status_code) == (200, 404)
    assert robin.get(own.removesuffix("/measures")).status_code == 403, "not the case itself"


def test_who_may_not_see_a_case_is_told_so_on_a_page(
    registry: Registry, portal: BlockingPortal, page: str
) -> None:
    vendor = browser_of(registry, portal, Role.VENDOR)
    assert vendor.get(page).status_code == 403
    registry.register(OTHER_PRACTICE)
    stranger = browser_of(registry, portal, Role.PRACTICE, practices=(OTHER_PRACTICE,))
    admin = browser_of(registry, portal, Role.ADMIN)
    for browser, address, status in (
        (stranger, page, 404),
        (admin, f"/cases/{NOT_THERE}/measures", 404),
        (admin, f"{page}?measure_id=999", 404),
        (admin, "/cases/x/measures", 422),
    ):
        answer = browser.get(address)
        assert answer.status_code == status
        assert "text/html" in answer.headers["content-type"]
    nobody = Browser(registry.app, portal)
    assert location_of(nobody.get(page)).startswith("/sign-in?next=%2Fcases%2F")


def cases_on(answer: Response) -> list[str]:
    """The records that a page lists, each a link to its reasons."""
    found = html.fromstring(answer.text).xpath("//td/a[starts-with(@href, '/cases/')]")
    return [str(each.text) for each in found]


def test_a_figure_leads_to_its_cases_and_these_to_their_reasons(
    registry: Registry, portal: BlockingPortal
) -> None:
    for record, npi in (("M-1", NPI), ("M-2", OTHER_NPI)):
        sent(registry, record, npi)
    robin = browser_of(registry, portal, Role.PRACTICE)
    board = html.fromstring(robin.get(f"{DASHBOARD}?year=2024").text)
    [listed] = board.xpath("//figure//a[contains(@href, '/measures/404?year=2024&tin_id=')]/@href")
    page = robin.get(listed)
    assert cases_on(page) == ["M-1", "M-2"]
    assert "performance not met Smoked before anesthesia on the day" in text_of(page)
    for shown, cases in (("performance_not_met", ["M-1", "M-2"]), ("performance_met", [])):
        [link] = html.fromstring(page.text).xpath(f"//nav//a[contains(@href, '={shown}')]/@href")
        assert cases_on(robin.get(link)) == cases
    of_survey = f"{DASHBOARD}/measures/AQI48?year=2024&stratum="
    assert cases_on(robin.get(f"{of_survey}surveyed")) == ["M-1", "M-2"]
    assert cases_on(robin.get(f"{of_survey}overall")) == [], "nobody has answered"
    assert robin.get(f"{of_survey}all").status_code == 422
    [why, _] = html.fromstring(page.text).xpath("//td/a[starts-with(@href, '/cases/')]/@href")
    assert list(sections(robin, why)) == ["m-404"]

    clinician = browser_of(registry, portal, Role.CLINICIAN)
    assert cases_on(clinician.get(f"{DASHBOARD}/measures/404?year=2024")) == ["M-1"]
    staff = Staff(caller=registry.practice())
    kim = staff.add("clinicians", npi=OTHER_NPI, name="Kim", credentials="Anesthesiologist")
    of_kim = f"{DASHBOARD}/measures/404?year=2024&clinician_id={kim['id']}"
    assert clinician.get(of_kim).status_code == 403
    assert cases_on(robin.get(of_kim)) == ["M-2"]
    board = html.fromstring(robin.get(f"{DASHBOARD}/clinicians/{kim['id']}?year=2024").text)
    [listed] = board.xpath("//figure//a[contains(@href, 'dashboard/measures/404?')]/@href")
    assert cases_on(robin.get(listed)) == ["M-2"]
    assert robin.get(f"{DASHBOARD}/measures/404?year=2024&tin_id={NOT_THERE}").status_code == 404
    for asked in ("measures/404?year=2005", "measures/999?year=2024"):
        assert robin.get(f"{DASHBOARD}/{asked}").status_code == 404
