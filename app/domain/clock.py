"""Clock times as case files write them."""

from datetime import datetime, timedelta


def clock_time(text: str | None) -> datetime | None:
    """Return an xs:dateTime as the sender's clock showed it: a zone is dropped, not applied.

    None for a missing or nil element and for years that no calendar of ours has (past 9999).
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _unusual_time(text.strip())
    return moment if moment.tzinfo is None else moment.replace(tzinfo=None)


def _unusual_time(text: str) -> datetime | None:
    midnight_after = text[11:19] == "24:00:00"
    try:
        moment = datetime.fromisoformat(text.replace("T24:", "T00:") if midnight_after else text)
        return moment.replace(tzinfo=None) + timedelta(days=midnight_after)
    except (ValueError, OverflowError):
        return None
