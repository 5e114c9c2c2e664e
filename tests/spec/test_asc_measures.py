"""The measures of surgical centers: case files are sent, and the service is asked where each lands.

One file with every case of the tables goes over HTTP; what stands in the chart and in no case
file is told with the question, as an abstractor does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import Engine

from app.domain.asc import Landing
from tests.asc_files import an_asc_record
from tests.case_files import a_case_file
from tests.databases import emptied
from tests.registry import Caller, Registry
from tests.spec.asc_rows import OUT, ROWS, recovery


@dataclass(frozen=True, kw_only=True)
class Sent:
    practice: Caller
    case_ids: dict[str, str]


@pytest.fixture(scope="module")
def sent(
    connections: Engine, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sent]:
    folder = tmp_path_factory.mktemp("centers")
    registry = Registry(emptied(connections), folder, portal)
    registry.on_day(date(2026, 1, 20))
    parts = [an_asc_record(f"R-{n}", **facts) for n, (_, _, facts, _, _) in enumerate(ROWS)]
    receipt = registry.vendor().send(a_case_file(*parts))
    assert receipt["records"]["created"] == len(ROWS), receipt
    practice = registry.practice()
    pages = practice.pages("/v1/cases", practice_id="12345", limit=500)
    yield Sent(
        practice=practice,
        case_ids={case["anesthesia_record_id"]: case["case_id"] for page in pages for case in page},
    )
    registry.check_invariants()


@pytest.mark.parametrize(
    ("number", "measure_id", "chart", "expected"),
    [
        pytest.param(n, measure, chart, lands, id=f"{measure}: {why}")
        for n, (measure, why, _, chart, lands) in enumerate(ROWS)
    ],
)
def test_where_a_case_lands(
    sent: Sent, number: int, measure_id: str, chart: dict[str, Any], expected: Landing
) -> None:
    case_id = sent.case_ids[f"R-{number}"]
    answer = sent.practice.ask("POST", f"/v1/cases/{case_id}/asc-measures", json=chart)
    assert answer.status_code == 200, answer.text
    found = {each["measure_id"]: each for each in answer.json()["decisions"]}
    assert found[measure_id]["landing"] == expected
    assert found[measure_id]["meaning"], "every reason is explained"


@pytest.mark.parametrize("measure_id", ["ASC-1", "ASC-4", "ASC-9", "ASC-11", "ASC-13", "ASC-14"])
def test_results_list_the_cases_where_the_decision_puts_them(sent: Sent, measure_id: str) -> None:
    """Stored with the case and asked of its record: without a chart both say the same."""
    pages = sent.practice.pages(
        "/v1/asc-measures/results/cases",
        practice_id="12345",
        year="2025",
        measure_id=measure_id,
        limit="50",
    )
    stored = {case["anesthesia_record_id"]: case["landing"] for page in pages for case in page}
    without_chart = {
        f"R-{n}": lands
        for n, (measure, _, _, chart, lands) in enumerate(ROWS)
        if measure == measure_id and not chart
    }
    assert {name: stored.get(name, OUT) for name in without_chart} == without_chart


def test_scenario_5_an_anesthetic_without_an_end_is_no_case(sent: Sent) -> None:
    """PACU arrival does not stand in for it: the schema refuses the record."""
    record = an_asc_record("S-5", **recovery("11:15", ("11:25", "97.0", "F"))).replace(
        "<AnesthesiaEndTime>2025-03-03T10:00:00</AnesthesiaEndTime>", ""
    )
    report = sent.practice.validate(a_case_file(record))
    assert report["records"] == {"total": 1, "valid": 0, "invalid": 1}
