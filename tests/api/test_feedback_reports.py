"""A quarter ends: reports are made, people are reminded, and open them in each format."""

import csv
import hashlib
import io
from datetime import date
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from httpx import Response
from pypdf import PdfReader

from app.domain.audit import Actor, ActorKind
from app.domain.principals import Role
from app.feedback.making import proof_of
from app.feedback.reminding import Reminders
from app.notices.smtp import Mailer, MailServer
from tests.case_files import NPI, OTHER_NPI, TIN
from tests.commands import nacor_on
from tests.feedback import REPORTS, made, rate_of, send_first_quarter, tables_of
from tests.people import browser_of, invitation, somebody_signed_in, user_of
from tests.problems import problem
from tests.receivers import MailServer as Receiving
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.sealing import execute
from tests.workers import feedback_of

WORKER = Actor(kind=ActorKind.WORKER)
WHOSE = {"practice_id": PRACTICE}
REMINDERS = "/v1/feedback-reminders"
CASE_RECORDS = "S-"
"""How the ids of all records begin that are sent here."""


@pytest.fixture
def practice(registry: Registry) -> Caller:
    """The first quarter is in; it is the first of June, so its reports are due."""
    send_first_quarter(registry)
    return registry.practice()


def let_in(registry: Registry, email: str, role: Role) -> None:
    """Somebody who was invited, and has set a password."""
    invitation(registry, email, role)
    with registry.open_work() as work:
        work.users.set_password(user_of(registry, email).id, "a hash")
        work.commit()


def send_reminders(registry: Registry, mail_server: Receiving) -> int:
    """Do the jobs that wait, as a worker does; return how many there were."""
    server = MailServer.at(f"smtp://127.0.0.1:{mail_server.port}")
    reminders = Reminders(
        open_work=registry.open_work,
        mailer=Mailer(server=server, sender="registry@registry.example"),
        service_url="https://registry.example",
    )
    jobs = registry.ask_database(
        "DELETE FROM procrastinate_jobs WHERE task_name = 'remind_of_feedback' RETURNING args"
    )
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'remind_of_feedback'"
        )
    for (arguments,) in jobs:
        reminders.send(arguments["reminder_id"], tries=arguments["tries"])
        reminders.send(arguments["reminder_id"], tries=arguments["tries"])  # as after a kill
    return len(jobs)


def text_of_pdf(answer: Response) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def rows_of(answer: Response, **wanted: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(answer.content.decode()))
    return [row for row in rows if wanted.items() <= row.items()]


def test_a_quarter_ends_and_everybody_is_reminded_once(
    registry: Registry, practice: Caller, mail_server: Receiving
) -> None:
    let_in(registry, "quality@lakeside.example", Role.PRACTICE)
    let_in(registry, "clinician@lakeside.example", Role.CLINICIAN)
    let_in(registry, "vendor@ehr.example", Role.VENDOR)
    let_in(registry, "staff@registry.example", Role.INTERNAL)
    invitation(registry, "invited@lakeside.example")
    quarterly = feedback_of(registry)
    assert quarterly.make_due(WORKER) == 2
    assert quarterly.make_due(WORKER) == 0
    assert send_reminders(registry, mail_server) == 2
    assert send_reminders(registry, mail_server) == 0
    assert sorted(letter["To"] for letter in mail_server.letters) == [
        "clinician@lakeside.example",
        "quality@lakeside.example",
    ]
    for letter in mail_server.letters:
        text = letter.as_string()
        assert f"https://registry.example/practices/{PRACTICE}/feedback?quarter=2024-Q1" in text
        assert [secret for secret in (TIN, NPI, CASE_RECORDS) if secret in text] == []
    of_clinician, of_tin = practice.read(REPORTS, **WHOSE)["items"]
    assert (of_tin["tin"], of_tin["npi"], of_tin["quarter"]) == (TIN, None, "2024-Q1")
    assert of_clinician["npi"] == NPI
    assert of_tin["made_by"]["kind"] == "worker"
    [current] = practice.read(REPORTS, **WHOSE, quarter="2024-Q1", level="group")["items"]
    assert current == of_tin
    assert practice.read(REPORTS, **WHOSE, quarter="2023-Q4")["items"] == []
    reminders = practice.read(REMINDERS, **WHOSE)["items"]
    assert [each["state"] for each in reminders] == ["delivered", "delivered"]
    trail = registry.admin().read("/v1/audit", **WHOSE)["items"]
    told = [each["action"] for each in trail if each["action"].startswith("feedback.")]
    assert sorted(told) == ["feedback.made", "feedback.reminded", "feedback.reminded"]
    assert registry.ask_database("SELECT count(*) FROM feedback_reports") == [(2,)]


