"""When a field is green, yellow or red: a table of shares beside what the thresholds say."""

from decimal import Decimal

import pytest

from app.dashboard.quality.thresholds import (
    Level,
    Thresholds,
    count_levels,
    field_groups,
    level_of,
    watched_fields,
)
from app.domain.case_fields import CaseField, MonthOfFields

MINIMUM = Thresholds(title="Minimum", about="", green_from=99, yellow_from=95)
LEVELS = [
    # told, cases, level
    (100, 100, Level.GREEN),
    (99, 100, Level.GREEN),
    (989, 1000, Level.YELLOW),
    (95, 100, Level.YELLOW),
    (949, 1000, Level.RED),
    (0, 100, Level.RED),
    (10, 10, Level.GREEN),
    (9, 10, Level.RED),
    (9, 9, Level.FEW),
    (0, 9, Level.FEW),
]


@pytest.mark.parametrize(("told", "cases", "level"), LEVELS)
def test_the_level_of_a_share(told: int, cases: int, level: Level) -> None:
    assert level_of(told, cases, MINIMUM, fewest=10) is level


def test_a_field_without_thresholds_has_no_color() -> None:
    plain = Thresholds(title="As it applies", about="")
    assert level_of(0, 100, plain, fewest=10) is Level.PLAIN


def a_month(month: int, cases: int, **lacking: int) -> MonthOfFields:
    told = {field: cases - lacking.get(field.value, 0) for field in CaseField}
    return MonthOfFields(month=month, cases=cases, told=told)


def test_a_year_is_that_of_its_months() -> None:
    groups = field_groups([a_month(1, 200), a_month(3, 100, asa_class=10)])
    rows = {row.watched.field: row for group in groups for row in group.rows}
    asa_class = rows[CaseField.ASA_CLASS]
    assert [cell and cell.level for cell in asa_class.months[:4]] == [
        Level.GREEN,
        None,
        Level.RED,
        None,
    ]
    assert (asa_class.year.percent, asa_class.year.lacking) == (Decimal("96.66"), 10)
    assert asa_class.year.level is Level.YELLOW
    assert count_levels(groups)[Level.YELLOW] == 1
    assert count_levels(groups)[Level.PLAIN] == 3


def test_a_year_without_cases_shows_nothing() -> None:
    assert field_groups([]) == ()


def test_every_field_is_watched_once_and_its_thresholds_say_what_is_assumed() -> None:
    assert sorted(each.field for each in watched_fields()) == sorted(CaseField)
    for each in watched_fields():
        assert each.thresholds.green_from is None or each.thresholds.assumed
