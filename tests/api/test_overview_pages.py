"""Pages over many files and practices: data quality, a vendor's files, operations, the registry."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import StringIO
from uuid import UUID, uuid4

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html
from sqlalchemy import event

from app.access.keys import hash_of, new_key
from app.domain.grants import Organization, OrganizationKind
from app.domain.identifiers import parse_practice_id
from app.domain.principals import Role
from app.domain.submissions import SubmissionStatus
from app.storage.access.key_store import NewKey
from tests.billing import employ, enter_prices, order, send_case
from tests.case_files import a_case_file, a_record
from tests.people import Browser, browser_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.workers import work_off

QUALITY = f"/practices/{PRACTICE}/data-quality"
STAFF_PAGES = ("/operations", "/registry", "/vendors")
MOST_STATEMENTS = 10


@pytest.fixture
def staff(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.INTERNAL)


@contextmanager
def counted_statements(registry: Registry) -> Iterator[list[str]]:
    """The questions that a page asks the database, without what binds a transaction."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(registry.engine, "before_cursor_execute", note)
    yield asked
    event.remove(registry.engine, "before_cursor_execute", note)


def figure_of(browser: Browser, path: str, key: str, **state: str) -> list[dict[str, str]]:
    """What a figure shows, as the link to its CSV on the page gives it."""
    page = browser.get(path, params=state or None)
    assert page.status_code == 200, page.text
    [link] = html.fromstring(page.text).xpath(f"//figure[@id='{key}']//a[contains(., 'CSV')]/@href")
    answer = browser.get(str(link))
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def cells_of(page: Response, caption: str) -> list[list[str]]:
    """The body of the table with this caption."""
    [table] = html.fromstring(page.text).xpath(f"//table[caption[contains(., '{caption}')]]")
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in table.xpath("./tbody/tr")
    ]


# Data quality


def test_a_field_turns_red_and_leads_to_its_cases(
    registry: Registry, portal: BlockingPortal
) -> None:
    robin = browser_of(registry, portal, Role.PRACTICE)
    january = [send_day(f"J-{n}", "2024-01-09") for n in range(10)]
    march = [
        send_day(f"M-{n}", "2024-03-09", sex="Unknown" if n < 3 else "Male") for n in range(10)
    ]
    registry.vendor().send(a_case_file(*january, *march, a_record("R-1", sex="male")))

    with counted_statements(registry) as asked:
        page = robin.get(QUALITY, params={"year": "2024"})
    assert len(asked) <= MOST_STATEMENTS
    assert "Green from 99 %, yellow from 95 %, red below" in text_of(page)
    fields = figure_of(robin, QUALITY, "fields-1", year="2024")
    [sex] = [row for row in fields if row["Told, % of the cases"] == "Sex"]
    assert [sex[month] for month in ("2024", "Jan", "Feb", "Mar")] == ["85", "100", "", "70"]

    [link] = {
        str(each)
        for each in html.fromstring(page.text).xpath("//table//a/@href")
        if "patient_sex?period=2024-03" in each
    }
    behind = robin.get(link)
    assert [row[0] for row in cells_of(behind, "Cases")] == ["M-0", "M-1", "M-2"]
    for href in html.fromstring(behind.text).xpath("//td/a/@href"):
        assert robin.get(href).status_code == 200, href
    this_year = str(datetime.now(UTC).year)
    [found] = figure_of(robin, QUALITY, "found", year=this_year)
    assert (found["Code"], found[f"In {this_year}"]) == ("AR201", "1")
    of_files = robin.get(QUALITY, params={"year": this_year}).text
    links = html.fromstring(of_files).xpath("//a[starts-with(@href, '/submissions/')]/@href")
    assert "AR201" in robin.get(links[0]).text


def send_day(record_id: str, day: str, **record: str) -> str:
    return a_record(record_id, start=f"{day}T07:30:00", end=f"{day}T09:30:00", **record)


def test_fields_follow_a_case_that_is_mended_and_one_that_is_deleted(registry: Registry) -> None:
    vendor = registry.vendor()
    vendor.send(a_case_file(a_record("A-1", sex="Missing"), a_record("A-2")))
    assert _told(registry) == [(2, 1)]
    vendor.send(a_case_file(a_record("A-1", sex="Male")))
    assert _told(registry) == [(2, 2)]
    for case_id in registry.ask_database("SELECT case_id FROM cases"):
        vendor.delete(f"/v1/cases/{case_id[0]}", reason="sent in error")
    assert _told(registry) == []


