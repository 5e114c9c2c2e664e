"""Where cases of surgical centers land and why, asked of the decision; over HTTP: tests/spec."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from app.checking.decode import decode_case
from app.domain.asc import AscOutcome, Landing
from app.domain.cases import AnesthesiaCase
from app.measures.asc.chart import Chart
from app.measures.asc.deciding import ELSEWHERE, asc_decisions, asc_outcomes_for
from app.measures.asc.definition import AscManual
from app.measures.asc.manuals import manual_for
from tests.asc_files import an_asc_record
from tests.factories import reported
from tests.spec.asc_rows import OUT, ROWS, anesthesia, recovery


@pytest.fixture(scope="module")
def manual() -> AscManual:
    found = manual_for(2025)
    assert found is not None
    return found


def a_case_at_a_center(**facts: Any) -> AnesthesiaCase:
    return decode_case(etree.fromstring(an_asc_record(**facts)))


def decided(
    case: AnesthesiaCase, manual: AscManual, chart: Mapping[str, Any] | None = None
) -> dict[str, AscOutcome]:
    return {each.measure_id: each for each in asc_decisions(case, manual, Chart(**chart or {}))}


@pytest.mark.parametrize(
    ("measure_id", "facts", "chart", "expected"),
    [
        pytest.param(measure, facts, chart, lands, id=f"{measure}: {why}")
        for measure, why, facts, chart, lands in ROWS
    ],
)
def test_where_a_case_lands(
    manual: AscManual,
    measure_id: str,
    facts: dict[str, Any],
    chart: dict[str, Any],
    expected: Landing,
) -> None:
    case = a_case_at_a_center(**facts)
    landed = decided(case, manual, chart)
    assert landed[measure_id].landing is expected
    for measure in manual.measures:
        reason = landed[measure.measure_id].reason
        assert reason == ELSEWHERE or reason in measure.reasons, "every reason is explained"
    if not chart:
        stored = {each.measure_id: each.landing for each in asc_outcomes_for(case)}
        assert stored.get(measure_id, OUT) is expected


AN_HOUR = {"methods": anesthesia("10:00", "11:00")}
REASONS = [
    # measure, facts, reason
    ("ASC-2", {"events": [(35, "24 Hour")]}, "event:after-the-visit"),
    ("ASC-2", {}, "event:none"),
    ("ASC-13", recovery("11:05", ("11:05", "35.9", "C")), "temperature:below"),
    ("ASC-13", recovery("11:05", ("11:20", "35.9", "C")), "temperature:below"),
    ("ASC-13", recovery("11:05", ("11:21", "36.0", "C")), "temperature:too-late"),
    ("ASC-13", recovery("11:05", ("11:04", "36.0", "C")), "temperature:none"),
    ("ASC-13", recovery("11:05", ("11:21", "35.9", "C")), "temperature:none"),
    ("ASC-13", recovery("11:05", (None, "35.9", "C")), "temperature:none"),
]


@pytest.mark.parametrize(("measure_id", "facts", "reason"), REASONS)
def test_why_a_case_is_in_the_denominator_only(
    manual: AscManual, measure_id: str, facts: dict[str, Any], reason: str
) -> None:
    landed = decided(a_case_at_a_center(**AN_HOUR, **facts), manual)[measure_id]
    assert (landed.landing, landed.reason) == (Landing.DENOMINATOR_ONLY, reason)


def test_codes_are_the_same_in_small_letters_and_without_points(manual: AscManual) -> None:
    screening = {"age": 60, "procedures": ["g0121"], "diagnoses": ["z1211"]}
    history = {**screening, "diagnoses": ["z1211", "z86010"]}
    stopped = {**screening, "procedures": ["g0121-53"]}
    landed = [decided(a_case_at_a_center(**each), manual) for each in (screening, history, stopped)]
    assert [each["ASC-9"].reason for each in landed] == [
        *("interval:not-in-case-files", "not:history", "not:modifier")
    ]


def test_a_code_under_the_name_of_its_measure_counts_like_one_on_the_claim(
    manual: AscManual,
) -> None:
    burned = replace(a_case_at_a_center(), quality_codes=reported("ASC_1", "G8908"))
    seeing = replace(
        a_case_at_a_center(procedures=["66984"]), quality_codes=reported("ASC-11", "G0913")
    )
    assert decided(burned, manual)["ASC-1"].reason == "event:reported"
    assert decided(seeing, manual)["ASC-11"].reason == "survey:improved"


def test_of_a_year_without_manual_nothing_is_said() -> None:
    assert asc_outcomes_for(a_case_at_a_center(day="2019-03-04", events=[12])) == []