def test_page_pdf_and_csv_tell_the_figures_of_the_api(registry: Registry, practice: Caller) -> None:
    """30 cases to the end of March, 24 of 28 met: 85.71 %, and 28 of 30 answered: 93.33 %."""
    report = made(registry, practice)
    path = report["links"]["self"]
    opened = practice.read(path, cases="true")
    rate = rate_of(opened["figures"], "404")
    assert (rate["performance_rate"], rate["data_completeness"]) == (85.71, 93.33)
    months = [(each["eligible_population"], each["performance_rate"]) for each in rate["trend"]]
    assert months == [(12, 83.33), (8, 100.0), (10, 75.0)]
    assert opened["figures"]["cases"] == 30
    assert proof_of(opened["figures"]) == report["sha256"]

    page = practice.get(path, format="html", cases="true")
    assert page.headers["Content-Type"].startswith("text/html")
    [trend] = [each for each in tables_of(page) if each[0][0] == "Month"][:1]
    assert trend[1:] == [
        ["Jan", "12", "83.33 %", "100.00 %"],
        ["Feb", "8", "100.00 %", "100.00 %"],
        ["Mar", "10", "75.00 %", "80.00 %"],
    ]
    pdf = practice.get(path, format="pdf", cases="true")
    paper = text_of_pdf(pdf)
    for table in tables_of(page):
        for row in table[1:]:
            assert " ".join(row) in paper
    for figure in ("85.71 %", "93.33 %", f"TIN {TIN}", "Lakeside Anesthesia (12345)"):
        assert figure in paper
        assert figure in page.text
    assert practice.get(path, format="pdf", cases="true").content == pdf.content

    sheet = practice.get(path, format="csv", cases="true")
    [row] = rows_of(sheet, kind="rate", measure_id="404")
    assert (row["performance_rate"], row["unreported"], row["tin"]) == ("85.71", "2", TIN)
    by_month = rows_of(sheet, kind="month", measure_id="404")
    assert [each["performance_rate"] for each in by_month] == ["83.33", "100.0", "75.0"]
    listed = {
        each["anesthesia_record_id"] for each in opened["cases"] if each["measure_id"] == "404"
    }
    assert len(listed) == 6  # four that smoked, two of whom nobody says
    assert {
        each["anesthesia_record_id"] for each in rows_of(sheet, kind="case", measure_id="404")
    } == listed
    assert all(record in page.text and record in paper for record in listed)


def test_the_report_of_a_whole_year_has_the_results_of_the_year(
    registry: Registry, practice: Caller
) -> None:
    registry.on_day(date(2025, 1, 20))
    figures = practice.read(made(registry, practice, quarter="2024-Q4")["links"]["self"])["figures"]
    results = practice.read("/v1/measures/results", **WHOSE, performance_year=2024)["results"]
    assert len(figures["rates"]) == len(results)
    shared = ("performance_rate", "data_completeness", "points", "points_basis")
    for rate, result in zip(figures["rates"], results, strict=True):
        assert {name: rate[name] for name in shared} == {name: result[name] for name in shared}
        assert rate["counts"]["unreported"] == result["unreported"]
    score = practice.read("/v1/measures/scores", **WHOSE, performance_year=2024)["scores"][0]
    assert figures["score"]["final_score"] == score["final_score"]


def test_who_received_what_is_written_down(registry: Registry, practice: Caller) -> None:
    report = made(registry, practice)
    links = report["links"]
    received = [
        practice.get(links["self"], format="pdf"),
        practice.get(links["self"], format="csv", cases="true"),
    ]
    newest, oldest = practice.read(links["deliveries"])["items"]
    hashes = [hashlib.sha256(each.content).hexdigest() for each in received]
    assert [oldest["sha256"], newest["sha256"]] == hashes
    assert (oldest["format"], oldest["cases"], oldest["by"]["role"]) == ("pdf", None, "practice")
    assert (newest["format"], newest["cases"] > 0) == ("csv", True)
    trail = registry.admin().read("/v1/audit", **WHOSE)["items"]
    entries = {each["action"]: each for each in trail if each["about_id"] == report["id"]}
    assert entries["feedback.read"]["details"]["format"] == "pdf"
    assert entries["feedback.cases_read"]["details"]["cases"] == str(newest["cases"])
    assert [mark for mark in (TIN, NPI, CASE_RECORDS) if mark in str(entries)] == []


