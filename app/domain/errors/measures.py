"""Measures, scores, activities."""

from collections.abc import Mapping, Sequence

from app.domain.errors import RegistryError


class MeasureUnknown(RegistryError):
    slug = "measure-unknown"
    title = "No such measure in this performance year"


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


class AscFileRefused(RegistryError):
    """`findings` say by column what makes the file for CMS invalid."""

    slug = "asc-file-refused"
    title = "CMS would reject the file for surgical centers"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(f"{len(findings)} findings; one is enough for CMS to reject all of it.")
        self.findings = list(findings)


class FeedbackReportUnknown(RegistryError):
    slug = "feedback-report-unknown"
    title = "No such feedback report"


class FeedbackRequestUnknown(RegistryError):
    slug = "feedback-request-unknown"
    title = "No such request of a feedback report"
