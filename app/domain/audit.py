"""The audit trail: who did or saw what, when, from where, of which practice, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.identifiers import PracticeId


class ActorKind(StrEnum):
    """Who can do something here: a key, a user, the command line, or a background job."""

    KEY = "key"
    USER = "user"
    OPERATOR = "operator"
    WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and from where.

    `kind` is an ActorKind. `label` says whose key it is, or who the user is; of an operator, the
    account and the machine. `role`, `key_id` or `user_id`, `address` and `request_id` are those of
    a request, None for anybody else. `sandbox`: a sandbox key, whose deeds stay there.
    """

    kind: str
    key_id: UUID | None = None
    user_id: UUID | None = None
    role: str | None = None
    label: str | None = None
    address: str | None = None
    request_id: str | None = None
    sandbox: bool = False


SOME_OPERATOR: Final = Actor(kind=ActorKind.OPERATOR)
"""Whoever runs code of the registry beside its doors."""


class AuditAction(StrEnum):
    """Published words. Never renamed or reused: the rows of the trail hold them for ever."""

    KEY_CREATED = "key.created"
    KEY_ROTATED = "key.rotated"
    KEY_REVOKED = "key.revoked"
    ORGANIZATION_REGISTERED = "organization.registered"
    RIGHTS_GRANTED = "rights.granted"
    GRANT_WITHDRAWN = "rights.withdrawn"
    PRACTICE_REGISTERED = "practice.registered"
    PRACTICE_CHANGED = "practice.changed"
    ROSTER_ENTRY_ADDED = "roster.entry_added"
    ROSTER_ENTRY_CHANGED = "roster.entry_changed"
    ROSTER_ENTRY_REMOVED = "roster.entry_removed"
    ROSTER_IMPORTED = "roster.imported"
    VIRTUAL_GROUP_CONFIRMED = "virtual_group.confirmed"
    VIRTUAL_GROUP_CONFIRMATION_WITHDRAWN = "virtual_group.confirmation_withdrawn"
    RECONCILIATION_DECIDED = "reconciliation.decided"
    PROVIDER_LIST_LOCKED = "provider_list.locked"
    PROVIDER_LIST_UNLOCKED = "provider_list.unlocked"
    REGISTRATION_MADE = "registration.made"
    REGISTRATION_CHANGED = "registration.changed"
    CONSENT_RECORDED = "consent.recorded"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENTS_REMOVED = "consents.removed"
    SUBMISSION_RECEIVED = "submission.received"
    FILE_READ = "submission.file_read"
    FILE_QUOTED = "submission.file_quoted"
    RECORDS_EXPORTED = "submission.records_exported"
    REPLACEMENT_CONFIRMED = "replacement.confirmed"
    REPLACEMENT_WITHDRAWN = "replacement.withdrawn"
    REPLACEMENT_UNDONE = "replacement.undone"
    CASE_READ = "case.read"
    CASE_HISTORY_READ = "case.history_read"
    CASE_RECORD_READ = "case.record_read"
    CASE_MEASURES_READ = "case.measures_read"
    CASE_DELETED = "case.deleted"
    FINDING_ACCEPTED = "finding.accepted"
    ACCEPTANCE_WITHDRAWN = "finding.acceptance_withdrawn"
    WEBHOOK_REGISTERED = "webhook.registered"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - the name of an action
    MAIL_DOMAIN_ALLOWED = "mail_domain.allowed"
    MAIL_DOMAIN_DISALLOWED = "mail_domain.disallowed"
    ASC_FIGURES_ENTERED = "asc_figures.entered"
    ACTIVITY_ATTESTED = "activity.attested"
    ATTESTATION_CHANGED = "activity.attestation_changed"
    ATTESTATION_REMOVED = "activity.attestation_removed"
    PEERS_OPTED_OUT = "peers.opted_out"
    PEERS_OPTED_IN = "peers.opted_in"
    COUNTS_FROZEN = "counts.frozen"
    PRICES_ENTERED = "prices.entered"
    ORDER_PLACED = "order.placed"
    ORDER_CANCELLED = "order.cancelled"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_PAID = "invoice.paid"
    YEAR_RECONCILED = "year.reconciled"
    FEEDBACK_ASKED = "feedback.asked"
    FEEDBACK_MADE = "feedback.made"
    FEEDBACK_READ = "feedback.read"
    FEEDBACK_CASES_READ = "feedback.cases_read"
    FEEDBACK_REMINDED = "feedback.reminded"
    CMS_SUBMISSION_MADE = "cms_submission.made"
    CMS_DOCUMENT_READ = "cms_document.read"
    CMS_DOCUMENT_SENT = "cms_document.sent"
    BACKFILL_LINED_UP = "backfill.lined_up"
    BACKFILL_ENDED = "backfill.ended"
    AUDIT_EXPORTED = "audit.exported"
    RETENTION_CHANGED = "retention.changed"
    LEGAL_HOLD_PLACED = "legal_hold.placed"
    LEGAL_HOLD_LIFTED = "legal_hold.lifted"
    PURGE_STARTED = "purge.started"
    PURGE_ENDED = "purge.ended"
    USER_ADDED = "user.added"
    USER_INVITED = "user.invited"
    USER_ENDED = "user.ended"
    USER_SIGNED_IN = "user.signed_in"
    USER_RECOGNIZED = "user.recognized"
    PASSWORD_SET = "user.password_set"  # noqa: S105 - the name of an action
    SECOND_STEP_SET_UP = "user.second_step_set_up"
    SECOND_STEP_RESET = "user.second_step_reset"
    RECOVERY_CODE_USED = "user.recovery_code_used"
    SESSION_ENDED = "user.session_ended"
    EXPORT_ASKED = "export.asked"
    EXPORT_DOWNLOADED = "export.downloaded"
    LIST_EXPORTED = "list.exported"
    DATA_KEYS_WRAPPED = "data_keys.wrapped"
    RE_ENCRYPTION_BEGUN = "re_encryption.begun"
    RE_ENCRYPTION_ENDED = "re_encryption.ended"


