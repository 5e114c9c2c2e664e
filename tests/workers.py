"""Workers beside a test, over the database and the files of its registry."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.billing.confirmations import Confirmations
from app.domain.identifiers import PracticeId
from app.domain.jobs import Queue
from app.exports.service import Exports
from app.feedback.quarterly import QuarterlyReports
from app.feedback.reminding import Reminders
from app.feedback.requested import RequestedReports
from app.intake.service import Intake
from app.jobs.queue import Services, queue_over
from app.jobs.worker import BackgroundWorker, Worker
from app.measures.peers.refreshing import PeerRefreshing
from app.notices.smtp import Mailer, MailServer
from app.retention.purging import Purges
from app.retention.signed_papers import SignedPapers
from app.storage.database import plain_url
from tests.registry import Registry, library

SILENCE_SECONDS = 3
SENDER = "registry@registry.example"


def services_of(registry: Registry, intake: Intake | None = None) -> Services:
    return Services(
        intake=intake or registry.intake,
        notices=registry.app.state.notices,
        confirmations=Confirmations(
            open_work=registry.open_work, mailer=registry.app.state.notices.mailer
        ),
        purges=purges_of(registry),
        signed_papers=SignedPapers(open_work=registry.open_work),
        peers=peers_of(registry),
        exports=Exports(open_work=registry.open_work, blobs=registry.intake.blobs, days=7),
        feedback=feedback_of(registry),
        requested_reports=RequestedReports(
            open_work=registry.open_work, catalogue=library().measures, day=registry.intake.day
        ),
        reminders=Reminders(open_work=registry.open_work, mailer=None),
        silence_seconds=SILENCE_SECONDS,
    )


def feedback_of(registry: Registry, *, is_on: bool = True) -> QuarterlyReports:
    """As the workers of the registry have it, when the setting of days is 15 and mail is sent."""
    return QuarterlyReports(
        open_work=registry.open_work,
        catalogue=library().measures,
        is_on=is_on,
        days=15,
        reminds=True,
        day=registry.intake.day,
    )


def purges_of(registry: Registry, *, day: date | None = None) -> Purges:
    """As the workers of the registry have them; `day` is their today."""
    retention = registry.app.state.retention_within(registry.open_work)
    unused_files = registry.intake.unused_files
    purges = Purges(
        open_work=registry.open_work, retention=retention, unused_files=unused_files, batch=2
    )
    return purges if day is None else replace(purges, day=lambda: day)


def peers_of(registry: Registry) -> PeerRefreshing:
    return PeerRefreshing(open_work=registry.open_work, catalogue=library().measures)


def work_off(registry: Registry, *, only: Queue | None = Queue.CASE_FILES) -> None:
    """Do every job that is due, as a worker does, and return; `only` None: those of all queues.

    But none that comes by the clock: what a test sees must not depend on the minute.
    """

    async def work() -> None:
        queue = queue_over(plain_url(registry.engine), services_of(registry))
        queue.periodic_registry.periodic_tasks.clear()
        queues = list(Queue) if only is None else [only]
        async with queue.open_async():
            await queue.run_worker_async(
                queues=[each.value for each in queues],
                wait=False,
                delete_jobs="successful",
                install_signal_handlers=False,
                listen_notify=False,
            )

    asyncio.run(work())


def confirm_all(registry: Registry, *, smtp: str | None) -> None:
    """Send the letters of confirmation that are on their way, if there is a mail server."""
    mailer = None if smtp is None else Mailer(server=MailServer.at(smtp), sender=SENDER)
    confirmations = Confirmations(
        open_work=registry.open_work, mailer=mailer, service_url="https://cases.example"
    )
    jobs = registry.ask_database(
        "SELECT args FROM procrastinate_jobs WHERE task_name = 'send_confirmation' ORDER BY id"
    )
    for (asked,) in jobs:
        practice, letter = PracticeId(asked["practice_id"]), UUID(asked["confirmation_id"])
        confirmations.send(practice, letter, tries=asked["tries"])


def recover(registry: Registry) -> int:
    """Take up what a process that died left behind; return how many there were."""
    found = registry.intake.waiting.line_up_abandoned()
    work_off(registry)
    return found


def worker_of(
    registry: Registry, *, intake: Intake | None = None, grace_seconds: float = 20
) -> BackgroundWorker:
    return BackgroundWorker(
        Worker(
            database_url=plain_url(registry.engine),
            services=services_of(registry, intake),
            files_at_once=2,
            grace_seconds=grace_seconds,
            poll_seconds=0.1,
        )
    )


@contextmanager
def working(
    registry: Registry, *, intake: Intake | None = None, grace_seconds: float = 20
) -> Iterator[None]:
    """A worker at work while the test goes on."""
    worker = worker_of(registry, intake=intake, grace_seconds=grace_seconds)
    worker.start()
    try:
        yield
    finally:
        worker.stop()
