"""Sends letters of confirmation, each until it is taken or given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.billing.confirmation_letters import Confirmed, confirmation_text
from app.domain.confirmations import Confirmation
from app.domain.identifiers import PracticeId
from app.domain.notices import NoticeFailure, Tried
from app.notices.letters import new_letter
from app.notices.retries import after_try
from app.notices.smtp import Mailer
from app.notices.tried_log import log_try
from app.reporting.confirming import confirmation_job
from app.storage.unit_of_work import OpenWork, UnitOfWork


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Confirmations:
    """`mailer` None: nobody is written to. `service_url` empty: links are paths."""

    open_work: OpenWork
    mailer: Mailer | None
    service_url: str = ""
    now: Callable[[], datetime] = _now

    def send(self, practice: PracticeId, confirmation_id: UUID, *, tries: int) -> None:
        """Try to send a letter that was tried `tries` times. Done by a job; it may come twice."""
        with self.open_work() as work:
            confirmation = work.confirmations.lock(practice, confirmation_id)
            if confirmation is None or not confirmation.progress.is_at(tries):
                return
            tried = self._tried(confirmation, work)
            progress = after_try(confirmation.progress, tried, now=self.now())
            work.confirmations.record(confirmation, progress)
            if progress.next_try_at is not None:
                work.jobs.add(confirmation_job(confirmation, progress))
            work.commit()
        log_try("confirmation", confirmation_id, progress)

    def _tried(self, confirmation: Confirmation, work: UnitOfWork) -> Tried:
        if self.mailer is None:
            return Tried(failure=NoticeFailure.NOT_CONFIGURED, is_final=True)
        subject, text = confirmation_text(
            _confirmed(confirmation, work), service_url=self.service_url
        )
        letter = new_letter(
            letter_id=confirmation.id,
            sender=self.mailer.sender,
            address=confirmation.address,
            subject=subject,
            text=text,
            now=self.now(),
        )
        return self.mailer.send(letter)


def _confirmed(confirmation: Confirmation, work: UnitOfWork) -> Confirmed:
    """As it stands now: what was changed since has letters of its own."""
    practice, occasion = confirmation.practice_id, confirmation.occasion
    order_id, number = occasion.order_id, occasion.invoice_number
    return Confirmed(
        practice_id=practice,
        performance_year=occasion.performance_year,
        order=None if order_id is None else work.orders.get(practice, order_id),
        registration=None
        if occasion.registration is None
        else work.reporting.registration(practice, occasion.performance_year),
        invoice=None if number is None else work.invoices.get(practice, number),
    )
