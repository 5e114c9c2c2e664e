"""The mail domains of a practice: listed, allowed, no longer allowed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.domain.notices import MailDomain
from app.notices.dependencies import SendsMail
from app.notices.mail_domain_service import (
    allow_mail_domain,
    disallow_mail_domain,
    list_mail_domains,
)
from app.web.paging import Page

router = APIRouter(prefix="/v1/practices/{practice_id}/mail-domains", tags=["mail domains"])

AskedDomain = Annotated[str, Path(max_length=254, description="As in example.org.")]


class MailDomainOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "domain": "lakeside.example",
                "practice_id": "12345",
                "sandbox": False,
                "allowed_at": "2026-11-21T10:00:00Z",
                "allowed_by": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f20",
                "mail_is_sent": True,
            }
        }
    )

    domain: str = Field(description="Of addresses that may be written to, not those below it.")
    practice_id: str
    sandbox: bool = Field(description="Whether it holds for files in the sandbox or for real ones.")
    allowed_at: datetime
    allowed_by: UUID = Field(description="The API key that allowed it.")
    mail_is_sent: bool = Field(description="False: this service has no mail server to send by.")

    @classmethod
    def of(cls, domain: MailDomain, *, mail_is_sent: bool) -> "MailDomainOut":
        return cls(
            domain=domain.domain,
            practice_id=domain.practice_id,
            sandbox=domain.sandbox,
            allowed_at=domain.allowed_at,
            allowed_by=domain.allowed_by,
            mail_is_sent=mail_is_sent,
        )


@router.get("")
def list_domains(
    practice: PathPractice, caller: Caller, open_work: Work, sends_mail: SendsMail
) -> Page[MailDomainOut]:
    """Where people are written to, if a case file names their address. It is always one page."""
    require_practice(caller, Right.SEE_MAIL_DOMAINS, practice)
    require_registered(open_work, practice)
    found = list_mail_domains(practice, caller, open_work=open_work)
    shown = [MailDomainOut.of(each, mail_is_sent=sends_mail) for each in found]
    return Page(items=shown, next_cursor=None)


@router.put(
    "/{domain}",
    status_code=201,
    responses={200: {"model": MailDomainOut, "description": "It was allowed before."}},
)
def allow_domain(
    practice: PathPractice,
    domain: AskedDomain,
    response: Response,
    caller: Caller,
    open_work: Work,
    sends_mail: SendsMail,
) -> MailDomainOut:
    """Allow the addresses of a domain to be told when a submission that names them has ended."""
    require_practice(caller, Right.ALLOW_MAIL_DOMAINS, practice)
    require_registered(open_work, practice)
    allowed = allow_mail_domain(practice, domain, caller, open_work=open_work)
    if not allowed.is_new:
        response.status_code = 200
    return MailDomainOut.of(allowed.domain, mail_is_sent=sends_mail)


@router.delete("/{domain}", status_code=204)
def disallow_domain(
    practice: PathPractice, domain: AskedDomain, caller: Caller, open_work: Work
) -> None:
    """Write to nobody there any more, from now on; also when it was not allowed."""
    require_practice(caller, Right.ALLOW_MAIL_DOMAINS, practice)
    require_registered(open_work, practice)
    disallow_mail_domain(practice, domain, caller, open_work=open_work)
