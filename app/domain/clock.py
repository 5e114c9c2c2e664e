"""Clock times as case files write them."""

import re
from datetime import datetime, timedelta
from typing import Final

_ZONE: Final = re.compile(r"(Z|[+-]\d\d:\d\d)\s*\Z")
_GREENWICH: Final = "Z"


def clock_time(text: str | None) -> datetime | None:
    """Return an xs:dateTime as the sender's clock showed it: a zone is dropped, not applied.

    None for a missing or nil element and for years that no calendar of ours has (past 9999).
    """
    moment = _moment(text)
    return moment if moment is None or moment.tzinfo is None else moment.replace(tzinfo=None)


def zone_of(text: str) -> str | None:
    """Return the zone that an xs:dateTime carries, "Z" for that of Greenwich however written."""
    if len(text) < 6 or (text[-1].isdigit() and text[-6] not in "+-"):
        return None  # as nearly every time is written
    found = _ZONE.search(text)
    if found is None:
        return None
    return _GREENWICH if found[1][1:] == "00:00" else found[1]


def is_before(end: str | None, start: str | None) -> bool:
    """Whether the xs:dateTime `end` is surely before `start`.

    Two that carry a zone are compared as instants; of one that does and one that does not nobody
    can tell.
    """
    ended, started = _moment(end), _moment(start)
    if ended is None or started is None or (ended.tzinfo is None) != (started.tzinfo is None):
        return False
    return ended < started


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _unusual_time(text.strip())


def _unusual_time(text: str) -> datetime | None:
    midnight_after = text[11:19] == "24:00:00"
    try:
        moment = datetime.fromisoformat(text.replace("T24:", "T00:") if midnight_after else text)
        return moment + timedelta(days=midnight_after)
    except (ValueError, OverflowError):
        return None
