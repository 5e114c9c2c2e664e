"""The domains whose addresses a practice allows to be written to, when a case file names them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from app.domain.audit import AuditAction
from app.domain.errors.notices import TooManyMailDomains
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import PracticeId
from app.domain.mail_addresses import parse_mail_domain
from app.domain.notices import MailDomain
from app.domain.principals import Principal
from app.storage.unit_of_work import OpenWork

MOST_MAIL_DOMAINS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """`is_new` False: the domain was allowed before, and stays as it was."""

    domain: MailDomain
    is_new: bool


def list_mail_domains(
    practice: PracticeId, caller: Principal, *, open_work: OpenWork
) -> list[MailDomain]:
    """In the order of the alphabet; those of the sandbox, if it is a sandbox key."""
    with open_work() as work:
        return work.mails.domains_of(practice, sandbox=caller.sandbox)


def allow_mail_domain(
    practice: PracticeId, text: str, caller: Principal, *, open_work: OpenWork
) -> Allowed:
    """Raises: InvalidRequest, TooManyMailDomains."""
    domain = MailDomain(
        practice_id=practice,
        domain=_parsed(text),
        sandbox=caller.sandbox,
        allowed_at=datetime.now(UTC),
        allowed_by=caller.id,
        allowed_by_role=caller.role.value,
    )
    with open_work() as work:
        work.mails.lock_domains(practice)
        known = work.mails.domains_of(practice, sandbox=caller.sandbox)
        earlier = next((each for each in known if each.domain == domain.domain), None)
        if earlier is not None:
            return Allowed(domain=earlier, is_new=False)
        if len(known) >= MOST_MAIL_DOMAINS:
            raise TooManyMailDomains(MOST_MAIL_DOMAINS)
        work.mails.allow(domain)
        work.audit.record(
            caller.actor, AuditAction.MAIL_DOMAIN_ALLOWED, practice=practice, domain=domain.domain
        )
        work.commit()
    return Allowed(domain=domain, is_new=True)


def disallow_mail_domain(
    practice: PracticeId, text: str, caller: Principal, *, open_work: OpenWork
) -> None:
    """Letters that are on their way there are not sent any more. Raises: InvalidRequest."""
    domain = _parsed(text)
    with open_work() as work:
        work.mails.disallow(practice, domain, sandbox=caller.sandbox)
        work.audit.record(
            caller.actor, AuditAction.MAIL_DOMAIN_DISALLOWED, practice=practice, domain=domain
        )
        work.commit()


def _parsed(text: str) -> str:
    try:
        return parse_mail_domain(text)
    except ValueError as error:
        raise InvalidRequest(f"domain: {error}.") from None
