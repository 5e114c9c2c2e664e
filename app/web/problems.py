"""Every refusal as RFC 9457 problem details. The one place that gives errors their HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from app.domain.errors import RegistryError
from app.domain.errors.access import (
    GrantUnknown,
    KeyUnknown,
    NotAuthenticated,
    NotPermitted,
    OrganizationUnknown,
    UserConflict,
    UserUnknown,
)
from app.domain.errors.billing import (
    CountNotFrozen,
    InvoiceConflict,
    InvoiceUnknown,
    NotReconcilable,
    OrderConflict,
    OrderUnknown,
    PaymentMissing,
    PriceMissing,
)
from app.domain.errors.cms import (
    CmsDocumentUnknown,
    CmsDocumentWithheld,
    CmsSubmissionUnknown,
)
from app.domain.errors.intake import (
    AcceptanceUnknown,
    BackfillUnknown,
    CaseUnknown,
    ConfirmationDiffers,
    FileNotKept,
    FindingCodeUnknown,
    FindingNotAcceptable,
    NotAwaitingConfirmation,
    NotUndoable,
    SchemaVersionUnknown,
    ShareAboveLimit,
    SubmissionNotProcessed,
    SubmissionUnknown,
    TooManyAcceptances,
)
from app.domain.errors.keeping import (
    ExportNotDone,
    ExportUnknown,
    LegalHoldInForce,
    LegalHoldUnknown,
    SubmissionPurged,
)
from app.domain.errors.measures import (
    AscFileRefused,
    AttestationConflict,
    AttestationUnknown,
    FeedbackReportUnknown,
    FeedbackRequestUnknown,
    MeasureUnknown,
    ScoringUnknown,
)
from app.domain.errors.notices import (
    DeliveryUnderWay,
    DeliveryUnknown,
    TooManyMailDomains,
    TooManyWebhooks,
    WebhooksNotConfigured,
    WebhookUnknown,
)
from app.domain.errors.reporting import (
    ConsentInForce,
    ConsentUnknown,
    RegistrationClosed,
    RegistrationUnknown,
)
from app.domain.errors.requests import (
    BadCursor,
    BodyTooLarge,
    BodyTooSlow,
    BrokenBody,
    ChangedMeanwhile,
    IdempotencyConflict,
    ImplausibleCompression,
    InvalidRequest,
    PreconditionMissing,
    ProblemUnknown,
    RequestTooLarge,
    TooManyRequests,
    UnsupportedEncoding,
    UnsupportedMediaType,
    WrongForm,
)
from app.domain.errors.roster import (
    AgreementsMissing,
    PracticeUnknown,
    ProviderListLocked,
    ProviderListRejected,
    RosterConflict,
    RosterEntryUnknown,
    VirtualGroupUnconfirmed,
)
from app.domain.errors.service import KeysMissing, OutcomeUnknown, ServiceBusy
from app.web.addresses import absolute_url
from app.web.invalid_input import described
from app.web.rate_limit import refused_headers
from app.web.request_id import request_id_of

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[RegistryError], int]] = {
    BadCursor: 400,
    BrokenBody: 400,
    WrongForm: 400,
    NotAuthenticated: 401,
    NotPermitted: 403,
    AcceptanceUnknown: 404,
    AttestationUnknown: 404,
    BackfillUnknown: 404,
    CaseUnknown: 404,
    CmsDocumentUnknown: 404,
    CmsSubmissionUnknown: 404,
    ConsentUnknown: 404,
    CountNotFrozen: 404,
    DeliveryUnknown: 404,
    ExportUnknown: 404,
    FeedbackReportUnknown: 404,
    FeedbackRequestUnknown: 404,
    FindingCodeUnknown: 404,
    GrantUnknown: 404,
    InvoiceUnknown: 404,
    KeyUnknown: 404,
    LegalHoldUnknown: 404,
    MeasureUnknown: 404,
    OrderUnknown: 404,
    OrganizationUnknown: 404,
    PracticeUnknown: 404,
    ProblemUnknown: 404,
    RegistrationUnknown: 404,
    RosterEntryUnknown: 404,
    SchemaVersionUnknown: 404,
    ScoringUnknown: 404,
    SubmissionUnknown: 404,
    UserUnknown: 404,
    WebhookUnknown: 404,
    BodyTooSlow: 408,
    AgreementsMissing: 409,
    AttestationConflict: 409,
    CmsDocumentWithheld: 409,
    ConfirmationDiffers: 409,
    ConsentInForce: 409,
    DeliveryUnderWay: 409,
    ExportNotDone: 409,
    IdempotencyConflict: 409,
    InvoiceConflict: 409,
    LegalHoldInForce: 409,
    NotAwaitingConfirmation: 409,
    NotReconcilable: 409,
    NotUndoable: 409,
    OrderConflict: 409,
    PaymentMissing: 409,
    PriceMissing: 409,
    ProviderListLocked: 409,
    RegistrationClosed: 409,
    RosterConflict: 409,
    VirtualGroupUnconfirmed: 409,
    ShareAboveLimit: 409,
    SubmissionNotProcessed: 409,
    TooManyAcceptances: 409,
    TooManyMailDomains: 409,
    TooManyWebhooks: 409,
    UserConflict: 409,
    FileNotKept: 410,
    SubmissionPurged: 410,
    ChangedMeanwhile: 412,
    BodyTooLarge: 413,
    ImplausibleCompression: 413,
    RequestTooLarge: 413,
    UnsupportedEncoding: 415,
    UnsupportedMediaType: 415,
    AscFileRefused: 422,
    FindingNotAcceptable: 422,
    InvalidRequest: 422,
    ProviderListRejected: 422,
    PreconditionMissing: 428,
    TooManyRequests: 429,
    WebhooksNotConfigured: 501,
    ServiceBusy: 503,
    OutcomeUnknown: 503,
    KeysMissing: 503,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    slug: str
    title: str
    status: int


# Problems that are no error of the registry's own: the framework's, or a fault of ours.
NOT_FOUND: Final = ProblemKind(
    slug="not-found", title="There is nothing at this address", status=404
)
METHOD_NOT_ALLOWED: Final = ProblemKind(
    slug="method-not-allowed", title="This address does not take this method", status=405
)
MALFORMED_REQUEST: Final = ProblemKind(
    slug="malformed-request", title="The request cannot be read", status=400
)
INTERNAL_ERROR: Final = ProblemKind(
    slug="internal-error", title="Something went wrong on our side", status=500
)
KINDS: Final = (MALFORMED_REQUEST, NOT_FOUND, METHOD_NOT_ALLOWED, INTERNAL_ERROR)
_KIND_OF_STATUS: Final = {kind.status: kind for kind in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`instance` is the request's id and not its path, which may hold whatever was typed."""

    type: str
    title: str
    status: int
    instance: str
    detail: str | None = None
    members: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        detail = {} if self.detail is None else {"detail": self.detail}
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            **detail,
            "instance": self.instance,
            **self.members,
        }


