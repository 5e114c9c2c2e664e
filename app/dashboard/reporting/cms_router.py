"""What goes to CMS of a practice and year, as pages: made, looked at, marked as sent."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.rights import Right
from app.dashboard.frame.dependencies import LongForm, SignedInLongForm
from app.dashboard.frame.desks import AtDesk, Desk
from app.dashboard.frame.page_routes import PageRoute
from app.dashboard.frame.shown_forms import Faults, ShownForm, nested, placed, read_as
from app.dashboard.reporting.registration_desk import RegistrationDesk
from app.domain.cms import CmsDocument, CmsEntity, CmsSubmission
from app.domain.errors import RegistryError
from app.domain.errors.cms import CmsDocumentUnknown, CmsDocumentWithheld
from app.domain.errors.measures import MeasureUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.reporting import ReportingLevel
from app.domain.roster import Subgroup, VirtualGroup
from app.exports.cms.dependencies import HasVendorId
from app.exports.cms.gathering import CmsQuestion
from app.exports.cms.opened_wire import OpenedCmsDocumentOut
from app.exports.cms.service import documents_of, make_submission, mark_sent, open_document
from app.exports.cms.visible import visible_document
from app.exports.cms.wire import MakeCmsSubmission, MarkAsSent
from app.measures.dependencies import Measures, reach_of
from app.web.problems import status_of

router = APIRouter(
    include_in_schema=False, prefix="/practices/{practice_id}/cms", route_class=PageRoute
)

_ON_A_PAGE: Final = 100
_INVALID: Final = 422
_OF_SENT: Final = ("sent_on", "id_at_cms")
_EMPTY: Final = LongForm(pairs=())

AskedYearOfCms = Annotated[
    int | None, Query(alias="year", ge=2000, le=2100, description="Absent: the year before.")
]


@router.get("")
def documents_page(
    desk: AtDesk, year: AskedYearOfCms = None, after: UUID | None = None
) -> Response:
    desk.require(Right.SEE_CMS_FILES)
    return _page(desk, _year(desk, year), after=after)


@router.post("")
def make_documents(
    desk: AtDesk,
    catalogue: Measures,
    has_vendor_id: HasVendorId,
    form: SignedInLongForm,
    year: AskedYearOfCms = None,
) -> Response:
    desk.require(Right.MAKE_CMS_FILES)
    chosen = _year(desk, year)
    names = _names_of_groups(desk, chosen)
    asked, faults = read_as(MakeCmsSubmission, nested(form, names) | {"performance_year": chosen})
    if asked is None:
        return _page(desk, chosen, form=form, faults=faults)
    try:
        make_submission(
            CmsQuestion(
                practice=desk.id,
                performance_year=chosen,
                entity_ids=asked.entity_ids,
                has_vendor_id=has_vendor_id,
                day=desk.day,
            ),
            desk.caller.actor,
            reaches=reach_of(desk.caller),
            catalogue=catalogue,
            open_work=desk.open_work,
        )
    except (MeasureUnknown, InvalidRequest) as error:
        return _page(desk, chosen, form=form, refusal=error)
    return desk.go("/cms", year=chosen, made=1)


@router.get("/{document_id}")
def document_page(desk: AtDesk, document_id: UUID) -> Response:
    return _document_page(desk, _document(desk, document_id, Right.SEE_CMS_FILES))


@router.post("/{document_id}")
def mark_as_sent(desk: AtDesk, document_id: UUID, form: SignedInLongForm) -> Response:
    document = _document(desk, document_id, Right.MAKE_CMS_FILES)
    asked, faults = read_as(MarkAsSent, nested(form, _OF_SENT))
    if asked is None:
        return _document_page(desk, document, form=form, faults=faults)
    try:
        mark_sent(
            document, asked.as_sent(), desk.caller.actor, day=desk.day, open_work=desk.open_work
        )
    except (InvalidRequest, CmsDocumentWithheld) as error:
        return _document_page(desk, document, form=form, refusal=error)
    return desk.go(f"/cms/{document_id}", marked=1)


def _year(desk: Desk, asked: int | None) -> int:
    """Of a year something goes to CMS when it is over."""
    return desk.day.year - 1 if asked is None else asked


def _document(desk: Desk, document_id: UUID, right: Right) -> CmsDocument:
    """Raises: NotPermitted, CmsDocumentUnknown, also for one of another practice."""
    document = visible_document(document_id, desk.caller, right, desk.open_work)
    if document.practice_id != desk.id:
        raise CmsDocumentUnknown("The practice has no document of this id.")
    return document


def _named(entity: CmsEntity) -> str:
    match entity.level:
        case ReportingLevel.GROUP:
            return f"TIN {entity.tin}"
        case ReportingLevel.INDIVIDUAL:
            return f"NPI {entity.npi} under TIN {entity.tin}"
        case ReportingLevel.SUBGROUP:
            return f"Subgroup {entity.group_name}"
        case ReportingLevel.VIRTUAL_GROUP:
            return f"Virtual group {entity.group_name}"


def _names_of_groups(desk: Desk, year: int) -> dict[str, str]:
    """The groups that the practice reports for, by the field that takes what CMS calls them."""
    registered = RegistrationDesk(desk=desk, year=year)
    registration = registered.registration
    if registration is None or registration.option.is_individual:
        return {}
    ids = (*registration.subgroup_ids, registration.virtual_group_id)
    reported = {str(each) for each in ids if each is not None}
    known = [*registered.groups_of_year(Subgroup), *registered.groups_of_year(VirtualGroup)]
    return {f"entity_ids.{group}": name for group, name in known if group in reported}


def _page(
    desk: Desk,
    year: int,
    *,
    after: UUID | None = None,
    form: LongForm = _EMPTY,
    faults: Faults | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    newest, documents = _newest(desk, year, after)
    shown = documents[:_ON_A_PAGE]
    status = _INVALID if faults else 200
    return desk.page(
        "reporting/cms.html",
        status_code=status if refusal is None else status_of(refusal),
        year=year,
        submission=newest,
        rows=[(document, _named(document.entity)) for document in shown],
        following=shown[-1].id if len(documents) > _ON_A_PAGE else None,
        is_first=after is None,
        groups=_names_of_groups(desk, year),
        form=ShownForm(typed=form, faults=faults or {}),
        refusal=refusal,
        may_make=desk.may(Right.MAKE_CMS_FILES),
        made=desk.member.request.query_params.get("made"),
    )


def _newest(
    desk: Desk, year: int, after: UUID | None
) -> tuple[CmsSubmission | None, list[CmsDocument]]:
    """What was made last of the year, and one document more than a page shows."""
    with desk.open_work() as work:
        found = work.cms.submissions(desk.id, performance_year=year, before=None, limit=1)
        if not found:
            return None, []
        return found[0], documents_of(found[0], work, after=after, limit=_ON_A_PAGE + 1)


def _document_page(
    desk: Desk,
    document: CmsDocument,
    *,
    form: LongForm = _EMPTY,
    faults: Faults | None = None,
    refusal: RegistryError | None = None,
) -> Response:
    told, left = ({}, None) if refusal is None else placed(refusal, _OF_SENT)
    with desk.open_work() as work:
        opened = OpenedCmsDocumentOut.of(open_document(document, work))
    status = _INVALID if faults else 200
    return desk.page(
        "reporting/cms_document.html",
        status_code=status if refusal is None else status_of(refusal),
        document=opened,
        of=_named(document.entity),
        form=ShownForm(typed=form, faults={**told, **(faults or {})}),
        refusal=left,
        may_mark=desk.may(Right.MAKE_CMS_FILES) and not document.faults,
        marked=desk.member.request.query_params.get("marked"),
    )
