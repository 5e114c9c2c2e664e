"""Errors: requests that the registry refuses. No HTTP in them; `web` gives each its status."""

from collections.abc import Mapping, Sequence
from datetime import date


class RegistryError(Exception):
    """`slug` names the page that explains the error, `title` its kind; the text is the detail.

    The detail goes to the sender and into logs: no patient value, TIN, NPI or key belongs in it.
    """

    slug = "registry-error"
    title = "The registry refuses this request"


class BodyTooLarge(RegistryError):
    slug = "body-too-large"
    title = "The case file is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A case file has at most {limit} bytes here, uncompressed.")
        self.limit = limit


class BodyTooSlow(RegistryError):
    slug = "body-too-slow"
    title = "The body of the request did not come in time"

    def __init__(self, *, most_seconds: float, silence_seconds: float) -> None:
        super().__init__(
            f"A body comes within {most_seconds:g} seconds here, and without a pause of more than"
            f" {silence_seconds:g}. Nothing of it was kept."
        )


class ImplausibleCompression(RegistryError):
    """A bomb: a few bytes that become very many. `limit` is that of BodyTooLarge."""

    slug = "implausible-compression"
    title = "The body grows further than a case file when it is uncompressed"

    def __init__(self, *, limit: int, growth: int) -> None:
        super().__init__(
            f"Uncompressed it is more than {growth} times as large. It was not read further."
        )
        self.limit = limit


class RequestTooLarge(RegistryError):
    """A body that is no case file."""

    slug = "request-too-large"
    title = "The body of the request is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body of this request has at most {limit} bytes.")
        self.limit = limit


class UnsupportedMediaType(RegistryError):
    slug = "unsupported-media-type"
    title = "The body does not come as this media type here"


class UnsupportedEncoding(RegistryError):
    slug = "unsupported-encoding"
    title = "The body is compressed in a way that is not read here"


class WrongForm(RegistryError):
    slug = "wrong-form"
    title = "The form is not one with a case file"


class BrokenBody(RegistryError):
    slug = "broken-body"
    title = "The body cannot be read to its end"


class InvalidRequest(RegistryError):
    slug = "invalid-request"
    title = "A part of the request is missing or not valid"


class BadCursor(RegistryError):
    slug = "bad-cursor"
    title = "The cursor is not one that this list gave"


class NotAuthenticated(RegistryError):
    slug = "not-authenticated"
    title = "A valid API key is needed, or a session"


class NotPermitted(RegistryError):
    slug = "not-permitted"
    title = "Your rights do not allow this"


class PracticeUnknown(RegistryError):
    slug = "practice-unknown"
    title = "No such practice"


class SubmissionUnknown(RegistryError):
    slug = "submission-unknown"
    title = "No such submission"


class SubmissionNotProcessed(RegistryError):
    """Nothing is known of its records: it has not ended yet, or failed."""

    slug = "submission-not-processed"
    title = "The submission was not processed to its end"


class NotAwaitingConfirmation(RegistryError):
    """It replaces no period, is not read yet, or has ended."""

    slug = "not-awaiting-confirmation"
    title = "The submission does not wait to be confirmed"


class ConfirmationDiffers(RegistryError):
    """Another number of cases would disappear than the one that was confirmed."""

    slug = "confirmation-differs"
    title = "The confirmation is not that of what would happen"


class ShareAboveLimit(RegistryError):
    slug = "share-above-limit"
    title = "More cases of the period would disappear than is usual"


class NotUndoable(RegistryError):
    """It replaced no period, or did so too long ago."""

    slug = "not-undoable"
    title = "The submission cannot be undone"


class CaseUnknown(RegistryError):
    slug = "case-unknown"
    title = "No such case"


class SchemaVersionUnknown(RegistryError):
    slug = "schema-version-unknown"
    title = "No such version of the schema"


class MeasureUnknown(RegistryError):
    slug = "measure-unknown"
    title = "No such measure in this performance year"


class BackfillUnknown(RegistryError):
    slug = "backfill-unknown"
    title = "No such backfill"