def _told(registry: Registry) -> list[tuple[object, ...]]:
    return registry.ask_database("SELECT cases, patient_sex FROM field_counts")


def test_what_is_asked_wrongly_is_told_on_a_page(
    registry: Registry, portal: BlockingPortal
) -> None:
    robin = browser_of(registry, portal, Role.PRACTICE)
    assert "No case of 2023 counts yet." in text_of(robin.get(QUALITY, params={"year": "2023"}))
    for path in ("/shoe_size?period=2024", "/weight", "/weight?period=20x4"):
        answer = robin.get(f"{QUALITY}{path}")
        assert answer.status_code == 422
        assert "To your practices" in answer.text


# A vendor's files


class Vendor:
    """An organization with a key that practices have granted what vendors need, and a user."""

    def __init__(self, registry: Registry, portal: BlockingPortal, name: str) -> None:
        self.id = uuid4()
        key = new_key()
        with registry.open_work() as work:
            work.grants.add_organization(
                Organization(
                    id=self.id,
                    kind=OrganizationKind.VENDOR,
                    name=name,
                    created_at=datetime(2024, 1, 1, tzinfo=UTC),
                )
            )
            practices = (parse_practice_id(PRACTICE),)
            new = NewKey(
                role=Role.VENDOR, practice_ids=practices, sandbox=False, organization_id=self.id
            )
            work.keys.create(hash_of(key), new)
            work.commit()
        self.key = Caller(app=registry.app, portal=portal, key=key)

    def send(self, content: bytes, software: str) -> None:
        self.key.send(content, headers={"User-Agent": software})


def test_a_vendor_sees_how_its_own_files_fare(registry: Registry, portal: BlockingPortal) -> None:
    acme = Vendor(registry, portal, "Acme Anesthesia Records")
    acme.send(a_case_file(a_record("A-1"), a_record("A-2", sex="male")), "AcmeEHR/4.1 (Linux)")
    acme.send(a_case_file(a_record("A-2")), "AcmeEHR/4.2 (Linux)")
    registry.vendor().send(a_case_file(a_record("B-1", age="x")))  # with a key of somebody else
    robin = browser_of(registry, portal, Role.VENDOR, organization_id=acme.id)

    with counted_statements(registry) as asked:
        page = robin.get("/vendor")
    assert len(asked) <= MOST_STATEMENTS
    assert "Files of Acme Anesthesia Records" in text_of(page)
    programs = figure_of(robin, "/vendor", "software")
    assert [(row["Software"], row["Stored, %"]) for row in programs] == [
        ("AcmeEHR/4.1", "50"),
        ("AcmeEHR/4.2", "100"),
    ]
    [finding] = figure_of(robin, "/vendor", "findings")
    assert (finding["Code"], finding["Software"]) == ("AR201", "AcmeEHR/4.1")
    [week] = figure_of(robin, "/vendor", "weeks", days="30")
    assert (week["Stored"], week["Rejected"], week["Files"]) == ("2", "1", "2")
    [fixed] = figure_of(robin, "/vendor", "fixes")
    assert (fixed["Times mended"], fixed["Practices with it open"]) == ("1", "0")

    staff = browser_of(registry, portal, Role.INTERNAL)
    [address] = html.fromstring(staff.get("/vendors").text).xpath("//main//li/a/@href")
    assert figure_of(staff, address, "findings") == [finding]
    assert staff.get(f"/vendors/{uuid4()}").status_code == 404
    assert staff.get(f"{address}?days=17").status_code == 422


def test_a_vendor_that_a_practice_shuts_out_sees_nothing_of_it(
    registry: Registry, portal: BlockingPortal
) -> None:
    acme = Vendor(registry, portal, "Acme Anesthesia Records")
    acme.send(a_case_file(a_record("A-1")), "AcmeEHR/4.1")
    shut_out = browser_of(registry, portal, Role.VENDOR, organization_id=acme.id, practices=())
    assert "Nothing was sent in this span." in text_of(shut_out.get("/vendor"))


# Operations