def test_a_clinician_sees_their_own_report_alone(registry: Registry, practice: Caller) -> None:
    own, of_tin = made(registry, practice, npi=NPI), made(registry, practice)
    clinician = somebody_signed_in(registry, Role.CLINICIAN)
    [listed] = clinician.read(REPORTS, **WHOSE)["items"]
    assert listed == own
    assert clinician.get(own["links"]["html"]).status_code == 200
    assert problem(clinician.get(of_tin["links"]["self"]), 403) == "not-permitted"
    assert problem(clinician.get(REPORTS, **WHOSE, npi=OTHER_NPI), 403) == "not-permitted"
    assert clinician.read(own["links"]["self"], cases="true")["cases"]
    assert problem(clinician.get(of_tin["links"]["self"], cases="true"), 403) == "not-permitted"
    assert problem(clinician.get(own["links"]["deliveries"]), 403) == "not-permitted"
    assert (
        made(registry, clinician)["npi"] == NPI
    )  # asked for that of the TIN, they are given theirs


def test_nothing_is_left_half_made(registry: Registry, practice: Caller) -> None:
    """Switched off nothing is; and where a second report fails, the first does not stay."""
    assert feedback_of(registry, is_on=False).make_due(WORKER) == 0
    let_in(registry, "quality@lakeside.example", Role.PRACTICE)
    execute(registry, "ALTER TABLE feedback_reports ADD CHECK (npi = '') NOT VALID")
    with pytest.raises(Exception, match="feedback_reports_npi_check"):
        feedback_of(registry).make_due(WORKER)
    assert practice.read(REPORTS, **WHOSE)["items"] == []
    assert practice.read(REMINDERS, **WHOSE)["items"] == []
    execute(registry, "ALTER TABLE feedback_reports DROP CONSTRAINT feedback_reports_npi_check")
    assert feedback_of(registry).make_due(WORKER) == 2


def test_a_practice_without_cases_has_no_report(registry: Registry, practice: Caller) -> None:
    registry.register(OTHER_PRACTICE, "897654321")
    nobody = {"quarter": "2024-Q1", "tin": "897654321"}
    other = registry.practice(OTHER_PRACTICE)
    whose = {"practice_id": OTHER_PRACTICE}
    answer = other.ask("POST", REPORTS, params=whose, json=nobody)
    assert problem(answer, 404) == "feedback-report-unknown"
    to_come = {"quarter": "2024-Q3", "tin": TIN}
    answer = practice.ask("POST", REPORTS, params=WHOSE, json=to_come)
    assert problem(answer, 422) == "invalid-request"
    report = made(registry, practice)
    assert problem(other.get(report["links"]["self"]), 404) == "feedback-report-unknown"
    sandbox = registry.practice(sandbox=True)
    assert problem(sandbox.get(report["links"]["self"]), 404) == "feedback-report-unknown"


def test_reports_have_a_page_from_which_they_are_opened(
    registry: Registry, practice: Caller, portal: BlockingPortal
) -> None:
    path = f"/practices/{PRACTICE}/feedback"
    browser = browser_of(registry, portal, Role.PRACTICE)
    assert "There is no report yet." in browser.get(path).text
    assert f'href="{path}"' in browser.get("/home").text
    report = made(registry, practice)
    assert report["links"]["html"] in browser.get(path).text
    opened = browser.get(report["links"]["html"])
    assert "85.71 %" in opened.text
    assert "style-src 'sha256-" in opened.headers["Content-Security-Policy"]
    clinician = browser_of(registry, portal, Role.CLINICIAN)
    own = clinician.get(path)
    assert report["id"] not in own.text


def test_the_command_line_makes_lists_and_opens(
    registry: Registry, practice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    nacor = nacor_on(registry.engine, monkeypatch)
    assert nacor("feedback", "make", "--quarter", "2024-Q1").output == "2024-Q1: 2 reports made.\n"
    again = nacor("feedback", "make", "--quarter", "2024-Q1", "--practice", PRACTICE)
    assert again.output == "2024-Q1: 0 reports made.\n"
    assert nacor("feedback", "make", "--quarter", "2024-5").exit_code == 2
    listed = nacor("feedback", "list", PRACTICE, "2024-Q1").output.splitlines()
    reports: list[Any] = practice.read(REPORTS, **WHOSE)["items"]
    assert len(listed) == len(reports) == 2
    assert all(report["id"] in line for report, line in zip(reports, listed, strict=True))
    pdf = nacor("feedback", "open", reports[-1]["id"], "--cases")
    assert (
        pdf.stdout_bytes
        == practice.get(reports[-1]["links"]["self"], format="pdf", cases="true").content
    )
