"""A database that cannot be asked now, as its operator and whoever waits for it are told."""

import logging
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.domain.errors.service import ServiceBusy

_log = logging.getLogger(__name__)
_RETRY_SECONDS: Final = 10


def database_out_of_reach(error: Exception) -> ServiceBusy:
    """Tell the operator, and return what tells the sender.

    `error` came before anything was asked for that has a value of a case: its text is told.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    _log.warning("the database is out of reach: %s", " ".join(str(cause).split()))
    return ServiceBusy(retry_after=_RETRY_SECONDS)
