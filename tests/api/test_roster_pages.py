"""The roster of a practice as its staff keep it in the browser."""

from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html

from app.domain.identifiers import parse_npi
from app.domain.principals import Role
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN
from tests.people import Browser, browser_of, fields_of, location_of, text_of
from tests.registry import PRACTICE, Registry
from tests.rosters import ROBIN, Staff

ROOT = f"/practices/{PRACTICE}"
CLINICIANS = f"{ROOT}/roster/clinicians"
LIST = f"{ROOT}/provider-list"
HEADER = "npi,name,credentials,asa_member_years,tin,starts_on,ends_on\n"
ROBIN_LINE = f"{NPI},Robin Example,Anesthesiologist,2023 2024,{TIN},2023-07-01,\n"


@pytest.fixture
def robin(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def try_to_add(browser: Browser, what: str, **typed: str) -> Response:
    action = f"{ROOT}/roster/{what}/new"
    return browser.fill_in(browser.get(action), action, **typed)


def add(browser: Browser, what: str, **typed: str) -> Response:
    answer = try_to_add(browser, what, **typed)
    assert location_of(answer) == f"{ROOT}/roster/{what}?done=added"
    return browser.follow(answer)


def cells(page: Response) -> list[list[str]]:
    rows = html.fromstring(page.text).xpath("//table[@class='stack']/tbody/tr")
    return [[cell.text_content().strip() for cell in row.xpath("td")] for row in rows]


def upload(browser: Browser, content: str | bytes, **differs: Any) -> Response:
    form = {**fields_of(browser.get(LIST), LIST), **differs}
    form.pop("file", None)
    return browser.ask(
        "POST",
        LIST,
        data=form,
        files={"file": ("list.csv", content, "text/csv")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


# Entries


def test_a_clinician_comes_is_employed_and_leaves(staff: Staff, robin: Browser) -> None:
    page = add(
        robin,
        "clinicians",
        npi=NPI,
        name="Robin Example",
        credentials="Anesthesiologist",
        asa_member_years="2024, 2023",
    )
    assert "It is added." in text_of(page)
    [clinician] = staff.listed("clinicians")
    assert clinician["asa_member_years"] == [2023, 2024]

    form = robin.get(f"{CLINICIANS}/{clinician['id']}")
    assert "Nowhere yet" in text_of(form)
    [link] = html.fromstring(form.text).xpath("//a[text()='Add employment']/@href")
    action = f"{ROOT}/roster/employments/new"
    robin.fill_in(robin.get(str(link)), action, tin=TIN, starts_on="2023-07-01")
    [row] = cells(robin.get(CLINICIANS))
    assert row[:5] == [
        *(NPI, "Robin Example", "Anesthesiologist", "2023 2024", f"{TIN} from 2023-07-01"),
    ]

    [job] = staff.listed("employments")
    change = f"{ROOT}/roster/employments/{job['id']}"
    page = robin.follow(robin.fill_in(robin.get(change), change, ends_on="2024-05-31"))
    assert "It is changed." in text_of(page)
    assert [each["ends_on"] for each in staff.listed("employments")] == ["2024-05-31"]


def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(
    staff: Staff, robin: Browser
) -> None:
    wrong = try_to_add(robin, "clinicians", npi="1234567890", name="Kim Sample")
    assert wrong.status_code == 422
    assert "NPI: the check digit of the NPI does not match" in text_of(wrong)
    assert "Credentials: is required" in text_of(wrong)
    assert fields_of(wrong, f"{CLINICIANS}/new")["name"] == "Kim Sample"
    assert staff.listed("clinicians") == []


def test_who_is_on_the_list_cannot_come_twice(staff: Staff, robin: Browser) -> None:
    staff.add("clinicians", **ROBIN)
    twice = try_to_add(robin, "clinicians", **ROBIN)
    assert twice.status_code == 409
    assert "A clinician of this NPI is on the list already." in text_of(twice)


def test_two_people_change_the_same_and_none_loses_anything(staff: Staff, robin: Browser) -> None:
    clinician = staff.add("clinicians", **ROBIN)
    address = f"{CLINICIANS}/{clinician['id']}"
    form = robin.get(address)
    staff.change("clinicians", clinician, name="Robin Sample")
    second = robin.fill_in(form, address, credentials="Surgeon")
    assert second.status_code == 412
    assert "Now on the list: Robin Sample" in text_of(second)
    assert fields_of(second, address)["credentials"] == "Surgeon"
    robin.fill_in(second, address, name="Robin Sample")
    [now] = staff.listed("clinicians")
    assert (now["name"], now["credentials"]) == ("Robin Sample", "Surgeon")


def test_a_slip_does_not_hide_that_somebody_else_has_changed_it(
    staff: Staff, robin: Browser
) -> None:
    clinician = staff.add("clinicians", **ROBIN)
    address = f"{CLINICIANS}/{clinician['id']}"
    form = robin.get(address)
    staff.change("clinicians", clinician, name="Robin Sample")
    slip = robin.fill_in(form, address, npi="1")
    assert slip.status_code == 422
    assert robin.fill_in(slip, address, npi=NPI).status_code == 412
    [now] = staff.listed("clinicians")
    assert now["name"] == "Robin Sample"


def test_an_entry_is_removed_unless_others_need_it(staff: Staff, robin: Browser) -> None:
    clinician = staff.bring_in_robin()
    address = f"{CLINICIANS}/{clinician['id']}"
    refused = robin.fill_in(robin.get(address), f"{address}/remove")
    assert refused.status_code == 409
    assert "The clinician has employments." in text_of(refused)
    [job] = staff.listed("employments")
    job_address = f"{ROOT}/roster/employments/{job['id']}"
    robin.fill_in(robin.get(job_address), f"{job_address}/remove")
    page = robin.follow(robin.fill_in(robin.get(address), f"{address}/remove"))
    assert "It is removed" in text_of(page)
    assert staff.listed("clinicians") == []


def test_every_kind_of_entry_has_its_form(
    registry: Registry, portal: BlockingPortal, staff: Staff, robin: Browser
) -> None:
    staff.add("clinicians", **ROBIN)
    add(robin, "tins", tin=OTHER_TIN, valid_from="2024-01-01")
    add(robin, "facilities", facility_id="F-01", name="Harbor Hospital", place_of_service="22")
    add(robin, "subgroups", tin=TIN, performance_year="2024", name="Cardiac", npis=f"{NPI}\n")
    group = add(
        robin, "virtual-groups", performance_year="2024", name="Lakes", tins=f"{TIN} {OTHER_TIN}"
    )
    assert cells(group)[0][:4] == ["2024", "Lakes", f"{TIN} {OTHER_TIN}", "awaits the registry"]
    assert [each["npis"] for each in staff.listed("subgroups")] == [[NPI]]

    assert robin.get(f"{ROOT}/roster/agreements/new").status_code == 403
    assert "Add agreement" not in text_of(robin.get(f"{ROOT}/roster/agreements"))
    internal = browser_of(registry, portal, Role.INTERNAL)
    signed = {"valid_from": "2024-01-01", "reference": "contract 2024-17"}
    add(internal, "agreements", kind="participation", **signed)
    assert cells(robin.get(f"{ROOT}/roster/agreements"))[0][0] == "participation"


def test_the_registry_confirms_a_virtual_group_on_a_page(
    registry: Registry, portal: BlockingPortal, staff: Staff, robin: Browser
) -> None:
    lakes = staff.add("virtual-groups", performance_year=2024, name="Lakes", tins=[TIN])
    internal = browser_of(registry, portal, Role.INTERNAL)
    groups = internal.get("/virtual-groups?year=2024")
    assert cells(groups)[0][:4] == ["Lakes", TIN, PRACTICE, "not yet"]
    action = f"/virtual-groups/{PRACTICE}/{lakes['id']}/confirm"
    confirmed = internal.fill_in(groups, action)
    assert "It is confirmed" in text_of(internal.follow(confirmed))
    assert staff.listed("virtual-groups")[0]["confirmed_at"] is not None
    assert internal.fill_in(groups, action, once="0" * 32).status_code == 412, "of an old page"

    taken_back = action.replace("confirm", "withdraw")
    page = internal.fill_in(internal.get("/virtual-groups?year=2024"), taken_back)
    assert "It is taken back" in text_of(internal.follow(page))
    assert staff.listed("virtual-groups")[0]["confirmed_at"] is None
    own = fields_of(robin.get(f"{ROOT}/roster/tins/new"), f"{ROOT}/roster/tins/new")
    asked = {"form_token": own["form_token"], "version": "3"}
    assert internal.post(action, {"version": "3"}).status_code == 403, "no form of ours"
    for answer in (robin.get("/virtual-groups"), robin.post(action, asked)):
        assert "may not confirm virtual groups" in text_of(answer)


def test_an_npi_is_looked_for_without_standing_in_an_address(staff: Staff, robin: Browser) -> None:
    staff.add("clinicians", **ROBIN)
    staff.add("clinicians", npi=OTHER_NPI, name="Kim Sample", credentials="Surgeon")
    action = f"{CLINICIANS}/search"
    found = robin.fill_in(robin.get(CLINICIANS), action, words=OTHER_NPI[:6] + " kim")
    assert [row[1] for row in cells(found)] == ["Kim Sample"]
    assert "1 found." in text_of(found)
    form = next(f for f in html.fromstring(found.text).forms if f.get("action") == action)
    assert form.method == "POST"
    assert cells(robin.fill_in(found, action, words="nobody")) == []


# The list as a file


def test_a_list_is_tried_out_and_taken_over(staff: Staff, robin: Browser) -> None:
    preview = upload(robin, HEADER + ROBIN_LINE)
    assert "1 line, no faults. Nothing is changed yet." in text_of(preview)
    assert ["1", "0", "0", "0"] in cells(preview)
    assert staff.listed("clinicians") == []

    page = robin.follow(robin.fill_in(preview, f"{LIST}/apply"))
    assert "The provider list is taken over." in text_of(page)
    assert cells(page)[0][:2] == [NPI, "Robin Example"]
    download = robin.get(f"/v1{ROOT}/clinicians.csv")
    assert download.text.replace("\r\n", "\n").endswith(ROBIN_LINE)


def test_faults_of_a_list_are_told_by_line(staff: Staff, robin: Browser) -> None:
    refused = upload(robin, HEADER + ROBIN_LINE + ROBIN_LINE.replace(NPI, "1234567890"))
    assert refused.status_code == 422
    assert "The provider list has 1 fault. Nothing was changed." in text_of(refused)
    [[line, column, message, mend]] = cells(refused)
    assert (line, column) == ("3", "npi")
    assert "check digit" in message
    assert mend == "Look it up in NPPES."
    assert staff.listed("clinicians") == []


def test_a_list_that_is_locked_meanwhile_is_not_taken_over(
    registry: Registry, staff: Staff, robin: Browser
) -> None:
    preview = upload(robin, HEADER + ROBIN_LINE)
    reason = {"reason": "Results go to CMS this month.", "opens_on": "2024-07-01"}
    registry.internal().ask("POST", "/v1/provider-lists/2024/lock", json=reason)
    for refused in (
        robin.fill_in(preview, f"{LIST}/apply"),
        upload(robin, HEADER + ROBIN_LINE),
    ):
        assert refused.status_code == 409
        assert "opens again on 2024-07-01" in text_of(refused)
    assert staff.listed("clinicians") == []


def test_what_is_no_list_from_a_page_is_refused(staff: Staff, robin: Browser) -> None:
    assert upload(robin, HEADER + ROBIN_LINE, form_token="x").status_code == 403
    assert upload(robin, b"x" * (2 << 20)).status_code == 413
    plain = {**fields_of(robin.get(LIST), LIST), "file": "text"}
    assert robin.post(LIST, plain).status_code == 403
    for body in (b"", b"--b\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"):
        headers = {
            "Content-Type": "multipart/form-data; boundary=b",
            "Sec-Fetch-Site": "same-origin",
        }
        assert robin.ask("POST", LIST, content=body, headers=headers).status_code == 403
    preview = upload(robin, HEADER + ROBIN_LINE)
    for broken in ("a", "é"):
        assert robin.fill_in(preview, f"{LIST}/apply", list=broken).status_code == 403
    assert staff.listed("clinicians") == []


def test_a_long_list_comes_in_pages(staff: Staff, robin: Browser) -> None:
    valid = [npi for npi in range(1_000_000_000, 1_000_000_600) if _is_valid(str(npi))]
    lines = [ROBIN_LINE.replace(NPI, str(npi)) for npi in valid]
    robin.fill_in(upload(robin, HEADER + "".join(lines)), f"{LIST}/apply")
    first = robin.get(CLINICIANS)
    [link] = html.fromstring(first.text).xpath("//a[@rel='next']/@href")
    second = robin.get(str(link))
    assert (len(cells(first)), len(cells(second))) == (50, len(valid) - 50)
    assert len({row[0] for row in cells(first) + cells(second)}) == len(valid)


def _is_valid(npi: str) -> bool:
    try:
        parse_npi(npi)
    except ValueError:
        return False
    return True
