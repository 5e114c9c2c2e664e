"""The turn of a webhook: what is due to it is posted in order, for a while or until it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from app.domain.master_keys import MasterKeys
from app.domain.notices import Delivery, NoticeFailure, SwitchedOff, Tried, Webhook
from app.notices.notice_jobs import line_up
from app.notices.posting import Poster
from app.notices.retries import after_try
from app.notices.signing import signed_headers
from app.notices.tried_log import log_try
from app.storage.unit_of_work import OpenWork, UnitOfWork

_LONGEST_TURN_SECONDS: Final = 5.0
_PAUSE: Final = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class WebhookTurns:
    """A webhook has one job at a time, so that whoever is owed much or is slow holds up few."""

    open_work: OpenWork
    poster: Poster
    master_keys: MasterKeys
    now: Callable[[], datetime]
    longest_seconds: float = _LONGEST_TURN_SECONDS

    def take(self, webhook_id: UUID) -> None:
        """Deliver what is due, then line up for the rest. Done by a job; it may come twice.

        A try that failed ends the turn, and so does another process that tries the same.
        """
        ends_at = monotonic() + self.longest_seconds
        tried = self._deliver_next(webhook_id)
        has_begun = tried is not None
        while _goes_on(tried) and monotonic() < ends_at:
            tried = self._deliver_next(webhook_id)
        has_failed = tried is not None and not _goes_on(tried)
        self._line_up_again(webhook_id, has_failed=has_failed, has_begun=has_begun)

    def _deliver_next(self, webhook_id: UUID) -> Tried | None:
        """Return what the try came to; None when nothing is due that nobody else tries."""
        with self.open_work() as work:
            webhook = work.webhooks.hold(webhook_id)
            if webhook is None:
                return None
            delivery = work.deliveries.lock_next(webhook_id, due_at=self.now())
            if delivery is None:
                return None
            tried = self._in_vain(delivery, webhook, work) or self._post(delivery, webhook, work)
            progress = after_try(delivery.progress, tried, now=self.now())
            work.deliveries.record(delivery.id, progress)
            if tried.failure is NoticeFailure.GONE:
                work.webhooks.switch_off(webhook, SwitchedOff.GONE)
            work.commit()
        log_try("webhook", delivery.id, progress)
        return tried

    def _line_up_again(self, webhook_id: UUID, *, has_failed: bool, has_begun: bool) -> None:
        with self.open_work() as work:
            due_at = work.deliveries.next_due_at(webhook_id)
            if due_at is None:
                return
            after_a_pause = self.now() + _PAUSE
            at = max(due_at, self.now() if has_begun else after_a_pause)
            line_up(webhook_id, work, at=after_a_pause if has_failed else at, has_failed=has_failed)
            work.commit()

    def _in_vain(self, delivery: Delivery, webhook: Webhook, work: UnitOfWork) -> Tried | None:
        """Why it is not to be sent, though it was right to announce it then."""
        if webhook.switched_off is not None:
            return Tried(failure=NoticeFailure.SWITCHED_OFF, is_final=True)
        if delivery.submission_id is None or delivery.practice_id is None:
            return None
        submission = work.submissions.get(delivery.submission_id)
        assert submission is not None, "a submission is never deleted"
        if work.webhooks.may_be_told(webhook, delivery.practice_id, sandbox=submission.sandbox):
            return None
        return Tried(failure=NoticeFailure.NO_LONGER_ALLOWED, is_final=True)

    def _post(self, delivery: Delivery, webhook: Webhook, work: UnitOfWork) -> Tried:
        now = self.now()
        in_force = work.webhooks.secrets_of(webhook.id, at=now)
        derived = [self.master_keys.derive(secret) for secret in in_force]
        secrets = [secret for secret in derived if secret is not None]
        if not secrets:
            return Tried(failure=NoticeFailure.SECRET_LOST)
        body = delivery.body.encode()
        headers = {
            "content-type": "application/json",
            "user-agent": "nacor-webhooks/1",
            **signed_headers(
                body, message_id=str(delivery.id), timestamp=int(now.timestamp()), secrets=secrets
            ),
        }
        return self.poster.post(webhook.url, headers=headers, body=body)


def _goes_on(tried: Tried | None) -> bool:
    """Whether the next may be tried: what ends a delivery for good says nothing of the others."""
    return tried is not None and (tried.failure is None or tried.is_final)
