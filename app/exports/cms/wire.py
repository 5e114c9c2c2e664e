"""What is made for CMS, as JSON: the whole of a practice and year, and each document."""

from datetime import date
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.access.key_wire import Instant
from app.domain.cms import ID_AT_CMS, CmsDocument, CmsSubmission, SentToCms
from app.domain.reporting import ReportingLevel
from app.roster.wire import ActorOut
from app.roster.wire_fields import Year, asked_as

SUBMISSIONS: Final = "/v1/cms-submissions"
DOCUMENTS: Final = "/v1/cms-documents"
_SUBMISSION_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f51"
_KEY_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"
_DOCUMENT_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f52"

IdAtCms = Annotated[str, StringConstraints(pattern=ID_AT_CMS)]


class MakeCmsSubmission(BaseModel):
    """`entity_ids`: the ids that CMS gave to subgroups and virtual groups, by those here."""

    model_config = asked_as({"performance_year": 2024, "entity_ids": {}})

    performance_year: Year
    entity_ids: dict[UUID, IdAtCms] = Field(
        default_factory=dict, max_length=100, description="The roster does not have them."
    )


class MarkAsSent(BaseModel):
    """Somebody uploaded the document to CMS by hand."""

    model_config = asked_as({"sent_on": "2025-03-14", "id_at_cms": "d7b1a0e4-51a6-4f0e"})

    sent_on: date
    id_at_cms: IdAtCms = Field(description="The id that CMS gave the submission.")

    def as_sent(self) -> SentToCms:
        return SentToCms(on=self.sent_on, id_at_cms=self.id_at_cms)


class SubmissionLinksOut(BaseModel):
    self: str
    documents: str


class CmsSubmissionOut(BaseModel):
    """`ready`: so many of its documents CMS would have taken, as far as is known here."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _SUBMISSION_ID,
                "practice_id": "12345",
                "performance_year": 2024,
                "made_at": "2025-03-14T09:00:00Z",
                "made_by": {
                    "key_id": _KEY_ID,
                    "user_id": None,
                    "role": "internal",
                    "label": "Quality office",
                },
                "catalogue_version": "2024.1-1162d4b5ea5f",
                "documents": 2,
                "ready": 1,
                "links": {
                    "self": f"{SUBMISSIONS}/{_SUBMISSION_ID}",
                    "documents": f"{SUBMISSIONS}/{_SUBMISSION_ID}/documents",
                },
            }
        }
    )

    id: UUID
    practice_id: str
    performance_year: int
    made_at: Instant
    made_by: ActorOut
    catalogue_version: str | None = Field(
        description="The rules that the cases were decided by; null without cases, or if several."
    )
    documents: int
    ready: int
    links: SubmissionLinksOut

    @classmethod
    def of(cls, made: CmsSubmission) -> Self:
        path = f"{SUBMISSIONS}/{made.id}"
        return cls(
            id=made.id,
            practice_id=made.practice_id,
            performance_year=made.performance_year,
            made_at=made.made_at,
            made_by=ActorOut.of(made.made_by),
            catalogue_version=made.catalogue_version,
            documents=made.documents,
            ready=made.ready,
            links=SubmissionLinksOut(self=path, documents=f"{path}/documents"),
        )


class SentOut(BaseModel):
    on: date
    id_at_cms: str

    @classmethod
    def of(cls, sent: SentToCms) -> Self:
        return cls(on=sent.on, id_at_cms=sent.id_at_cms)


class DocumentLinksOut(BaseModel):
    self: str
    file: str | None = Field(description="Null while there are faults.")


DOCUMENT_EXAMPLE: Final[JsonDict] = {
    "id": _DOCUMENT_ID,
    "cms_submission_id": _SUBMISSION_ID,
    "practice_id": "12345",
    "performance_year": 2024,
    "entity_type": "group",
    "tin": "891234567",
    "npi": None,
    "group_id": None,
    "group_name": None,
    "entity_id": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "measures": 1,
    "activities": 0,
    "ready": True,
    "sent": {"on": "2025-03-20", "id_at_cms": "d7b1a0e4-51a6-4f0e"},
    "links": {"self": f"{DOCUMENTS}/{_DOCUMENT_ID}", "file": f"{DOCUMENTS}/{_DOCUMENT_ID}/file"},
}


class OfADocument(BaseModel):
    """`tin` of a subgroup is that of its clinicians. `group_id`: of the roster."""

    id: UUID
    cms_submission_id: UUID
    practice_id: str
    performance_year: int
    entity_type: ReportingLevel
    tin: str | None
    npi: str | None
    group_id: UUID | None
    group_name: str | None
    entity_id: str | None = Field(description="What CMS calls a subgroup or virtual group.")
    sha256: str = Field(description="Of the bytes of the file.")
    measures: int = Field(description="How many are in it.")
    activities: int
    ready: bool
    sent: SentOut | None
    links: DocumentLinksOut


class CmsDocumentOut(OfADocument):
    model_config = ConfigDict(
        json_schema_extra={"example": {**DOCUMENT_EXAMPLE, "left_out_total": 23, "faults_total": 0}}
    )

    left_out_total: int = Field(description="`links.self` tells each.")
    faults_total: int

    @classmethod
    def of(cls, document: CmsDocument) -> Self:
        return cls(
            **told_of(document),
            left_out_total=len(document.left_out),
            faults_total=len(document.withheld_for),
        )


def told_of(document: CmsDocument) -> dict[str, Any]:
    entity, path = document.entity, f"{DOCUMENTS}/{document.id}"
    return {
        "id": document.id,
        "cms_submission_id": document.cms_submission_id,
        "practice_id": document.practice_id,
        "performance_year": document.performance_year,
        "entity_type": entity.level,
        "tin": entity.tin,
        "npi": entity.npi,
        "group_id": entity.group_id,
        "group_name": entity.group_name,
        "entity_id": entity.entity_id,
        "sha256": document.sha256,
        "measures": document.measures,
        "activities": document.activities,
        "ready": document.is_ready,
        "sent": None if document.sent is None else SentOut.of(document.sent),
        "links": DocumentLinksOut(self=path, file=f"{path}/file" if document.is_ready else None),
    }
