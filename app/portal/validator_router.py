"""The validator as a page: choose a file, see what is wrong where. Nothing is stored."""

from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.checking.report import ValidationReport
from app.domain.errors import RegistryError
from app.domain.errors.requests import (
    BodyTooLarge,
    BrokenBody,
    ImplausibleCompression,
    TooManyRequests,
)
from app.intake.dependencies import StandardsDep
from app.portal.finding_examples import example_of
from app.portal.fixed_results import fixed_result
from app.portal.pages import in_words_bytes, page
from app.portal.result_view import COUNTED, Result, result_of
from app.portal.sample_files import SampleUnknown, sample_file
from app.portal.schema_links import schema_page_of
from app.portal.service import newest_open, version_of
from app.portal.validation import ValidationDep
from app.portal.validator_form import SentForm, sent_form, validator_form
from app.reports.checked_file import CheckedFile
from app.reports.formats import ReportFormat, report_name, write_report
from app.web.addresses import service_url
from app.web.dependencies import Limits, Schemas, Settings, Today
from app.web.file_names import attachment_header
from app.web.rate_limit import caller_at, refused_headers

_KEPT_IN_THE_FORM: Final = 256 * 1024  # characters of a pasted file that the answer gives back

router = APIRouter(include_in_schema=False, prefix="/validator")


class Fault(NamedTuple):
    """Why a form cannot be answered; `field` is the id of the one to go to."""

    status: int
    field: str
    message: str
    headers: Mapping[str, str] = {}


class Visit:
    """Somebody in front of the validator, and what it works with."""

    def __init__(
        self,
        request: Request,
        schemas: Schemas,
        standards: StandardsDep,
        validation: ValidationDep,
        settings: Settings,
        limits: Limits,
        today: Today,
    ) -> None:
        self.request = request
        self.schemas = schemas
        self.standards = standards
        self.max_bytes = settings.validate_max_bytes
        self.today = today
        self._limits = limits
        self._validation = validation

    def count(self) -> None:
        """Count a validation. Raises: TooManyRequests."""
        client = self.request.client
        self._limits.validate.take(caller_at(client.host if client else None))

    def form_page(
        self, *, result: Result | None = None, fault: Fault | None = None, pasted: str = ""
    ) -> Response:
        return page(
            self.request,
            "validator.html",
            status_code=fault.status if fault else 200,
            headers={"Cache-Control": "no-store", **(fault.headers if fault else {})},
            fault=fault,
            result=result,
            pasted=pasted if len(pasted) <= _KEPT_IN_THE_FORM else "",
            max_bytes=self.max_bytes,
            formats=list(ReportFormat),
            faulty_of=newest_open(self.schemas, self.today),
            schema=schema_page_of(result.report.schema_version, self.schemas) if result else None,
        )

    def result_page(self, content: bytes, file_name: str, pasted: str = "") -> Response:
        result = result_of(self._checked(content), content, file_name)
        return self.form_page(result=result, pasted=pasted)

    def report_file(self, content: bytes, file_name: str, format_: ReportFormat) -> Response:
        checked = CheckedFile(
            name=file_name,
            report=self._checked(content),
            source=BytesIO(content),
            service_url=service_url(self.request.scope),
        )
        out = BytesIO()
        write_report(checked, format_, out)
        return Response(
            out.getvalue(),
            media_type=format_.media_type,
            headers={"Content-Disposition": attachment_header(report_name(file_name, format_))},
        )

    def _checked(self, content: bytes) -> ValidationReport:
        return self._validation.report_on(content, max_findings=COUNTED)


VisitDep = Annotated[Visit, Depends()]


@router.get("")
def empty_form(visit: VisitDep) -> Response:
    return visit.form_page()


@router.get("/samples/{version}/{name}")
def check_a_sample(visit: VisitDep, version: str, name: str) -> Response:
    """The form filled in with a sample, and answered."""
    return _checked_page(visit, _sample(visit, version, name), f"{name}-{version}.xml")


@router.get("/examples/{code}")
def check_an_example(visit: VisitDep, code: str) -> Response:
    """The form filled in with a case file that has the finding of this code, and answered."""
    return _checked_page(visit, example_of(code, visit.schemas), f"{code}.xml")


@router.post("")
async def answered_form(visit: VisitDep) -> Response:
    """The answer is a page, or the report as a file."""
    try:
        visit.count()
        sent = await sent_form(visit.request, max_bytes=visit.max_bytes)
    except (TooManyRequests, BodyTooLarge) as error:
        return visit.form_page(fault=_fault_of(error))
    # What takes the longer the more was sent has a thread of its own.
    return await run_in_threadpool(_answer, visit, sent)


def _answer(visit: Visit, sent: SentForm) -> Response:
    try:
        form = validator_form(sent, max_bytes=visit.max_bytes)
    except (BodyTooLarge, ImplausibleCompression, BrokenBody) as error:
        return visit.form_page(fault=_fault_of(error))
    if not form.attested:
        return visit.form_page(fault=_NOT_ATTESTED, pasted=form.pasted)
    if form.content is None:
        return visit.form_page(fault=_NOTHING_GIVEN)
    if form.answer in set(ReportFormat):
        return visit.report_file(form.content, form.file_name, ReportFormat(form.answer))
    return visit.result_page(form.content, form.file_name, form.pasted)


def _sample(visit: Visit, version: str, name: str) -> bytes:
    try:
        return sample_file(version_of(version, visit.schemas), name)
    except SampleUnknown:
        raise HTTPException(404) from None


def _checked_page(visit: Visit, content: bytes, file_name: str) -> Response:
    """Not counted: who goes through the pages may follow each link."""
    result = fixed_result(content, file_name, visit.standards, visit.today)
    return visit.form_page(result=result, pasted=content.decode("utf-8", "replace"))


_NOT_ATTESTED: Final = Fault(
    422,
    "attested",
    "Confirm that no data of real patients is in the file. Without that it is not checked here;"
    " nothing of it was kept.",
)
_NOTHING_GIVEN: Final = Fault(422, "file", "Choose a case file, or paste one.")


def _fault_of(error: RegistryError) -> Fault:
    match error:
        case TooManyRequests():
            return Fault(
                429,
                "file",
                f"That was too often: {error.limit} checks a minute are free. Try again in"
                f" {error.retry_after} seconds.",
                refused_headers(limit=error.limit, retry_after=error.retry_after),
            )
        case BodyTooLarge():
            return Fault(
                413,
                "file",
                f"The file is larger than {in_words_bytes(error.limit)}, the most that is checked"
                " here. Nothing of it was kept. The command nacor validate takes files of any"
                " size.",
            )
        case ImplausibleCompression():
            return Fault(
                413,
                "file",
                "Uncompressed the file grows further than a case file does. Nothing of it was kept."
                " Choose it without compression.",
            )
        case _:
            return Fault(
                400,
                "file",
                "The form did not arrive whole, or its compressed file is damaged or cut off."
                " Send it again.",
            )
