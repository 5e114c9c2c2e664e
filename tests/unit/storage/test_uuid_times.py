"""Ids that were made in a span of time lie between its bounds."""

from datetime import UTC, date, datetime, timedelta

import uuid_utils.compat as uuids

from app.storage.uuid_times import first_id_at


def test_an_id_lies_between_the_moments_around_it() -> None:
    before = datetime.now(UTC)
    made = uuids.uuid7()
    assert first_id_at(before - timedelta(milliseconds=1)) < made
    assert made < first_id_at(before + timedelta(seconds=10))


def test_a_day_begins_at_midnight_utc() -> None:
    assert first_id_at(date(2024, 3, 1)) == first_id_at(datetime(2024, 3, 1, tzinfo=UTC))
