"""The jobs that deliver notices: one for a webhook that is owed something, one for a letter."""

from datetime import datetime
from uuid import UUID

from app.domain.jobs import Job, Queue, Task
from app.domain.notices import Delivery, NoticeProgress
from app.storage.unit_of_work import UnitOfWork


def send_off(delivery: Delivery, work: UnitOfWork) -> None:
    """Put a new delivery on its way, with the transaction of `work`."""
    work.deliveries.add(delivery)
    line_up(delivery.webhook_id, work)


def line_up(
    webhook_id: UUID, work: UnitOfWork, *, at: datetime | None = None, has_failed: bool = False
) -> None:
    """Let a webhook have a turn, unless one awaits it already: that is then no later than `at`.

    One that has failed stands behind those that have not, and its turn comes no earlier for
    anything new.
    """
    work.jobs.add_once(
        Job(
            task=Task.DELIVER_WEBHOOK,
            queue=Queue.NOTICES,
            arguments={"webhook_id": str(webhook_id)},
            lock=f"webhook {webhook_id}",
            priority=-1 if has_failed else 0,
            at=at,
        )
    )


def mail_job(mail_id: UUID, progress: NoticeProgress) -> Job:
    """Letters have a queue of their own: strangers' webhooks do not hold them up."""
    return Job(
        task=Task.SEND_MAIL,
        queue=Queue.MAILS,
        arguments={"mail_id": str(mail_id), "tries": progress.tries},
        priority=-progress.tries,
        at=progress.next_try_at,
    )