def test_operations_show_what_waits_and_what_was_done(registry: Registry, staff: Browser) -> None:
    vendor = registry.vendor()
    vendor.send(a_case_file(a_record("A-1"), a_record("A-2")))
    registry.with_settings(vendor, small_file_bytes=0).submit(a_case_file(a_record("A-3")))
    with counted_statements(registry) as asked:
        staff.get("/operations")
    assert len(asked) <= MOST_STATEMENTS
    jobs = {row["Queue"]: row for row in figure_of(staff, "/operations", "jobs")}
    assert (jobs["case files"]["Waiting"], jobs["mails"]["Waiting"]) == ("1", "0")
    [waits] = figure_of(staff, "/operations", "files")
    assert (waits["Status"], waits["Files"]) == ("received", "1")
    [version] = figure_of(staff, "/operations", "versions")
    assert (version["Version"], version["Records"], version["Practices"]) == ("2023V1.0", "2", "1")

    figures = registry.anyone().get("/metrics").text
    assert 'nacor_queue_jobs{queue="case_files",state="todo"} 1.0' in figures
    assert 'nacor_submissions_unfinished{status="received"} 1.0' in figures
    work_off(registry)
    for window in ("day", "week", "month"):
        spans = figure_of(staff, "/operations", "done", window=window)
        assert sum(int(span["Submissions"]) for span in spans) == 2
        assert sum(int(span["Records"]) for span in spans) == 3


def test_operations_name_where_a_submission_broke(registry: Registry, staff: Browser) -> None:
    vendor = registry.vendor()
    waiting = registry.with_settings(vendor, small_file_bytes=0).submit(a_case_file()).json()
    _fail(registry, UUID(waiting["id"]), "KeyError at intake/processing.py:7")
    [row] = figure_of(staff, "/operations", "failed")
    assert row["Practice"] == PRACTICE
    assert row["Where it broke"] == "KeyError at intake/processing.py:7"
    shown = text_of(staff.get(f"/submissions/{waiting['id']}"))
    assert "It failed through no fault of the file, and nothing is stored." in shown
    assert "KeyError" not in shown


def _fail(registry: Registry, submission_id: UUID, cause: str) -> None:
    with registry.open_work() as work:
        submission = work.submissions.get(submission_id)
        assert submission is not None
        work.submissions.finish(submission, status=SubmissionStatus.FAILED, failure_cause=cause)
        work.commit()


# The registry


def test_the_registry_lists_every_practice_and_who_is_behind(
    registry: Registry, staff: Browser
) -> None:
    registry.register(OTHER_PRACTICE)
    employ(registry, 10, members=6)
    enter_prices(registry)
    order(registry.practice(), cases=1_000)
    for month in ("01", "03"):
        send_case(registry, f"A-{month}", f"2024-{month}-05")
    registry.on_day(date(2024, 9, 20))
    with counted_statements(registry) as asked:
        page = staff.get("/registry", params={"year": "2024"})
    assert len(asked) <= MOST_STATEMENTS
    assert "Last day to register (in 11 days)" in text_of(page)
    first, second = figure_of(staff, "/registry", "practices", year="2024")
    assert (first["Id"], first["Cases"], first["Ordered"]) == (PRACTICE, "2", "1000")
    assert "No cases of February, April, May, June and July" in first["Behind"]
    assert "Not registered for reporting; the last day is 2024-10-01" in first["Behind"]
    assert (second["Id"], second["Behind"]) == (OTHER_PRACTICE, "")
    months = figure_of(staff, "/registry", "cases-by-month", year="2024")
    assert [row["2024"] for row in months[:3]] == ["1", "0", "1"]
    only = figure_of(staff, "/registry", "practices", year="2024", show="behind")
    assert [row["Id"] for row in only] == [PRACTICE]
    assert "No source names the days of 2022." in text_of(staff.get("/registry?year=2022"))


# Who may


@pytest.mark.parametrize("role", Role)
def test_who_gets_the_pages(registry: Registry, portal: BlockingPortal, role: Role) -> None:
    browser = browser_of(registry, portal, role)
    is_staff = role in (Role.INTERNAL, Role.ADMIN)
    answers = {path: browser.get(path).status_code for path in STAFF_PAGES}
    assert answers == dict.fromkeys(STAFF_PAGES, 200 if is_staff else 403)
    assert browser.get("/vendor").status_code == (200 if role is Role.VENDOR else 403)
    for path in (*STAFF_PAGES, "/vendor"):
        stranger = Browser(registry.app, portal).get(path)
        assert location_of(stranger).startswith("/sign-in?next="), path
    home = browser.get("/home").text
    assert ('href="/operations"' in home) == is_staff
    assert ('href="/vendor"' in home) == (role is Role.VENDOR)