class ScoringUnknown(RegistryError):
    slug = "scoring-unknown"
    title = "Scores of this performance year are not worked out"


class AttestationUnknown(RegistryError):
    slug = "attestation-unknown"
    title = "No such attestation"


class AttestationConflict(RegistryError):
    """One that says the same activity of the same entity and year."""

    slug = "attestation-conflict"
    title = "The activity is attested already"


class FindingCodeUnknown(RegistryError):
    slug = "finding-code-unknown"
    title = "No such finding code"


class FindingNotAcceptable(RegistryError):
    slug = "finding-not-acceptable"
    title = "A finding of this code cannot be accepted"


class TooManyAcceptances(RegistryError):
    slug = "too-many-accepted-findings"
    title = "The practice accepts as many findings as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} accepted findings are in force at once.")
        self.limit = limit


class AcceptanceUnknown(RegistryError):
    slug = "acceptance-unknown"
    title = "No such accepted finding"


class WebhookUnknown(RegistryError):
    slug = "webhook-unknown"
    title = "No such webhook"


class DeliveryUnknown(RegistryError):
    slug = "delivery-unknown"
    title = "No such delivery"


class DeliveryUnderWay(RegistryError):
    slug = "delivery-under-way"
    title = "The delivery has not ended yet"


class TooManyWebhooks(RegistryError):
    slug = "too-many-webhooks"
    title = "The key has as many webhooks as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A key has at most {limit} webhooks.")
        self.limit = limit


class WebhooksNotConfigured(RegistryError):
    slug = "webhooks-not-configured"
    title = "This service sends no webhooks"


class TooManyMailDomains(RegistryError):
    slug = "too-many-mail-domains"
    title = "The practice allows as many mail domains as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A practice allows at most {limit} mail domains.")
        self.limit = limit


class RosterEntryUnknown(RegistryError):
    slug = "roster-entry-unknown"
    title = "No such entry in the roster"


class RosterConflict(RegistryError):
    """An entry cannot be, or not be, beside the others."""

    slug = "roster-conflict"
    title = "The roster cannot be like that"


class ChangedMeanwhile(RegistryError):
    slug = "changed-meanwhile"
    title = "It was changed since it was read"


class PreconditionMissing(RegistryError):
    slug = "precondition-missing"
    title = "The change must name the version that was seen"


class ProviderListLocked(RegistryError):
    """`opens_on` is the first day on which it can be changed; None: nobody has said when."""

    slug = "provider-list-locked"
    title = "The provider list is locked"

    def __init__(self, performance_year: int, *, opens_on: date | None) -> None:
        when = f"on {opens_on}" if opens_on else "when the registry unlocks it"
        super().__init__(f"The provider list of {performance_year} opens again {when}.")
        self.performance_year = performance_year
        self.opens_on = opens_on


class ProviderListRejected(RegistryError):
    """`findings` say what is wrong, line by line, without a value."""

    slug = "provider-list-rejected"
    title = "The provider list has errors"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(f"{len(findings)} findings. Nothing of the file was taken over.")
        self.findings = list(findings)


class AscFileRefused(RegistryError):
    """`findings` say by column what makes the file for CMS invalid."""

    slug = "asc-file-refused"
    title = "CMS would reject the file for surgical centers"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(f"{len(findings)} findings; one is enough for CMS to reject all of it.")
        self.findings = list(findings)


class RegistrationUnknown(RegistryError):
    slug = "registration-unknown"
    title = "The practice is not registered for this year"


class RegistrationClosed(RegistryError):
    """`until` was the last day."""

    slug = "registration-closed"
    title = "The deadline has passed"

    def __init__(self, what: str, *, until: date) -> None:
        super().__init__(f"{what} was possible until {until}. The staff of the registry may help.")
        self.until = until


class ConsentUnknown(RegistryError):
    slug = "consent-unknown"
    title = "No such consent"


class ConsentInForce(RegistryError):
    slug = "consent-in-force"
    title = "The clinician has signed for this year already"


