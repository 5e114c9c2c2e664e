"""The tasks of the queue: thin, each calls one service."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from app.billing.confirmations import Confirmations
from app.billing.freezing import freeze_all
from app.domain.audit import Actor, ActorKind
from app.domain.identifiers import PracticeId
from app.domain.jobs import Queue, Task
from app.exports.service import Exports
from app.feedback.quarterly import QuarterlyReports
from app.feedback.reminding import Reminders
from app.feedback.requested import RequestedReports
from app.intake.not_finished import NotFinished
from app.intake.service import Intake
from app.jobs.housekeeping import tidy
from app.measures.peers.refreshing import PeerRefreshing
from app.notices.service import Notices
from app.retention.purging import Purges
from app.retention.signed_papers import SignedPapers

_MORE_EACH_TIME_SECONDS: Final = 10
_LONGEST_PAUSE_SECONDS: Final = 600
_EVERY_HOUR: Final = "17 * * * *"
_EVERY_NIGHT: Final = "41 3 * * *"
_EVERY_HOUR_FOR_PEERS: Final = "47 * * * *"
_HALF_PAST_EVERY_HOUR: Final = "30 * * * *"
_EVERY_HOUR_FOR_FEEDBACK: Final = "11 * * * *"
_EVERY_MINUTE: Final = "* * * * *"
_MOST_CONNECTIONS: Final = 2
_ENDED_JOBS_HOURS: Final = 7 * 24


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the tasks call. A worker is dead that says nothing for `silence_seconds`."""

    intake: Intake
    notices: Notices
    confirmations: Confirmations
    purges: Purges
    signed_papers: SignedPapers
    peers: PeerRefreshing
    exports: Exports
    feedback: QuarterlyReports
    requested_reports: RequestedReports
    reminders: Reminders
    silence_seconds: int