MEANINGS: Final[Mapping[AuditAction, str]] = {
    AuditAction.KEY_CREATED: "An API key was given out.",
    AuditAction.KEY_ROTATED: "An API key got a new secret; the one before ends at `old_until`.",
    AuditAction.KEY_REVOKED: "An API key was made worthless for ever.",
    AuditAction.ORGANIZATION_REGISTERED: "An organization of this `kind` became known.",
    AuditAction.RIGHTS_GRANTED: "A practice granted `rights` to the vendor `organization`.",
    AuditAction.GRANT_WITHDRAWN: "A practice took a grant back.",
    AuditAction.PRACTICE_REGISTERED: "A practice became known.",
    AuditAction.PRACTICE_CHANGED: "What is known of a practice itself was changed.",
    AuditAction.ROSTER_ENTRY_ADDED: "A roster got an entry of the kind in `about`.",
    AuditAction.ROSTER_ENTRY_CHANGED: "An entry of a roster was changed.",
    AuditAction.ROSTER_ENTRY_REMOVED: "An entry of a roster was removed.",
    AuditAction.ROSTER_IMPORTED: (
        "A provider list was taken over from a file that `added`, `changed` and `ended` entries."
    ),
    AuditAction.VIRTUAL_GROUP_CONFIRMED: (
        "The registry confirmed that the practice is in a virtual group, which counts from then on."
    ),
    AuditAction.VIRTUAL_GROUP_CONFIRMATION_WITHDRAWN: "The registry took that back.",
    AuditAction.RECONCILIATION_DECIDED: "It was decided about a row of the reconciliation.",
    AuditAction.PROVIDER_LIST_LOCKED: "The provider list of a year was locked.",
    AuditAction.PROVIDER_LIST_UNLOCKED: "The provider list of a year was unlocked.",
    AuditAction.REGISTRATION_MADE: (
        "A practice was registered for a `performance_year`; with a reason, after the deadline."
    ),
    AuditAction.REGISTRATION_CHANGED: "The registration for a year was changed or withdrawn.",
    AuditAction.CONSENT_RECORDED: "It was recorded that a clinician has signed for a year.",
    AuditAction.CONSENT_WITHDRAWN: "A clinician took their consent back.",
    AuditAction.CONSENTS_REMOVED: (
        "The years were over for which `consents` and `registrations` are kept: they are gone."
    ),
    AuditAction.SUBMISSION_RECEIVED: "A case file was received and is kept.",
    AuditAction.FILE_READ: "A case file was handed out as it was received.",
    AuditAction.FILE_QUOTED: "A report that quotes the case file was handed out, in `format`.",
    AuditAction.RECORDS_EXPORTED: "What became of every record was handed out at once.",
    AuditAction.REPLACEMENT_CONFIRMED: (
        "It was confirmed that a file replaces `period` and `would_delete` cases disappear."
    ),
    AuditAction.REPLACEMENT_WITHDRAWN: "A file for a whole period was taken back unconfirmed.",
    AuditAction.REPLACEMENT_UNDONE: "It was asked to undo the replacement of a period.",
    AuditAction.CASE_READ: "The fields of a case were shown.",
    AuditAction.CASE_HISTORY_READ: "Versions of a case were shown.",
    AuditAction.CASE_RECORD_READ: "The record of a case was handed out as it was received.",
    AuditAction.CASE_MEASURES_READ: "It was shown why a case landed where it did in each measure.",
    AuditAction.CASE_DELETED: "A case was deleted; its tombstone has the same reason.",
    AuditAction.FINDING_ACCEPTED: "A practice accepted the findings of `code`.",
    AuditAction.ACCEPTANCE_WITHDRAWN: "An acceptance was withdrawn.",
    AuditAction.WEBHOOK_REGISTERED: "A key registered an address that is told of ends.",
    AuditAction.WEBHOOK_CHANGED: "What is named in `changed` of a webhook was changed.",
    AuditAction.WEBHOOK_REMOVED: "A webhook was removed.",
    AuditAction.WEBHOOK_SECRET_ROTATED: "A webhook got a new secret.",
    AuditAction.MAIL_DOMAIN_ALLOWED: "A practice allowed letters to the addresses of a domain.",
    AuditAction.MAIL_DOMAIN_DISALLOWED: "A practice took that back.",
    AuditAction.ASC_FIGURES_ENTERED: (
        "The figures of a surgical center for `year` were entered or changed."
    ),
    AuditAction.ACTIVITY_ATTESTED: "A practice attested the improvement activity `activity`.",
    AuditAction.ATTESTATION_CHANGED: "What is attested of an improvement activity was changed.",
    AuditAction.ATTESTATION_REMOVED: "The attestation of an improvement activity was taken back.",
    AuditAction.PEERS_OPTED_OUT: "A practice takes no part in the comparison with peers.",
    AuditAction.PEERS_OPTED_IN: "A practice takes part in the comparison with peers again.",
    AuditAction.COUNTS_FROZEN: "The count of `cases` of a `period` was frozen, with its `proof`.",
    AuditAction.PRICES_ENTERED: "A price list for a `performance_year` was entered.",
    AuditAction.ORDER_PLACED: "A `product` was ordered for a `performance_year`.",
    AuditAction.ORDER_CANCELLED: "An order was cancelled, or another one took its place.",
    AuditAction.INVOICE_ISSUED: "An invoice, or a credit, over `cents` was issued.",
    AuditAction.INVOICE_PAID: (
        "A payment of `cents` on an invoice was entered, made on `paid_on`; `owed` is the rest."
    ),
    AuditAction.YEAR_RECONCILED: (
        "What was `submitted` in a `performance_year` was held against what was `ordered`."
    ),
    AuditAction.FEEDBACK_ASKED: "A feedback report of a `quarter` was asked for.",
    AuditAction.FEEDBACK_MADE: (
        "So many `reports` of a `quarter` were made: one that was asked for, or all of a practice."
    ),
    AuditAction.FEEDBACK_READ: "A feedback report was handed out in `format`, without its cases.",
    AuditAction.FEEDBACK_CASES_READ: (
        "A feedback report was handed out in `format`, with so many `cases` that failed."
    ),
    AuditAction.FEEDBACK_REMINDED: "A user got a letter that reports of a `quarter` are there.",
    AuditAction.CMS_SUBMISSION_MADE: (
        "So many `documents` for CMS were made of a `performance_year`, and `ready` of them can go."
    ),
    AuditAction.CMS_DOCUMENT_READ: "A document for CMS was handed out, with this `sha256`.",
    AuditAction.CMS_DOCUMENT_SENT: (
        "Somebody said that a document was sent to CMS on `sent_on`, and got `id_at_cms`."
    ),
    AuditAction.BACKFILL_LINED_UP: (
        "Cases of a `performance_year` are to be decided by the rules of `to_version`."
    ),
    AuditAction.BACKFILL_ENDED: "All of them were, and `moved` of `cases` landed elsewhere.",
    AuditAction.AUDIT_EXPORTED: "The trail was handed out as a file.",
    AuditAction.RETENTION_CHANGED: "How long the cases of a practice are kept was set.",
    AuditAction.LEGAL_HOLD_PLACED: "A practice was put on legal hold: nothing of it is purged.",
    AuditAction.LEGAL_HOLD_LIFTED: "A legal hold was lifted.",
    AuditAction.PURGE_STARTED: (
        "A purge began of the `cases` with a date of service before `older_than`."
    ),
    AuditAction.PURGE_ENDED: (
        "A purge ended that removed so many `cases`, `versions` and `submissions`; a legal hold may"
        " have `stopped` it."
    ),
    AuditAction.USER_ADDED: "Somebody may sign in, in this `role`.",
    AuditAction.USER_INVITED: "A user got a link, good once, to set a password with.",
    AuditAction.USER_ENDED: "A user may not sign in any more; every session of theirs ended.",
    AuditAction.USER_SIGNED_IN: "A user signed in, `by` a password or an OpenID provider.",
    AuditAction.USER_RECOGNIZED: (
        "Somebody at an OpenID provider was taken for a user, by a verified e-mail address."
    ),
    AuditAction.PASSWORD_SET: "A user set a password; their other sessions ended.",
    AuditAction.SECOND_STEP_SET_UP: "A user signs in with codes of an authenticator app, too.",
    AuditAction.SECOND_STEP_RESET: "A user signs in without such codes again.",
    AuditAction.RECOVERY_CODE_USED: "A user signed in with a code kept for a lost device.",
    AuditAction.SESSION_ENDED: "A user signed out, or ended a session somewhere else.",
    AuditAction.EXPORT_ASKED: "It was asked for all data of the practice.",
    AuditAction.EXPORT_DOWNLOADED: "All data of the practice was handed out.",
    AuditAction.LIST_EXPORTED: "A `list` was handed out as a file for spreadsheets.",
    AuditAction.DATA_KEYS_WRAPPED: (
        "So many data keys as `count` says got `master_key`, by its name, for their master."
    ),
    AuditAction.RE_ENCRYPTION_BEGUN: "Everything stored begins to be sealed with new data keys.",
    AuditAction.RE_ENCRYPTION_ENDED: (
        "That has ended; `records` and `files` were sealed since it was begun or resumed."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """What is to be recorded. `practice_id` None: it belongs to no practice.

    `about_id` is an id of ours, never a TIN, an NPI or a patient's value; nor do `details` hold
    one. `reason` is in the words of whoever acted.
    """

    actor: Actor
    action: str
    practice_id: PracticeId | None
    about: str | None = None
    about_id: str | None = None
    reason: str | None = None
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A link of a chain: the `number`-th event of its practice, from 1.

    `hash`: 32 bytes, over the hash of the link before and all that is told here.
    """

    number: int
    at: datetime
    event: AuditEvent
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The newest link of a chain; of an empty one number 0."""

    practice_id: PracticeId | None
    number: int
    hash: bytes
