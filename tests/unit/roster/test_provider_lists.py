"""When a provider list can be changed, and what belongs to the list of a year."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.domain.audit import SOME_OPERATOR
from app.domain.identifiers import PracticeId, parse_npi, parse_tin
from app.domain.roster import Clinician, Credentials, Employment, is_small_practice
from app.domain.roster_changes import ListOrder
from app.domain.spans import Span
from app.roster.provider_lists import Line, Window, list_of, shipped_windows, state_of

WINDOW = Window(
    performance_year=2019,
    locked_from=date(2020, 2, 15),
    opens_on=date(2020, 4, 6),
    source="an example",
)


def an_order(*, locks: bool, given_on: date, opens_on: date | None = None) -> ListOrder:
    return ListOrder(
        id=UUID(int=1),
        performance_year=2019,
        locks=locks,
        given_on=given_on,
        opens_on=opens_on,
        reason="an example",
        at=datetime(2020, 1, 1, tzinfo=UTC),
        by=SOME_OPERATOR,
    )


LOCKED_IN_MAY = an_order(locks=True, given_on=date(2020, 5, 1), opens_on=date(2020, 6, 1))
LOCKED_FOR_GOOD = an_order(locks=True, given_on=date(2020, 5, 1))
UNLOCKED_BEFORE = an_order(locks=False, given_on=date(2020, 2, 1))
UNLOCKED_WITHIN = an_order(locks=False, given_on=date(2020, 3, 1))
STATES = [
    # day, order, locked, opens on
    (date(2020, 2, 14), None, False, None),
    (date(2020, 2, 15), None, True, date(2020, 4, 6)),
    (date(2020, 4, 5), None, True, date(2020, 4, 6)),
    (date(2020, 4, 6), None, False, None),
    (date(2020, 5, 31), LOCKED_IN_MAY, True, date(2020, 6, 1)),
    (date(2020, 6, 1), LOCKED_IN_MAY, False, None),
    (date(2030, 1, 1), LOCKED_FOR_GOOD, True, None),
    (date(2020, 3, 1), UNLOCKED_BEFORE, True, date(2020, 4, 6)),
    (date(2020, 3, 1), UNLOCKED_WITHIN, False, None),
]


@pytest.mark.parametrize(("day", "order", "locked", "opens_on"), STATES)
def test_windows_and_orders_lock_a_list(
    day: date, order: ListOrder | None, locked: bool, opens_on: date | None
) -> None:
    state = state_of(2019, day, windows=[WINDOW], order=order)
    assert (state.is_locked, state.opens_on) == (locked, opens_on)


def test_a_window_locks_the_list_of_its_year_only() -> None:
    assert not state_of(2020, date(2020, 3, 1), windows=[WINDOW], order=None).is_locked


def test_the_shipped_window_ends_on_6_april_2020_and_says_what_is_assumed() -> None:
    [window] = shipped_windows()
    assert window.opens_on == date(2020, 4, 6)
    assert window.source
    assert window.assumed


def the_list(year: int, **differently: date | None) -> frozenset[Line]:
    practice = PracticeId("12345")
    robin = Clinician(
        practice_id=practice,
        id=UUID(int=1),
        npi=parse_npi("1234567893"),
        name="Robin Example",
        credentials=Credentials.ANESTHESIOLOGIST,
        asa_member_years=(2019,),
    )
    days = {"starts_on": date(2019, 7, 1), "ends_on": None, **differently}
    job = Employment(
        practice_id=practice,
        id=UUID(int=2),
        clinician_id=robin.id,
        tin=parse_tin("891234567"),
        **days,  # type: ignore[arg-type]
    )
    return list_of(year, clinicians=[robin], employments=[job], subgroups=[])


def test_somebody_who_leaves_in_another_year_alters_the_lists_since_then() -> None:
    left_in_march = {"ends_on": date(2020, 3, 31)}
    assert the_list(2019) == the_list(2019, **left_in_march)
    assert the_list(2020) != the_list(2020, **left_in_march)
    assert the_list(2021, **left_in_march) == frozenset()


def test_membership_of_the_asa_belongs_to_its_year() -> None:
    [in_2019], [in_2020] = the_list(2019), the_list(2020)
    assert in_2019 != in_2020


def test_fifteen_clinicians_are_a_small_practice_and_sixteen_are_not() -> None:
    assert [is_small_practice(number) for number in (0, 15, 16)] == [True, True, False]


def test_a_span_without_ends_covers_every_day() -> None:
    assert Span().covers(date(1900, 1, 1))
    assert Span().overlaps(Span(first=date(2024, 1, 1)))
    assert not Span(last=date(2023, 12, 31)).overlaps(Span(first=date(2024, 1, 1)))