class UntilItEnds(BaseRetryStrategy):
    """A job is tried again until its service has brought what it is about to an end."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        pause: float = _MORE_EACH_TIME_SECONDS * (job.attempts + 1)
        if isinstance(exception, NotFinished):
            pause = exception.after_seconds
        seconds = min(pause, _LONGEST_PAUSE_SECONDS)
        return RetryDecision(retry_in={"milliseconds": round(seconds * 1_000)})


def queue_over(database_url: str, services: Services) -> App:
    """The queue in that database, not opened yet, with every task that a job can name."""
    app = App(
        connector=PsycopgConnector(conninfo=database_url, min_size=1, max_size=_MOST_CONNECTIONS)
    )
    _add_submissions(app, services)
    _add_notices(app, services)
    _add_backfills(app, services)
    _add_watchdog(app, services)
    _add_purges(app, services)
    _add_figures(app, services)
    _add_exports(app, services)
    _add_freezing(app, services)
    _add_feedback(app, services)
    return app


def _add_submissions(app: App, services: Services) -> None:
    @app.task(name=Task.PROCESS_SUBMISSION.value, retry=UntilItEnds(), pass_context=True)
    def process_submission(context: JobContext, submission_id: str) -> None:
        services.intake.process(UUID(submission_id), is_stopping=context.should_abort)

    @app.task(name=Task.UNDO_REPLACEMENT.value, retry=UntilItEnds())
    def undo_replacement(submission_id: str) -> None:
        services.intake.undoing.finish(UUID(submission_id))


def _add_notices(app: App, services: Services) -> None:
    @app.task(name=Task.DELIVER_WEBHOOK.value, retry=UntilItEnds())
    def deliver_webhook(webhook_id: str) -> None:
        services.notices.turns.take(UUID(webhook_id))

    @app.task(name=Task.SEND_MAIL.value, retry=UntilItEnds())
    def send_mail(mail_id: str, tries: int) -> None:
        services.notices.send_mail(UUID(mail_id), tries=tries)

    @app.task(name=Task.SEND_CONFIRMATION.value, retry=UntilItEnds())
    def send_confirmation(practice_id: str, confirmation_id: str, tries: int) -> None:
        services.confirmations.send(PracticeId(practice_id), UUID(confirmation_id), tries=tries)


def _add_backfills(app: App, services: Services) -> None:
    @app.task(name=Task.BACKFILL.value, retry=UntilItEnds(), pass_context=True)
    def backfill(context: JobContext, backfill_id: str) -> None:
        services.intake.backfills.carry_out(UUID(backfill_id), is_stopping=context.should_abort)

    @app.periodic(cron=_EVERY_MINUTE)
    @app.task(
        name=Task.NOTICE_CATALOGUE.value,
        queue=Queue.ERRANDS.value,
        queueing_lock=Task.NOTICE_CATALOGUE.value,
    )
    def notice_catalogue(timestamp: int) -> None:
        services.intake.backfills.line_up_changed(Actor(kind=ActorKind.WORKER))


def _add_watchdog(app: App, services: Services) -> None:
    """Periodic tasks also keep the library watching over its own side tasks: it needs one."""

    @app.periodic(cron=_every(services.silence_seconds))
    @app.task(
        name=Task.LOOK_AFTER.value,
        queue=Queue.ERRANDS.value,
        queueing_lock=Task.LOOK_AFTER.value,
    )
    async def look_after(timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=services.silence_seconds
        ):
            with suppress(ConnectorException):  # another watchdog was faster
                await _begin_anew(job, app)
        await asyncio.to_thread(
            services.intake.waiting.line_up_abandoned, older_than_seconds=services.silence_seconds
        )

    @app.periodic(cron=_EVERY_HOUR)
    @app.task(
        name=Task.TIDY.value,
        queue=Queue.ERRANDS.value,
        lock=Task.TIDY.value,  # where it takes hours, there is none beside it
        queueing_lock=Task.TIDY.value,
    )
    async def tidy_up(timestamp: int) -> None:
        await asyncio.to_thread(services.intake.replacements.expire)
        await asyncio.to_thread(services.notices.forget_ended)
        await app.job_manager.delete_old_jobs(
            _ENDED_JOBS_HOURS, include_failed=True, include_aborted=True
        )
        # Last, for it fails where the store of files is out of reach.
        await asyncio.to_thread(tidy, services.intake)


def _add_purges(app: App, services: Services) -> None:
    @app.periodic(cron=_EVERY_NIGHT)
    @app.task(
        name=Task.PURGE.value,
        queue=Queue.ERRANDS.value,
        lock=Task.PURGE.value,
        queueing_lock=Task.PURGE.value,
    )
    async def purge(timestamp: int) -> None:
        await asyncio.to_thread(services.purges.take_turns)
        await asyncio.to_thread(services.signed_papers.remove_over)

    @app.task(name=Task.CARRY_OUT_PURGE.value, retry=UntilItEnds())
    def carry_out_purge(practice_id: str, purge_id: str) -> None:
        services.purges.go_on(PracticeId(practice_id), UUID(purge_id))


def _add_figures(app: App, services: Services) -> None:
    @app.periodic(cron=_EVERY_HOUR_FOR_PEERS)
    @app.task(
        name=Task.REFRESH_PEERS.value,
        queue=Queue.ERRANDS.value,
        lock=Task.REFRESH_PEERS.value,
        queueing_lock=Task.REFRESH_PEERS.value,
    )
    async def refresh_peers(timestamp: int) -> None:
        await asyncio.to_thread(services.peers.refresh_changed)


def _add_exports(app: App, services: Services) -> None:
    @app.task(name=Task.EXPORT.value, retry=UntilItEnds())
    def export(practice_id: str, export_id: str) -> None:
        services.exports.make(PracticeId(practice_id), UUID(export_id))


def _add_freezing(app: App, services: Services) -> None:
    @app.periodic(cron=_HALF_PAST_EVERY_HOUR)
    @app.task(
        name=Task.FREEZE_COUNTS.value,
        queue=Queue.ERRANDS.value,
        lock=Task.FREEZE_COUNTS.value,
        queueing_lock=Task.FREEZE_COUNTS.value,
    )
    async def freeze_counts(timestamp: int) -> None:
        """Every hour, though months end once: what a stopped deployment missed is made up for."""
        await asyncio.to_thread(
            freeze_all,
            Actor(kind=ActorKind.WORKER),
            day=services.intake.day(),
            open_work=services.intake.open_work,
        )


def _add_feedback(app: App, services: Services) -> None:
    @app.periodic(cron=_EVERY_HOUR_FOR_FEEDBACK)
    @app.task(
        name=Task.MAKE_FEEDBACK.value,
        queue=Queue.ERRANDS.value,
        lock=Task.MAKE_FEEDBACK.value,
        queueing_lock=Task.MAKE_FEEDBACK.value,
    )
    async def make_feedback(timestamp: int) -> None:
        """Every hour, though quarters end four times a year: as the counts are frozen."""
        await asyncio.to_thread(services.feedback.make_due, Actor(kind=ActorKind.WORKER))

    @app.task(name=Task.MAKE_REQUESTED_REPORT.value, retry=UntilItEnds())
    def make_requested_report(practice_id: str, request_id: str) -> None:
        services.requested_reports.make(
            PracticeId(practice_id), UUID(request_id), Actor(kind=ActorKind.WORKER)
        )

    @app.task(name=Task.REMIND_OF_FEEDBACK.value, retry=UntilItEnds())
    def remind_of_feedback(reminder_id: str, tries: int) -> None:
        services.reminders.send(UUID(reminder_id), tries=tries)


async def _begin_anew(job: Job, app: App) -> None:
    """But a periodic one: the next of its kind comes by itself, and two may not wait at once."""
    if job.queueing_lock is None:
        await app.job_manager.retry_job(job)
    else:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


def _every(seconds: int) -> str:
    """A cron line with seconds as its sixth field."""
    return f"* * * * * */{seconds}" if seconds < 60 else _EVERY_MINUTE
