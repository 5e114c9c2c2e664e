"""The stores of a transaction, each made when it is first asked for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

import psycopg
from sqlalchemy import Connection

from app.domain.identifiers import PracticeId
from app.storage.access.audit_queries import AuditQueries
from app.storage.access.audit_store import AuditStore
from app.storage.access.grant_store import GrantStore
from app.storage.access.idempotency_store import IdempotencyStore
from app.storage.access.key_store import KeyStore
from app.storage.access.session_store import SessionStore
from app.storage.access.user_store import UserStore
from app.storage.billing.billing_queries import BillingQueries
from app.storage.billing.frozen_count_store import FrozenCountStore
from app.storage.billing.invoice_store import InvoiceStore
from app.storage.billing.order_store import OrderStore
from app.storage.cases.case_queries import CaseQueries
from app.storage.feedback.feedback_queries import FeedbackQueries
from app.storage.feedback.feedback_reminder_store import FeedbackReminderStore
from app.storage.feedback.feedback_request_store import FeedbackRequestStore
from app.storage.feedback.feedback_store import FeedbackStore
from app.storage.figures.asc_store import AscStore
from app.storage.figures.count_queries import CountQueries
from app.storage.figures.group_queries import GroupQueries
from app.storage.figures.peer_store import PeerStore
from app.storage.figures.quality_queries import QualityQueries
from app.storage.figures.standing_queries import StandingQueries
from app.storage.intake.acceptance_store import AcceptanceStore
from app.storage.intake.kept_bytes import KeptBytes
from app.storage.intake.operations_queries import OperationsQueries
from app.storage.intake.receipt_queries import ReceiptQueries
from app.storage.intake.replacement_store import ReplacementStore
from app.storage.intake.sender_queries import SenderQueries
from app.storage.intake.sending_queries import SendingQueries
from app.storage.intake.submission_store import SubmissionStore
from app.storage.intake.unfinished_store import UnfinishedStore
from app.storage.job_store import JobStore
from app.storage.keeping.export_store import ExportStore
from app.storage.keeping.retention_store import RetentionStore
from app.storage.notices.confirmation_store import ConfirmationStore
from app.storage.notices.notice_delivery_store import DeliveryStore
from app.storage.notices.notice_mail_store import MailStore
from app.storage.notices.webhook_store import WebhookStore
from app.storage.recomputing.backfill_store import BackfillStore
from app.storage.recomputing.outcome_versions import OutcomeVersions
from app.storage.reporting.attestation_store import AttestationStore
from app.storage.reporting.cms_store import CmsStore
from app.storage.reporting.reporting_queries import ReportingQueries
from app.storage.reporting.reporting_store import ReportingStore
from app.storage.roster.practice_store import PracticeStore
from app.storage.roster.reconciliation_store import ReconciliationStore
from app.storage.roster.roster_history import RosterHistory
from app.storage.roster.roster_store import RosterStore
from app.storage.sealing.data_key_store import DataKeyStore
from app.storage.sealing.records import RecordSeals


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One transaction, as SQLAlchemy and as psycopg see it, and what stores need besides."""

    connection: Connection
    driver: psycopg.Connection
    seals_of: Callable[[PracticeId], RecordSeals]
    unbound: Callable[[], AbstractContextManager[None]]


class Stores:
    """All of one transaction; none is left once they are taken away."""

    _at: Transaction

    practices = cached_property(lambda work: PracticeStore(work._at.driver))
    keys = cached_property(lambda work: KeyStore(work._at.driver))
    audit = cached_property(lambda work: AuditStore(work._at.driver))
    audit_trail = cached_property(lambda work: AuditQueries(work._at.connection))
    grants = cached_property(lambda work: GrantStore(work._at.connection))
    users = cached_property(lambda work: UserStore(work._at.connection))
    sessions = cached_property(lambda work: SessionStore(work._at.connection))
    data_keys = cached_property(lambda work: DataKeyStore(work._at.driver))
    idempotency = cached_property(lambda work: IdempotencyStore(work._at.driver))
    jobs = cached_property(lambda work: JobStore(work._at.driver, work._at.unbound))
    submissions = cached_property(lambda work: SubmissionStore(work._at.connection))
    kept_bytes = cached_property(lambda work: KeptBytes(work._at.connection))
    receipts = cached_property(lambda work: ReceiptQueries(work._at.connection))
    sending = cached_property(lambda work: SendingQueries(work._at.connection))
    unfinished = cached_property(lambda work: UnfinishedStore(work._at.connection))
    replacements = cached_property(lambda work: ReplacementStore(work._at.connection))
    acceptances = cached_property(lambda work: AcceptanceStore(work._at.connection))
    cases = cached_property(lambda work: CaseQueries(work._at.connection, work._at.seals_of))
    counts = cached_property(lambda work: CountQueries(work._at.connection))
    operations = cached_property(
        lambda work: OperationsQueries(work._at.connection, work._at.unbound)
    )
    standings = cached_property(lambda work: StandingQueries(work._at.connection))
    senders = cached_property(lambda work: SenderQueries(work._at.connection, work._at.unbound))
    quality = cached_property(lambda work: QualityQueries(work._at.connection))
    frozen_counts = cached_property(lambda work: FrozenCountStore(work._at.connection))
    orders = cached_property(lambda work: OrderStore(work._at.connection))
    invoices = cached_property(lambda work: InvoiceStore(work._at.connection))
    billing = cached_property(lambda work: BillingQueries(work._at.connection))
    asc = cached_property(lambda work: AscStore(work._at.connection))
    groups = cached_property(lambda work: GroupQueries(work._at.connection))
    peers = cached_property(lambda work: PeerStore(work._at.connection, work._at.driver))
    outcome_versions = cached_property(lambda work: OutcomeVersions(work._at.driver))
    backfills = cached_property(lambda work: BackfillStore(work._at.connection))
    feedback = cached_property(lambda work: FeedbackStore(work._at.connection))
    feedback_figures = cached_property(lambda work: FeedbackQueries(work._at.driver))
    feedback_requests = cached_property(lambda work: FeedbackRequestStore(work._at.connection))
    feedback_reminders = cached_property(lambda work: FeedbackReminderStore(work._at.connection))
    webhooks = cached_property(lambda work: WebhookStore(work._at.connection))
    deliveries = cached_property(lambda work: DeliveryStore(work._at.connection))
    mails = cached_property(lambda work: MailStore(work._at.connection))
    confirmations = cached_property(lambda work: ConfirmationStore(work._at.connection))
    retention = cached_property(lambda work: RetentionStore(work._at.driver))
    exports = cached_property(lambda work: ExportStore(work._at.driver))
    roster = cached_property(lambda work: RosterStore(work._at.connection))
    roster_history = cached_property(lambda work: RosterHistory(work._at.connection))
    attestations = cached_property(lambda work: AttestationStore(work._at.connection))
    cms = cached_property(lambda work: CmsStore(work._at.connection, work._at.seals_of))
    reconciliation = cached_property(lambda work: ReconciliationStore(work._at.connection))
    reporting = cached_property(lambda work: ReportingStore(work._at.connection))
    reporting_lists = cached_property(lambda work: ReportingQueries(work._at.connection))

    def _take_away(self) -> None:
        for name in ["_at", *(each for each in vars(self) if not each.startswith("_"))]:
            delattr(self, name)
