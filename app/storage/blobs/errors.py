"""What goes wrong with received files, and how it is told."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app.domain.errors.service import ServiceBusy

_log = logging.getLogger(__name__)
_RETRY_SECONDS: Final = 10


class BlobMissing(Exception):
    """No file with this hash is in the store."""


class BlobDamaged(Exception):
    """What is kept under this hash is no longer what was received."""


class BlobAddressWrong(ValueError):
    """The address of the store cannot be used. Its text does not repeat it: it may hold a key."""


def out_of_reach(reason: str) -> ServiceBusy:
    """Tell the operator, and return what tells the sender: `reason` holds no value and no key."""
    _log.warning("the store of received files is out of reach: %s", reason)
    return ServiceBusy(retry_after=_RETRY_SECONDS)


@contextmanager
def told_as_busy() -> Iterator[None]:
    """Raises: ServiceBusy where the file system takes nothing, as when the disk is full."""
    try:
        yield
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise out_of_reach(reason) from error
