"""What tests of feedback reports do besides asking: send a quarter, read what is shown."""

from typing import Any

from httpx import Response
from lxml import html

from app.domain.jobs import Queue
from tests.case_files import NPI, TIN, a_case_file
from tests.registry import PRACTICE, Caller, Registry
from tests.smokers import ABSTAINED, SMOKED, smoker
from tests.workers import work_off

REPORTS = "/v1/feedback-reports"


def smokers_of(month: int, *, abstained: int, smoked: int, silent: int = 0, **facts: Any) -> str:
    """Smokers of a month; `silent` are those of whom nobody says whether they smoked that day."""
    answers = [*[(ABSTAINED,)] * abstained, *[(SMOKED,)] * smoked, *[()] * silent]
    return "".join(
        smoker(
            f"{facts.get('name', 'S')}-{month}-{number}",
            *answer,
            start=f"2024-{month:02}-{number % 27 + 1:02}T07:30:00",
            end=f"2024-{month:02}-{number % 27 + 1:02}T09:30:00",
            staff=facts.get("staff", [(TIN, NPI)]),
        )
        for number, answer in enumerate(answers)
    )


def send_first_quarter(registry: Registry) -> None:
    """Of measure 404: 10 of 12, 8 of 8, 6 of 8 with two more unanswered; April is too late."""
    registry.vendor().send(
        a_case_file(
            smokers_of(1, abstained=10, smoked=2),
            smokers_of(2, abstained=8, smoked=0),
            smokers_of(3, abstained=6, smoked=2, silent=2),
            smokers_of(4, abstained=0, smoked=5),
        )
    )


def asked(
    caller: Caller, *, quarter: str = "2024-Q1", tin: str | None = TIN, **whose: str | None
) -> Any:
    """The request of a report, as the answer tells it that a worker is to make it."""
    told = {"quarter": quarter, "tin": tin, **whose}
    answer = caller.ask("POST", REPORTS, params={"practice_id": PRACTICE}, json=told)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == answer.json()["links"]["self"]
    return answer.json()


def made(registry: Registry, caller: Caller, **of_whom: Any) -> Any:
    """A report that was asked for, once a worker has made it, as it is listed."""
    request = asked(caller, **of_whom)
    work_off(registry, only=Queue.REPORTS)
    done = caller.read(request["links"]["self"])
    assert done["status"] == "done", done
    listed = caller.read(REPORTS, practice_id=PRACTICE)["items"]
    [report] = [each for each in listed if each["links"]["self"] == done["links"]["report"]]
    return report


def rate_of(figures: Any, measure_id: str) -> Any:
    [found] = [rate for rate in figures["rates"] if rate["measure_id"] == measure_id]
    return found


def tables_of(page: Response) -> list[list[list[str]]]:
    """The cells of each table of a page, row by row."""
    return [
        [[cell.text_content().strip() for cell in row] for row in table.iter("tr")]
        for table in html.fromstring(page.text).iter("table")
    ]
