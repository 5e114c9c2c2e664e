"""The arithmetic of the benchmark: what it measured is told as it was, and judged by the median."""

from dataclasses import replace

import pytest

from bench.measured import Comparison, Latency, LatencyRatio, Measured, Peak
from bench.pairs import alternate, percentile, ratios, spread
from bench.report import markdown


def a_comparison(ours: list[float], yardstick: list[float], **judged: float) -> Comparison:
    return Comparison(
        what="validate", against="xmllint", records=1000, ours=ours, yardstick=yardstick, **judged
    )


def measured(*comparisons: Comparison) -> Measured:
    return Measured(
        command="python -m bench --quick",
        facts=[("day", "2026-01-01")],
        comparisons=comparisons,
        peaks=[Peak(what="validate", records=5000, mib=61.0, limit=60)],
        latencies=[
            LatencyRatio(
                ours=Latency(what="POST", seconds=(0.002,) * 98 + (0.008,) * 2),
                yardstick=Latency(what="bare", seconds=(0.001,) * 98 + (0.002,) * 2),
                target=3.0,
            )
        ],
    )


def test_pairs_are_taken_in_turn():
    order: list[str] = []
    alternate(lambda: order.append("xmllint"), lambda: order.append("ours"), pairs=2)
    assert order == ["xmllint", "ours", "xmllint", "ours"]


def test_a_ratio_is_taken_within_its_pair_so_a_slow_minute_does_not_count():
    found = ratios(ours=[1.1, 11.0, 3.6], yardstick=[1.0, 10.0, 3.0])
    assert (found.least, found.median, found.most) == pytest.approx((1.1, 1.1, 1.2))


def test_a_run_without_its_pair_is_no_ratio():
    with pytest.raises(ValueError, match="longer than"):
        ratios(ours=[1.0], yardstick=[1.0, 2.0])


def test_nothing_measured_has_no_median():
    with pytest.raises(ValueError, match="nothing was measured"):
        spread([])


@pytest.mark.parametrize(("percent", "expected"), [(50, 2.0), (75, 3.0), (99, 4.0), (0, 1.0)])
def test_a_percentile_is_one_of_the_values(percent, expected):
    assert percentile([4.0, 2.0, 3.0, 1.0], percent) == expected


def test_the_median_decides_about_target_and_gate():
    slow_once = a_comparison([1.2, 1.2, 9.0], [1.0, 1.0, 1.0], target=1.1, gate=1.3)
    slow_often = a_comparison([1.4, 1.2, 9.0], [1.0, 1.0, 1.0], target=1.1, gate=1.3)
    assert not slow_once.meets_target
    assert measured(slow_once).passes_gates
    assert not measured(slow_once, slow_often).passes_gates


def test_the_page_tells_every_figure_and_how_it_was_made():
    page = markdown(measured(a_comparison([1.0, 3.0, 2.0], [1.0, 1.0, 1.0], target=1.1)))
    assert "    python -m bench --quick\n" in page
    assert "| validate | xmllint | 1.00 / 2.00 / 3.00 | ≤ 1.1 | no |" in page
    assert "| validate | 1.00 / 2.00 / 3.00 | 1.00 / 1.00 / 1.00 | 500 |" in page
    assert "| validate | 5,000 | 61 | ≤ 60 | no |" in page
    assert "| POST | 100 | 2.00 | 8.00 |" in page
    assert "| bare | 100 | 1.00 | 2.00 |" in page
    assert "| POST | bare | 2.00 | 4.00 | ≤ 3.0 | no |" in page
    assert "| day | 2026-01-01 |" in page


def test_a_part_that_was_not_measured_has_no_table():
    one = replace(measured(a_comparison([1.0], [1.0])), peaks=[], latencies=[])
    assert "## Peak memory of the process" in markdown(measured())
    assert "## Peak memory of the process" not in markdown(one)
    assert "## Latency of one record" not in markdown(one)