def install_problem_handlers(app: FastAPI) -> None:
    """What no handler expects is answered by `app.web.barrier`."""
    app.add_exception_handler(RegistryError, _of_registry_error)
    app.add_exception_handler(RequestValidationError, _of_invalid_input)
    app.add_exception_handler(HTTPException, problem_of_http)


def internal_error(scope: Scope) -> Response:
    return _answer(_of_kind(scope, INTERNAL_ERROR))


def problem_kinds() -> list[ProblemKind]:
    """Return every kind of problem that an answer can be, in the order of their status."""
    of_errors = [
        ProblemKind(slug=error.slug, title=error.title, status=status)
        for error, status in STATUS.items()
    ]
    return sorted([*of_errors, *KINDS], key=lambda kind: (kind.status, kind.slug))


def _of_registry_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RegistryError)
    problem = Problem(
        type=_type(request.scope, error.slug),
        title=error.title,
        status=status_of(error),
        instance=_instance(request.scope),
        detail=str(error) or None,
        members=_members_of(error),
    )
    return _answer(problem, headers_of(error))


def status_of(error: RegistryError) -> int:
    """A subclass of an error in the table has the status of the nearest one."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _members_of(error: RegistryError) -> dict[str, Any]:
    match error:
        case TooManyRequests():
            return {"limit": error.limit, "retry_after": error.retry_after}
        case ServiceBusy():
            return {"retry_after": error.retry_after}
        case BodyTooLarge() | ImplausibleCompression() | RequestTooLarge():
            return {"limit": error.limit}
        case TooManyAcceptances() | TooManyMailDomains() | TooManyWebhooks():
            return {"limit": error.limit}
        case ProviderListLocked():
            return {
                "performance_year": error.performance_year,
                "opens_on": error.opens_on and error.opens_on.isoformat(),
            }
        case RegistrationClosed():
            return {"until": error.until.isoformat()}
        case AgreementsMissing():
            return {"missing": error.missing}
        case ProviderListRejected() | AscFileRefused() | CmsDocumentWithheld():
            return {"findings": error.findings}
        case _:
            return {}


def headers_of(error: RegistryError) -> dict[str, str]:
    match error:
        case BodyTooSlow():
            return {"Connection": "close"}  # the rest of the body may come for hours
        case NotAuthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case TooManyRequests():
            return refused_headers(limit=error.limit, retry_after=error.retry_after)
        case ServiceBusy():
            return {"Retry-After": str(error.retry_after)}
        case _:
            return {}


def _of_invalid_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [described(fault) for fault in error.errors()]
    problem = Problem(
        type=_type(request.scope, InvalidRequest.slug),
        title=InvalidRequest.title,
        status=STATUS[InvalidRequest],
        instance=_instance(request.scope),
        detail="; ".join(f"{fault['parameter']}: {fault['message']}" for fault in faults),
        members={"errors": faults},
    )
    return _answer(problem)


def problem_of_http(request: Request, error: Exception) -> Response:
    """What the framework refuses, as a problem."""
    assert isinstance(error, HTTPException)
    kind = _KIND_OF_STATUS.get(error.status_code) or _kind_for(error.status_code)
    return _answer(_of_kind(request.scope, kind), error.headers)


def _kind_for(status: int) -> ProblemKind:
    general = INTERNAL_ERROR if status >= 500 else MALFORMED_REQUEST
    return ProblemKind(slug=general.slug, title=HTTPStatus(status).phrase, status=status)


def _of_kind(scope: Scope, kind: ProblemKind) -> Problem:
    return Problem(
        type=_type(scope, kind.slug),
        title=kind.title,
        status=kind.status,
        instance=_instance(scope),
    )


def _answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(
        problem.as_json(), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def _type(scope: Scope, slug: str) -> str:
    return absolute_url(scope, f"/docs/problems/{slug}")


def _instance(scope: Scope) -> str:
    return f"urn:nacor:request:{request_id_of(scope)}"
