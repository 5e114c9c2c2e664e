"""Where each case of the tables lands, asked of the decision itself; over HTTP: tests/spec."""

from typing import Any

import pytest
from lxml import etree

from app.checking.decode import decode_case
from app.domain.asc import Landing
from app.measures.asc.chart import Chart
from app.measures.asc.deciding import ELSEWHERE, asc_decisions, asc_outcomes_for
from app.measures.asc.manuals import manual_for
from tests.asc_files import an_asc_record
from tests.spec.asc_rows import OUT, ROWS


@pytest.mark.parametrize(
    ("measure_id", "facts", "chart", "expected"),
    [
        pytest.param(measure, facts, chart, lands, id=f"{measure}: {why}")
        for measure, why, facts, chart, lands in ROWS
    ],
)
def test_where_a_case_lands(
    measure_id: str, facts: dict[str, Any], chart: dict[str, Any], expected: Landing
) -> None:
    manual = manual_for(2025)
    assert manual is not None
    case = decode_case(etree.fromstring(an_asc_record(**facts)))
    landed = {each.measure_id: each for each in asc_decisions(case, manual, Chart(**chart))}
    assert landed[measure_id].landing is expected
    for measure in manual.measures:
        reason = landed[measure.measure_id].reason
        assert reason == ELSEWHERE or reason in measure.reasons, "every reason is explained"
    if not chart:
        stored = {each.measure_id: each.landing for each in asc_outcomes_for(case)}
        assert stored.get(measure_id, OUT) is expected
