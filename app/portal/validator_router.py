"""The validator as a page: choose a file, see what is wrong where. Nothing is stored."""

from collections.abc import Mapping
from io import BytesIO
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.domain.errors import BodyTooLarge, BrokenBody, RegistryError, TooManyRequests
from app.intake.dependencies import StandardsDep
from app.intake.report import ValidationReport, validate_case_file
from app.portal.finding_examples import example_of
from app.portal.pages import in_words_bytes, page
from app.portal.result_view import COUNTED, Result, result_of
from app.portal.sample_files import SampleUnknown, sample_file
from app.portal.service import newest_open, version_of
from app.portal.validator_form import ValidatorForm, validator_form
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
            schema=self._schema_page(result.report.schema_version) if result else None,
        )

    def _schema_page(self, version_id: str | None) -> str | None:
        """The page of the file's version, when there is such a version."""
        known = version_id in {each.id for each in self.schemas.versions()}
        return f"/docs/schemas/{version_id}" if known else None

    async def result_page(self, content: bytes, file_name: str, pasted: str = "") -> Response:
        result = await run_in_threadpool(self._result, content, file_name)
        return self.form_page(result=result, pasted=pasted)

    async def report_file(self, form: ValidatorForm, content: bytes) -> Response:
        return await run_in_threadpool(
            self._report_file, content, form.file_name, ReportFormat(form.answer)
        )

    def _result(self, content: bytes, file_name: str) -> Result:
        return result_of(self._checked(content), content, file_name)

    def _checked(self, content: bytes) -> ValidationReport:
        return validate_case_file(
            BytesIO(content), self.standards, day=self.today, max_findings=COUNTED
        )

    def _report_file(self, content: bytes, file_name: str, format_: ReportFormat) -> Response:
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


VisitDep = Annotated[Visit, Depends()]


@router.get("")
def empty_form(visit: VisitDep) -> Response:
    return visit.form_page()


@router.get("/samples/{version}/{name}")
async def check_a_sample(visit: VisitDep, version: str, name: str) -> Response:
    """The form filled in with a sample, and answered."""
    content = await run_in_threadpool(_sample, visit, version, name)
    return await _checked_page(visit, content, f"{name}-{version}.xml")


@router.get("/examples/{code}")
async def check_an_example(visit: VisitDep, code: str) -> Response:
    """The form filled in with a case file that has the finding of this code, and answered."""
    content = await run_in_threadpool(example_of, code, visit.schemas)
    return await _checked_page(visit, content, f"{code}.xml")


@router.post("")
async def answered_form(visit: VisitDep) -> Response:
    """The answer is a page, or the report as a file."""
    try:
        visit.count()
        form = await validator_form(visit.request, max_bytes=visit.max_bytes)
    except (TooManyRequests, BodyTooLarge, BrokenBody) as error:
        return visit.form_page(fault=_fault_of(error))
    if not form.attested:
        return visit.form_page(fault=_NOT_ATTESTED, pasted=form.pasted)
    if form.content is None:
        return visit.form_page(fault=_NOTHING_GIVEN)
    if form.answer in set(ReportFormat):
        return await visit.report_file(form, form.content)
    return await visit.result_page(form.content, form.file_name, form.pasted)


def _sample(visit: Visit, version: str, name: str) -> bytes:
    try:
        return sample_file(version_of(version, visit.schemas), name)
    except SampleUnknown:
        raise HTTPException(404) from None


async def _checked_page(visit: Visit, content: bytes, file_name: str) -> Response:
    try:
        visit.count()
    except TooManyRequests as error:
        return visit.form_page(fault=_fault_of(error))
    return await visit.result_page(content, file_name, content.decode("utf-8", "replace"))


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
        case _:
            return Fault(400, "file", "The form did not arrive whole. Send it again.")
