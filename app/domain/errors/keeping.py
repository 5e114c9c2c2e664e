"""What is kept, held, purged and exported."""

from app.domain.errors import RegistryError


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
