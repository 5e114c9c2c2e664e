"""What is made for CMS."""

from collections.abc import Mapping, Sequence

from app.domain.errors import RegistryError


class CmsSubmissionUnknown(RegistryError):
    slug = "cms-submission-unknown"
    title = "No such submission to CMS"


class CmsDocumentUnknown(RegistryError):
    slug = "cms-document-unknown"
    title = "No such document for CMS"


class CmsDocumentWithheld(RegistryError):
    """`findings` say by JSON path what CMS would refuse."""

    slug = "cms-document-withheld"
    title = "CMS would refuse the document"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(f"{len(findings)} findings; it is handed out when there is none.")
        self.findings = list(findings)
