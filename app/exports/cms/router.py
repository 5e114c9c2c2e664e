"""What goes to CMS: made, looked at, downloaded, marked as sent. Nothing here asks CMS."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.asked import AskedPractice, AskedYearOrAll
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.exports.cms.dependencies import HasVendorId
from app.exports.cms.gathering import CmsQuestion
from app.exports.cms.opened_wire import OpenedCmsDocumentOut
from app.exports.cms.service import (
    documents_of,
    hand_out,
    make_submission,
    mark_sent,
    open_document,
)
from app.exports.cms.visible import visible_document, visible_submission
from app.exports.cms.wire import (
    DOCUMENTS,
    SUBMISSIONS,
    CmsDocumentOut,
    CmsSubmissionOut,
    MakeCmsSubmission,
    MarkAsSent,
)
from app.measures.dependencies import Measures, reach_of
from app.web.dependencies import Today
from app.web.json_bodies import described_body, json_body
from app.web.openapi import problem_response
from app.web.paging import Page, Paged

router = APIRouter(tags=["files for CMS"], route_class=KeepsAnswers)

_WITHHELD: Final[dict[int | str, dict[str, Any]]] = {
    409: problem_response("CMS would refuse the document: it is not handed out.")
}


@router.post(
    SUBMISSIONS,
    status_code=201,
    summary="Make the documents for CMS",
    openapi_extra=described_body(MakeCmsSubmission),
)
def make_cms_submission(
    practice: AskedPractice,
    response: Response,
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    day: Today,
    has_vendor_id: HasVendorId,
    asked: Annotated[MakeCmsSubmission, Depends(json_body(MakeCmsSubmission))],
) -> CmsSubmissionOut:
    """A document for each TIN, clinician or group that the practice reports for in the year.

    From the results, the registration, the consents and the activities of now. Nothing is sent:
    somebody downloads each document, uploads it, and says so. Those of before stay.
    """
    require_practice(caller, Right.MAKE_CMS_FILES, practice)
    made = make_submission(
        CmsQuestion(
            practice=practice,
            performance_year=asked.performance_year,
            entity_ids=asked.entity_ids,
            has_vendor_id=has_vendor_id,
            day=day,
        ),
        caller.actor,
        reaches=reach_of(caller),
        catalogue=catalogue,
        open_work=open_work,
    )
    told = CmsSubmissionOut.of(made)
    response.headers["Location"] = told.links.self
    return told


@router.get(SUBMISSIONS, summary="List what was made for CMS")
def list_cms_submissions(
    practice: AskedPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
    performance_year: AskedYearOrAll = None,
) -> Page[CmsSubmissionOut]:
    """The newest first."""
    require_practice(caller, Right.SEE_CMS_FILES, practice)
    require_registered(open_work, practice)
    with open_work() as work:
        found = work.cms.submissions(
            practice,
            performance_year=performance_year,
            before=paged.uuid("before"),
            limit=paged.with_next,
        )
    return paged.page(found, show=CmsSubmissionOut.of, key_of=lambda each: {"before": each.id})


@router.get(f"{SUBMISSIONS}/{{cms_submission_id}}", summary="Read what was made for CMS")
def read_cms_submission(
    cms_submission_id: UUID, caller: Caller, open_work: Work
) -> CmsSubmissionOut:
    """Of which practice and year, by whom, and how many documents are ready."""
    return CmsSubmissionOut.of(visible_submission(cms_submission_id, caller, open_work))


@router.get(f"{SUBMISSIONS}/{{cms_submission_id}}/documents", summary="List the documents for CMS")
def list_cms_documents(
    cms_submission_id: UUID, caller: Caller, open_work: Work, paged: Paged
) -> Page[CmsDocumentOut]:
    """One for each entity; subgroups and virtual groups come behind the TINs."""
    submission = visible_submission(cms_submission_id, caller, open_work)
    with open_work() as work:
        found = documents_of(submission, work, after=paged.uuid("after"), limit=paged.with_next)
    return paged.page(found, show=CmsDocumentOut.of, key_of=lambda each: {"after": each.id})


@router.get(f"{DOCUMENTS}/{{cms_document_id}}", summary="Read what a document for CMS tells")
def read_cms_document(
    cms_document_id: UUID, caller: Caller, open_work: Work
) -> OpenedCmsDocumentOut:
    """What is in it, what was left out and why, what CMS would refuse, and what changed since the
    last one that was sent for the same entity and year.
    """
    document = visible_document(cms_document_id, caller, Right.SEE_CMS_FILES, open_work)
    with open_work() as work:
        opened = open_document(document, work)
    return OpenedCmsDocumentOut.of(opened)


@router.get(
    f"{DOCUMENTS}/{{cms_document_id}}/file",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}, **_WITHHELD},
    summary="Download a document for CMS",
)
def download_cms_document(cms_document_id: UUID, caller: Caller, open_work: Work) -> Response:
    """The bytes that CMS takes as they are. Who received them is written down."""
    document = visible_document(cms_document_id, caller, Right.SEE_CMS_FILES, open_work)
    content = hand_out(document, caller.actor, open_work=open_work)
    name = f"cms-{document.performance_year}-{document.id}.json"
    return Response(
        content,
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post(
    f"{DOCUMENTS}/{{cms_document_id}}/sent",
    responses=_WITHHELD,
    summary="Mark a document for CMS as sent",
    openapi_extra=described_body(MarkAsSent),
)
def mark_cms_document_as_sent(
    cms_document_id: UUID,
    caller: Caller,
    open_work: Work,
    day: Today,
    asked: Annotated[MarkAsSent, Depends(json_body(MarkAsSent))],
) -> CmsDocumentOut:
    """Say that it was uploaded, on which day, and which id CMS gave the submission.

    Said again it takes the place of what was said before; the audit trail has both.
    """
    document = visible_document(cms_document_id, caller, Right.MAKE_CMS_FILES, open_work)
    return CmsDocumentOut.of(
        mark_sent(document, asked.as_sent(), caller.actor, day=day, open_work=open_work)
    )
