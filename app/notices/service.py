"""The story of a notice: announced with the end of a submission, tried, delivered or given up."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.mail_addresses import domain_of
from app.domain.master_keys import MasterKeys
from app.domain.notices import (
    Delivery,
    EventType,
    Mail,
    NoticeFailure,
    SwitchedOff,
    Tried,
    Webhook,
)
from app.domain.submissions import Submission
from app.notices.events import finished_event
from app.notices.letters import letter_about
from app.notices.mail_addresses import addresses_in
from app.notices.notice_jobs import mail_job, send_off
from app.notices.posting import Poster
from app.notices.retries import after_try
from app.notices.smtp import Mailer
from app.notices.tried_log import log_try
from app.notices.webhook_turns import WebhookTurns
from app.storage.unit_of_work import OpenWork, UnitOfWork
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_KEPT_AFTER_THEIR_END: Final = timedelta(days=30)
_MOST_OPEN: Final = 10_000

OpenFile = Callable[[], BinaryIO]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Notices:
    """Tells people and systems how submissions ended.

    `mailer` None: nobody is written to. `service_url` empty: it is not known, links are paths.
    A webhook to which more than `most_open` events are on their way is switched off.
    """

    open_work: OpenWork
    poster: Poster
    master_keys: MasterKeys
    mailer: Mailer | None
    service_url: str = ""
    most_open: int = _MOST_OPEN
    now: Callable[[], datetime] = _now

    @property
    def sends_mail(self) -> bool:
        return self.mailer is not None

    def announce(
        self, submission: Submission, work: UnitOfWork, *, open_file: OpenFile | None
    ) -> None:
        """Put on their way all notices of a submission that ends with the transaction of `work`.

        `open_file` opens the case file as it was received; None: nobody is written to, for the file
        must not be read again.
        """
        for webhook in work.webhooks.listening(
            EventType.SUBMISSION_FINISHED, submission.practice_id, sandbox=submission.sandbox
        ):
            body = finished_event(submission, service_url=self.service_url)
            send_off(_delivery_of(submission, webhook, body, self.now()), work)
            if work.deliveries.are_open(webhook.id, more_than=self.most_open):
                work.webhooks.switch_off(webhook, SwitchedOff.FELL_BEHIND)
                _log.warning("webhook fell behind", extra=log_fields(webhook=str(webhook.id)))
        for address in self._addresses(submission, work, open_file):
            mail = Mail(
                id=uuids.uuid7(),
                practice_id=submission.practice_id,
                submission_id=submission.id,
                address=address,
                created_at=self.now(),
            )
            work.mails.add(mail)
            work.jobs.add(mail_job(mail.id, mail.progress))

    @property
    def turns(self) -> WebhookTurns:
        return WebhookTurns(
            open_work=self.open_work,
            poster=self.poster,
            master_keys=self.master_keys,
            now=self.now,
        )

    def send_mail(self, mail_id: UUID, *, tries: int) -> None:
        """Try to send a letter that was tried `tries` times. Done by a job; it may come twice.

        Another process that tries it holds it locked, and one that has tried it raised its tries:
        then nothing is done.
        """
        with self.open_work() as work:
            mail = work.mails.lock(mail_id)
            if mail is None or not mail.progress.is_at(tries):
                return
            progress = after_try(mail.progress, self._send(mail, work), now=self.now())
            work.mails.record(mail, progress)
            if progress.next_try_at is not None:
                work.jobs.add(mail_job(mail.id, progress))
            work.commit()
        log_try("mail", mail.id, progress)

    def forget_ended(self) -> int:
        """Remove the notices that ended 30 days ago and earlier; return how many there were."""
        before = self.now() - _KEPT_AFTER_THEIR_END
        with self.open_work() as work:
            removed = work.deliveries.forget_ended(before=before)
            removed += work.mails.forget_ended(before=before)
            work.commit()
        return removed

    def _addresses(
        self, submission: Submission, work: UnitOfWork, open_file: OpenFile | None
    ) -> Iterator[str]:
        """Those of the file whose domain is allowed; it is opened only where one can be."""
        if self.mailer is None or open_file is None:
            return
        allowed = _allowed_domains(submission, work)
        if not allowed:
            return
        yield from (each for each in _addresses(open_file) if domain_of(each) in allowed)

    def _send(self, mail: Mail, work: UnitOfWork) -> Tried:
        if self.mailer is None:
            return Tried(failure=NoticeFailure.NOT_CONFIGURED)
        assert mail.address is not None, "it has not ended"
        submission = work.submissions.get(mail.submission_id)
        assert submission is not None, "a submission is never deleted"
        if domain_of(mail.address) not in _allowed_domains(submission, work):
            return Tried(failure=NoticeFailure.NO_LONGER_ALLOWED, is_final=True)
        letter = letter_about(
            submission,
            letter_id=mail.id,
            sender=self.mailer.sender,
            address=mail.address,
            service_url=self.service_url,
            now=self.now(),
        )
        return self.mailer.send(letter)


def _delivery_of(submission: Submission, webhook: Webhook, body: str, now: datetime) -> Delivery:
    return Delivery(
        id=uuids.uuid7(),
        webhook_id=webhook.id,
        event=EventType.SUBMISSION_FINISHED,
        practice_id=submission.practice_id,
        submission_id=submission.id,
        body=body,
        created_at=now,
    )


def _allowed_domains(submission: Submission, work: UnitOfWork) -> set[str]:
    found = work.mails.domains_of(submission.practice_id, sandbox=submission.sandbox)
    return {each.domain for each in found}


def _addresses(open_file: OpenFile) -> list[str]:
    try:
        with open_file() as file:
            return addresses_in(file)
    except (
        Exception
    ) as error:  # a file that cannot be read must not keep its submission from ending
        _log.warning("nobody can be written to", extra=log_fields(**error_fields(error)))
        return []
