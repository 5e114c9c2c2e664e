"""UUIDv7 by time: rows whose id is one stand in the order of their arrival."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

_BITS_BEHIND_TIME: Final = 80


def first_id_at(moment: date | datetime) -> UUID:
    """Return what no UUIDv7 made from that moment on comes before; a day begins at midnight UTC.

    Source: RFC 9562, section 5.7: the first 48 bits are milliseconds since 1970.
    """
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return UUID(int=int(moment.timestamp() * 1000) << _BITS_BEHIND_TIME)
