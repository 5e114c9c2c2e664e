"""The figures with many cases are told as measured, and judged by the largest practice."""

from bench.reads_asking import Answered, Times
from bench.reads_report import ReadsMeasured, markdown
from bench.reads_taking import Taken, TakenInTurn


def answered(largest: list[float], *, is_whole: bool = False) -> Answered:
    return Answered(
        what="counts of a year",
        is_whole=is_whole,
        largest=Times(cpu=largest, in_database=[20.0], in_service=[30.0]),
        others=Times(cpu=[50.0], in_database=[50.0], in_service=[50.0]),
    )


def measured(*largest: list[float]) -> ReadsMeasured:
    return ReadsMeasured(
        command="python -m bench.reads --cases 1000",
        sample=100,
        practices=200,
        facts=[("day", "2026-01-01")],
        answered=[answered(each) for each in largest],
        taken=TakenInTurn(
            records=1000,
            few=[Taken(seconds=2.0, cpu_seconds=1.0), Taken(seconds=8.0, cpu_seconds=2.0)],
            many=[Taken(seconds=3.0, cpu_seconds=1.1), Taken(seconds=8.0, cpu_seconds=2.6)],
        ),
        few=100,
        many=1000,
    )


def test_one_slow_answer_about_the_largest_practice_misses_the_target() -> None:
    page = markdown(measured([2.0, 10.0], [2.0, 10.1]))
    rest = "20.00 | 20.00 | 30.00 | 30.00 | 50.00 | 50.00"
    assert f"| counts of a year | 2.00 | 10.00 | {rest} | yes |" in page
    assert f"| counts of a year | 2.00 | 10.10 | {rest} | no |" in page


def test_a_whole_answer_may_take_twice_as_long() -> None:
    assert answered([2.0, 20.0], is_whole=True).meets_target
    assert not answered([2.0, 20.1], is_whole=True).meets_target


def test_growth_is_that_of_the_same_file_right_after_one_another() -> None:
    page = markdown(measured([1.0]))
    assert "| 100 | 1.50 | 5.00 |" in page
    assert "| 1,000 | 1.85 | 5.50 |" in page
    assert "| CPU | 1.10 / 1.20 / 1.30 | ≤ 1.1 | no |" in page
    assert "| by the clock | 1.00 / 1.25 / 1.50 |  |  |" in page
