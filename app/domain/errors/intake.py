"""Case files, their cases and findings."""

from app.domain.errors import RegistryError


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


class BackfillUnknown(RegistryError):
    slug = "backfill-unknown"
    title = "No such backfill"


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


class FileNotKept(RegistryError):
    """The bytes were received once, and are gone for good: those of a refused file are not kept."""

    slug = "file-not-kept"
    title = "The file as received is not kept"
