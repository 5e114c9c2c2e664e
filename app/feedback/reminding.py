"""Users are reminded that reports are there: a letter each, tried until it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.access.rights import ROLES, Right
from app.domain.audit import Actor, ActorKind, AuditAction
from app.domain.feedback import FeedbackReminder, Quarter
from app.domain.identifiers import Npi, PracticeId
from app.domain.jobs import Job, Queue, Task
from app.domain.notices import NoticeFailure, NoticeProgress, NoticeState, Tried
from app.domain.principals import Role
from app.domain.users import User, UserState
from app.notices.letters import new_letter
from app.notices.retries import after_try
from app.notices.smtp import Mailer
from app.notices.tried_log import log_try
from app.storage.unit_of_work import OpenWork, UnitOfWork

_WORKER: Final = Actor(kind=ActorKind.WORKER)


def _now() -> datetime:
    return datetime.now(UTC)


def line_up_reminders(
    practice: PracticeId,
    quarter: Quarter,
    *,
    clinicians: frozenset[Npi],
    at: datetime,
    work: UnitOfWork,
) -> int:
    """Remind whoever may see a report that was made; `clinicians` have one of their own.

    Return how many are: those who can sign in by now, and nobody twice of the same quarter.
    """
    lined_up = 0
    for user in work.users.acting_for(practice):
        if not _is_concerned(user, practice, clinicians):
            continue
        reminder = FeedbackReminder(
            practice_id=practice,
            id=uuids.uuid7(),
            quarter=quarter,
            user_id=user.id,
            created_at=at,
        )
        if work.feedback_reminders.add(reminder):
            work.jobs.add(_job_for(reminder.id, reminder.progress))
            lined_up += 1
    return lined_up


@dataclass(frozen=True, kw_only=True)
class Reminders:
    """`mailer` None: nobody is written to. `service_url` empty: it is not known."""

    open_work: OpenWork
    mailer: Mailer | None
    service_url: str = ""
    now: Callable[[], datetime] = _now

    def send(self, reminder_id: UUID, *, tries: int) -> None:
        """Try to send a letter that was tried `tries` times. Done by a job; it may come twice.

        Another process that tries it holds it locked, and one that has tried it raised its tries:
        then nothing is done.
        """
        with self.open_work() as work:
            reminder = work.feedback_reminders.lock(reminder_id)
            if reminder is None or not reminder.progress.is_at(tries):
                return
            progress = after_try(reminder.progress, self._send(reminder, work), now=self.now())
            work.feedback_reminders.record(reminder, progress)
            if progress.next_try_at is not None:
                work.jobs.add(_job_for(reminder.id, progress))
            if progress.state is NoticeState.DELIVERED:
                _record(reminder, work)
            work.commit()
        log_try("feedback reminder", reminder.id, progress)

    def _send(self, reminder: FeedbackReminder, work: UnitOfWork) -> Tried:
        if self.mailer is None:
            return Tried(failure=NoticeFailure.NOT_CONFIGURED)
        user = work.users.get(reminder.user_id)
        if user is None or not _may_see(user, reminder.practice_id):
            return Tried(failure=NoticeFailure.NO_LONGER_ALLOWED, is_final=True)
        return self.mailer.send(self._letter(reminder, user, self.mailer.sender))

    def _letter(self, reminder: FeedbackReminder, user: User, sender: str) -> EmailMessage:
        practice, quarter = reminder.practice_id, reminder.quarter.name
        return new_letter(
            letter_id=reminder.id,
            sender=sender,
            address=user.given.email,
            subject=f"Feedback reports {quarter} (practice {practice})",
            text=f"""\
The feedback reports {quarter} of practice {practice} are there: rates, completeness,
benchmarks and peers, and what can be done. Sign in to read yours:

{self.service_url}/practices/{practice}/feedback?quarter={quarter}

You get this mail because you may see them. Nothing of them is in it.
""",
            now=self.now(),
        )


def _is_concerned(user: User, practice: PracticeId, clinicians: frozenset[Npi]) -> bool:
    if user.state is not UserState.ACTIVE or not _may_see(user, practice):
        return False
    return user.given.role is not Role.CLINICIAN or user.given.npi in clinicians


def _may_see(user: User, practice: PracticeId) -> bool:
    given = user.given
    is_of_practice = user.ended_at is None and practice in given.practice_ids
    return is_of_practice and given.role in ROLES[Right.SEE_OWN_FIGURES]


def _job_for(reminder_id: UUID, progress: NoticeProgress) -> Job:
    return Job(
        task=Task.REMIND_OF_FEEDBACK,
        queue=Queue.MAILS,
        arguments={"reminder_id": str(reminder_id), "tries": progress.tries},
        priority=-progress.tries,
        at=progress.next_try_at,
    )


def _record(reminder: FeedbackReminder, work: UnitOfWork) -> None:
    work.audit.record(
        _WORKER,
        AuditAction.FEEDBACK_REMINDED,
        practice=reminder.practice_id,
        about=("user", reminder.user_id),
        quarter=reminder.quarter.name,
    )