class AgreementsMissing(RegistryError):
    """`missing` are the kinds of agreements of which none is in force today."""

    slug = "agreements-missing"
    title = "The practice has no agreements in force"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("No data is taken in before the agreements are in force.")
        self.missing = list(missing)


class FeedbackReportUnknown(RegistryError):
    slug = "feedback-report-unknown"
    title = "No such feedback report"


class CountNotFrozen(RegistryError):
    slug = "count-not-frozen"
    title = "The count of this period is not frozen"


class PriceMissing(RegistryError):
    slug = "price-missing"
    title = "No price is entered for this"


class OrderUnknown(RegistryError):
    slug = "order-unknown"
    title = "No such order"


class OrderConflict(RegistryError):
    """It does not fit the other orders of the year, its state or the roster."""

    slug = "order-conflict"
    title = "The order cannot be like that"


class InvoiceUnknown(RegistryError):
    slug = "invoice-unknown"
    title = "No such invoice"


class InvoiceConflict(RegistryError):
    """It is paid or credited, or is a credit."""

    slug = "invoice-conflict"
    title = "The invoice does not allow this any more"


class NotReconcilable(RegistryError):
    slug = "not-reconcilable"
    title = "The year cannot be reconciled yet"


class PaymentMissing(RegistryError):
    slug = "payment-missing"
    title = "The practice has not paid for its order"


class KeyUnknown(RegistryError):
    slug = "key-unknown"
    title = "No such API key"


class UserUnknown(RegistryError):
    slug = "user-unknown"
    title = "No such user"


class UserConflict(RegistryError):
    slug = "user-conflict"
    title = "There is such a user already"


class OrganizationUnknown(RegistryError):
    slug = "organization-unknown"
    title = "No such organization"


class GrantUnknown(RegistryError):
    slug = "grant-unknown"
    title = "No such grant"


class ProblemUnknown(RegistryError):
    slug = "problem-unknown"
    title = "No such problem type"


class SubmissionPurged(RegistryError):
    slug = "submission-purged"
    title = "What came with the submission was purged"


class LegalHoldInForce(RegistryError):
    slug = "legal-hold-in-force"
    title = "The practice is on legal hold"


class LegalHoldUnknown(RegistryError):
    slug = "legal-hold-unknown"
    title = "No such legal hold"


class ExportUnknown(RegistryError):
    slug = "export-unknown"
    title = "No such export"


class ExportNotDone(RegistryError):
    slug = "export-not-done"
    title = "The export has no file yet"


class FileNotKept(RegistryError):
    """The bytes were received once, and are gone for good: those of a refused file are not kept."""

    slug = "file-not-kept"
    title = "The file as received is not kept"


class IdempotencyConflict(RegistryError):
    slug = "idempotency-conflict"
    title = "The idempotency key was used for another request"


class TooManyRequests(RegistryError):
    """`limit` requests are allowed in a row; another one is after `retry_after` seconds."""

    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, *, limit: int, retry_after: int) -> None:
        super().__init__(f"Send the next request in {retry_after} seconds.")
        self.limit = limit
        self.retry_after = retry_after


class ServiceBusy(RegistryError):
    """Nothing of the request was kept; it is safe to send it again after `retry_after` seconds."""

    slug = "service-busy"
    title = "The service is busy"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Nothing was kept. Send the request again in {retry_after} seconds.")
        self.retry_after = retry_after


class OutcomeUnknown(ServiceBusy):
    """The database went away amid a transaction: perhaps it was committed, perhaps not."""

    slug = "outcome-unknown"
    title = "It is not known whether the request was carried out"

    def __init__(self, *, retry_after: int) -> None:
        RegistryError.__init__(self, f"Send the request again in {retry_after} seconds.")
        self.retry_after = retry_after


class KeysMissing(ServiceBusy):
    """`reason` tells the operator; it names master keys, and holds none."""

    slug = "keys-missing"
    title = "The keys of what is stored are not all there"

    def __init__(self, reason: str, *, retry_after: int = 60) -> None:
        RegistryError.__init__(self, reason)
        self.retry_after = retry_after
