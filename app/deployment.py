"""The parts that every process of a deployment joins alike, with or without HTTP."""

import logging
from typing import Final

from sqlalchemy import Engine

from app.billing.confirmations import Confirmations
from app.checking.cores import usable_cores
from app.checking.pool import CheckingPool
from app.checking.standards import Standards, load_standards
from app.exports.service import Exports
from app.feedback.quarterly import QuarterlyReports
from app.feedback.reminding import Reminders
from app.feedback.requested import RequestedReports
from app.intake.admission import Room
from app.intake.processing import Library
from app.intake.service import Intake, OnFinished, count_nothing
from app.intake.unused_files import UnusedFiles
from app.jobs.queue import Services
from app.jobs.worker import Worker
from app.measures.catalogue.catalogue import Catalogue, shipped_catalogue
from app.measures.peers.refreshing import PeerRefreshing
from app.notices.posting import Poster
from app.notices.reach import Reach, parse_networks
from app.notices.service import Notices
from app.notices.smtp import Mailer, MailServer
from app.notices.webhook_service import Webhooks, WebhooksWithin
from app.opening import create_blob_store, create_data_keys, master_keys_of
from app.retention.holding import Retention, RetentionWithin
from app.retention.periods import shipped_years
from app.retention.purging import Purges
from app.retention.signed_papers import SignedPapers
from app.settings import Settings
from app.storage.database import plain_url
from app.storage.unit_of_work import UnitOfWork

_log = logging.getLogger(__name__)
_MOST_PROCESSES: Final = 8
"""Each holds about 60 MiB, and every process of a server may have as many."""


def create_intake(
    settings: Settings, engine: Engine, *, on_finished: OnFinished = count_nothing
) -> Intake:
    standards = load_standards(settings.rules_file)
    keys = create_data_keys(settings, engine)
    return Intake(
        open_work=lambda: UnitOfWork(engine, keys=keys),
        blobs=create_blob_store(settings, keys),
        keys=keys,
        spool=settings.spool,
        library=Library(standards=standards, measures=shipped_catalogue()),
        on_finished=on_finished,
        pool=_pool_for(settings, standards),
        small_bytes=settings.small_file_bytes,
        room=Room(all=settings.queue_files, practice=settings.queue_files_of_practice),
        retry_seconds=settings.retry_seconds,
        patience_seconds=settings.patience_seconds,
        max_records=settings.submission_max_records,
        replace_max_share=settings.replace_max_share,
        require_agreements=settings.require_agreements,
        require_payment=settings.require_payment,
        notices=create_notices(settings, engine),
    )


def create_worker(settings: Settings, engine: Engine, intake: Intake) -> Worker:
    services = Services(
        intake=intake,
        notices=create_notices(settings, engine),
        confirmations=create_confirmations(settings, engine),
        purges=create_purges(settings, engine),
        signed_papers=SignedPapers(open_work=intake.open_work),
        peers=PeerRefreshing(open_work=intake.open_work, catalogue=intake.library.measures),
        exports=Exports(open_work=intake.open_work, blobs=intake.blobs, days=settings.export_days),
        feedback=create_feedback(settings, engine, intake.library.measures),
        requested_reports=RequestedReports(
            open_work=intake.open_work, catalogue=intake.library.measures
        ),
        reminders=create_reminders(settings, engine),
        silence_seconds=settings.worker_silence_seconds,
    )
    return Worker(
        database_url=plain_url(engine),
        services=services,
        files_at_once=settings.worker_files,
        grace_seconds=settings.worker_grace_seconds,
    )


def retention_within(settings: Settings) -> RetentionWithin:
    years = settings.retention_years or shipped_years()
    return lambda open_work: Retention(open_work=open_work, years=years)


def create_purges(settings: Settings, engine: Engine) -> Purges:
    def open_work() -> UnitOfWork:
        return UnitOfWork(engine)

    blobs = create_blob_store(settings, create_data_keys(settings, engine))
    return Purges(
        open_work=open_work,
        retention=retention_within(settings)(open_work),
        unused_files=UnusedFiles(open_work=open_work, blobs=blobs),
    )


def create_notices(settings: Settings, engine: Engine) -> Notices:
    return Notices(
        open_work=lambda: UnitOfWork(engine),
        poster=Poster(reach_of(settings)),
        master_keys=master_keys_of(settings),
        mailer=_mailer_for(settings),
        service_url=_service_url(settings),
    )


def create_confirmations(settings: Settings, engine: Engine) -> Confirmations:
    return Confirmations(
        open_work=lambda: UnitOfWork(engine),
        mailer=_mailer_for(settings),
        service_url=_service_url(settings),
    )


def create_feedback(settings: Settings, engine: Engine, catalogue: Catalogue) -> QuarterlyReports:
    return QuarterlyReports(
        open_work=lambda: UnitOfWork(engine),
        catalogue=catalogue,
        is_on=settings.feedback_reports,
        days=settings.feedback_days,
        reminds=_mailer_for(settings) is not None,
    )


def create_reminders(settings: Settings, engine: Engine) -> Reminders:
    return Reminders(
        open_work=lambda: UnitOfWork(engine),
        mailer=_mailer_for(settings),
        service_url=_service_url(settings),
    )


def create_webhooks(settings: Settings) -> WebhooksWithin:
    master_keys, reach = master_keys_of(settings), reach_of(settings)
    return lambda open_work: Webhooks(open_work=open_work, master_keys=master_keys, reach=reach)


def reach_of(settings: Settings) -> Reach:
    networks = settings.webhook_networks
    return Reach(() if networks is None else parse_networks(networks))


def _service_url(settings: Settings) -> str:
    """Empty where it is not known."""
    return (settings.public_url or "").rstrip("/")


def _mailer_for(settings: Settings) -> Mailer | None:
    if settings.smtp_url is None or settings.mail_from is None:
        _log.info("no mail is sent: NACOR_SMTP_URL and NACOR_MAIL_FROM are not both set")
        return None
    return Mailer(server=MailServer.at(settings.smtp_url), sender=settings.mail_from)


def _pool_for(settings: Settings, standards: Standards) -> CheckingPool | None:
    """Its processes start with the first large file: a service that gets none has none."""
    processes = settings.processes or min(usable_cores(), _MOST_PROCESSES)
    if processes == 1:
        return None
    return CheckingPool(processes, standards, start_method="spawn")
