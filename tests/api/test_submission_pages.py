"""A case file is sent from a browser, and the page of its submission tells what becomes of it."""

import json
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from lxml import html

from app.domain.principals import Role
from app.domain.submissions import Progress
from tests.case_files import a_case_file, a_record
from tests.clear_http import client_in_clear
from tests.people import Browser, browser_of, fields_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, PRACTICE, Registry
from tests.served import served_port
from tests.waiting import PATIENCE_SECONDS

LIST = f"/practices/{PRACTICE}/submissions"
FAULTY = a_case_file(a_record("A-1"), a_record("A-2", sex="female"))


@pytest.fixture
def robin(registry: Registry, portal: BlockingPortal) -> Browser:
    return browser_of(registry, portal, Role.PRACTICE)


def send(browser: Browser, content: bytes, *, to: str = LIST, **typed: str) -> Response:
    """As a browser sends the form: its fields in their order, then the file."""
    fields = {**fields_of(browser.get(LIST), LIST), **typed}
    fields.pop("file", None)
    return browser.ask(
        "POST",
        to,
        data=fields,
        files={"file": ("march.xml", content, "text/xml")},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": browser.address},
    )


def tally(page: Response) -> dict[str, str]:
    terms = html.fromstring(page.text).xpath("//dl[@class='tally']/div")
    return {each.findtext("dt"): each.findtext("dd") for each in terms}


