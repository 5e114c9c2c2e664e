"""A request that is done once, however often it comes: its first answer is kept and given again.

Nothing of this is within the transaction of the request. If a process dies between the two, the
request is carried out once more when it comes again, so a call that could do harm then, or whose
answer holds a secret, reads its key itself, by `once` of `app.access.repeating`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from app.access.repeating import Repeatable
from app.domain.errors.service import ServiceBusy
from app.storage.access.idempotency_store import KeptAnswer
from app.storage.unit_of_work import OpenWork

_GIVEN_UP_AFTER: Final = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A request with its key, on behalf of who asks."""

    request: Repeatable
    id: UUID
    open_work: OpenWork

    def begin(self) -> KeptAnswer | None:
        """Return the answer of before; None: nobody has given one, so it is for this try to.

        Raises: IdempotencyConflict, and ServiceBusy while another try is under way.
        """
        with self.open_work() as work:
            self.request.lock(work)
            used = self.request.used(work)
            if used is not None and used.answer is not None:
                return used.answer
            if used is not None and datetime.now(UTC) < used.used_at + _GIVEN_UP_AFTER:
                raise ServiceBusy(retry_after=_GIVEN_UP_AFTER.seconds)
            self.request.keep(self.id, work)
            work.commit()
        return None

    def end(self, answer: KeptAnswer | None) -> None:
        """Keep the answer; without one the key is free for another try."""
        with self.open_work() as work:
            if answer is None:
                self.request.forget(self.id, work)
            else:
                self.request.keep_answer(answer, self.id, work)
            work.commit()