def events_of(answer: Response) -> list[tuple[str, Any]]:
    """The events of a stream that has ended: their names and what they tell."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = [
        dict(line.split(": ", 1) for line in event.splitlines())
        for event in answer.text.split("\n\n")
        if event.startswith("event: ")
    ]
    return [(each["event"], json.loads(each["data"])) for each in told]


def test_a_file_is_sent_and_its_page_tells_what_was_found(robin: Browser) -> None:
    answer = send(robin, FAULTY)
    assert answer.status_code == 303
    page = robin.follow(answer)
    told = text_of(page)
    assert "march.xml" in told
    assert "Some records are stored, others are rejected." in told
    assert (tally(page)["Records"], tally(page)["Rejected"]) == ("2", "1")
    assert "AR201" in told
    assert "PatientSex must be one of Male, Female, Missing, Unknown." in told
    assert "http-equiv" not in page.text
    links = html.fromstring(page.text).xpath("//div[@class='downloads']//a/@href")
    assert len(links) == 7
    for link in links:
        assert robin.get(link).status_code == 200, link

    assert "march.xml partially accepted 2 1 1 0" in text_of(robin.get(LIST))
    again = robin.follow(send(robin, FAULTY))
    assert "The same file was sent before" in text_of(again)


def test_a_refused_file_has_no_file_any_more(robin: Browser) -> None:
    told = robin.follow(send(robin, FAULTY, on_error="file"))
    assert "Nothing is stored." in text_of(told)
    assert "/file" not in told.text
    assert "format=xml" not in told.text


def test_the_page_of_a_file_under_way_follows_it(
    registry: Registry, portal: BlockingPortal
) -> None:
    """The stream begins with how far it is, and ends with the results."""
    queued = registry.with_settings(registry.vendor(), small_file_bytes=0)
    receipt = queued.submit(FAULTY)
    assert receipt.status_code == 202
    page = f"/submissions/{receipt.json()['id']}"
    staff = browser_of(registry, portal, Role.INTERNAL)

    waiting = staff.get(page)
    assert "It is received and waits for a worker." in text_of(waiting)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting.text
    _note_progress(registry, receipt.json()["id"])
    assert "50 %, 1 records" in text_of(staff.get(page))

    registry.intake.process(registry.ask_database("SELECT id FROM submissions")[0][0])
    [(name, told)] = events_of(staff.get(f"{page}/events"))
    assert name == "ended"
    assert told["words"] == "Some records are stored, others are rejected."
    assert "AR201" in told["html"]


def _note_progress(registry: Registry, submission_id: str) -> None:
    [submission] = [each[0] for each in registry.ask_database("SELECT id FROM submissions")]
    with registry.open_work() as work:
        begun = work.unfinished.begin(submission)
        assert begun is not None
        half = Progress(records_read=1, bytes_read=begun.bytes // 2 + 1)
        work.unfinished.note_progress(begun, half)
        work.commit()


@pytest.mark.parametrize("role", Role)
def test_who_sees_and_sends(registry: Registry, portal: BlockingPortal, role: Role) -> None:
    registry.register(OTHER_PRACTICE)
    own = registry.vendor().send(FAULTY)["id"]
    other_file = a_case_file(a_record("B-1"), practice_id=OTHER_PRACTICE)
    other = registry.vendor(OTHER_PRACTICE).send(other_file, practice_id=OTHER_PRACTICE)["id"]
    browser = browser_of(registry, portal, role)
    seen = [
        browser.get(path).status_code
        for each, practice in ((own, PRACTICE), (other, OTHER_PRACTICE))
        for path in (
            f"/submissions/{each}",
            f"/submissions/{each}/events",
            f"/practices/{practice}/submissions",
        )
    ]
    everything, nothing = [200, 200, 200], [403, 403, 403]
    assert (
        seen
        == {
            Role.ADMIN: everything * 2,
            Role.INTERNAL: everything * 2,
            Role.PRACTICE: [*everything, 404, 404, 403],
            Role.VENDOR: [*everything, 404, 404, 403],
            Role.CLINICIAN: nothing * 2,
        }[role]
    )
    token = fields_of(browser.get("/account"), "/sign-out")
    sent = browser.ask(
        "POST",
        LIST,
        data={**token, "on_error": "record"},
        files={"file": ("april.xml", a_case_file(a_record("A-9")), "text/xml")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert sent.status_code == (303 if role in (Role.PRACTICE, Role.VENDOR) else 403)


def test_a_file_without_the_token_of_the_form_is_not_taken(
    registry: Registry, robin: Browser
) -> None:
    for wrong in ({"form_token": "x"}, {"on_error": "everything"}):
        assert send(robin, FAULTY, **wrong).status_code == 403
    token_last = robin.ask(
        "POST",
        LIST,
        files=[("file", ("march.xml", FAULTY, "text/xml")), ("form_token", (None, "x"))],
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert token_last.status_code == 403
    assert registry.ask_database("SELECT id FROM submissions") == []


def test_a_list_comes_in_pages(registry: Registry, robin: Browser) -> None:
    vendor = registry.vendor()
    for number in range(26):
        vendor.send(a_case_file(a_record(f"A-{number}", sex="female")))
    page = robin.get(LIST)
    [link] = html.fromstring(page.text).xpath("//a[@rel='next']/@href")
    assert len(html.fromstring(robin.get(link).text).xpath("//tbody/tr")) == 1


def test_what_is_not_there_is_told_on_a_page(robin: Browser) -> None:
    nobodys = "/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
    for path, status in ((nobodys, 404), (f"{nobodys}/events", 404), ("/submissions/x", 422)):
        answer = robin.get(path)
        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_stream_is_one_of_few(registry: Registry, robin: Browser) -> None:
    [answer] = [robin.follow(send(robin, FAULTY))]
    path = answer.url.path
    streams = registry.app.state.streams
    caller = str(registry.ask_database("SELECT id FROM users")[0][0])
    places = [streams.place(caller) for _ in range(streams.of_a_caller)]
    for place in places:
        place.__enter__()
    assert robin.get(f"{path}/events").status_code == 429
    for place in places:
        place.__exit__(None, None, None)
    assert robin.get(f"{path}/events").status_code == 200


def test_a_server_that_is_told_to_stop_waits_for_no_stream(
    registry: Registry, robin: Browser
) -> None:
    waiting = registry.with_settings(registry.vendor(), small_file_bytes=0).submit(FAULTY).json()
    headers = {"Cookie": f"__Host-nacor={robin.cookies['__Host-nacor']}"}
    with client_in_clear(timeout=PATIENCE_SECONDS) as client:
        with served_port(registry.app) as port:
            address = f"http://127.0.0.1:{port}/submissions/{waiting['id']}/events"
            request = client.build_request("GET", address, headers=headers)
            following = client.send(request, stream=True)
            lines = following.iter_lines()
            assert next(lines) == "event: shown"
        assert "It is received and waits for a worker." in "".join(lines)
    registry.intake.process(registry.ask_database("SELECT id FROM submissions")[0][0])


def test_strangers_are_shown_the_way_in(registry: Registry, portal: BlockingPortal) -> None:
    path = f"/submissions/{registry.vendor().send(FAULTY)['id']}"
    for asked in (path, f"{path}/events"):
        answer = Browser(registry.app, portal).get(asked)
        assert location_of(answer).startswith("/sign-in?next=")
