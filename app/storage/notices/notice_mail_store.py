"""Letters on their way, and the domains that a practice allows to be written to."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.identifiers import PracticeId
from app.domain.notices import Mail, MailDomain, NoticeProgress, NoticeState
from app.storage.fixed_statements import FixedStatement
from app.storage.locks import MAIL_DOMAINS_OF_A_PRACTICE
from app.storage.tables.notice_progress import progress_columns, progress_of
from app.storage.tables.notices import practice_mail_domains as domains
from app.storage.tables.notices import submission_mails as mails

_DOMAINS_OF: Final = FixedStatement(
    select(domains)
    .where(
        domains.c.practice_id == bindparam("practice"), domains.c.sandbox == bindparam("on_sandbox")
    )
    .order_by(domains.c.domain)
)


class MailStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_domains(self, practice: PracticeId) -> None:
        """Let one transaction at a time change the domains of `practice`."""
        hashed = func.hashtextextended(practice, MAIL_DOMAINS_OF_A_PRACTICE)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def domains_of(self, practice: PracticeId, *, sandbox: bool) -> list[MailDomain]:
        rows = _DOMAINS_OF.ask(self._connection, practice=practice, on_sandbox=sandbox)
        return [_domain(row) for row in rows]

    def allow(self, domain: MailDomain) -> None:
        self._connection.execute(
            insert(domains).values(
                practice_id=domain.practice_id,
                sandbox=domain.sandbox,
                domain=domain.domain,
                allowed_at=domain.allowed_at,
                allowed_by=domain.allowed_by,
                allowed_by_role=domain.allowed_by_role,
            )
        )

    def disallow(self, practice: PracticeId, domain: str, *, sandbox: bool) -> None:
        self._connection.execute(
            delete(domains).where(
                domains.c.practice_id == practice,
                domains.c.sandbox == sandbox,
                domains.c.domain == domain,
            )
        )

    def add(self, mail: Mail) -> None:
        self._connection.execute(
            insert(mails).values(
                practice_id=mail.practice_id,
                id=mail.id,
                submission_id=mail.submission_id,
                address=mail.address,
                created_at=mail.created_at,
                **progress_columns(mail.progress),
            )
        )

    def lock(self, mail_id: UUID) -> Mail | None:
        """Let nobody else send it meanwhile; None when somebody does, or when it is gone."""
        row = self._connection.execute(
            select(mails).where(mails.c.id == mail_id).with_for_update(skip_locked=True)
        ).first()
        return None if row is None else _mail(row)

    def record(self, mail: Mail, progress: NoticeProgress) -> None:
        """Keep how far it came. The address stays no longer than it is needed."""
        self._connection.execute(
            update(mails)
            .where(mails.c.practice_id == mail.practice_id, mails.c.id == mail.id)
            .values(
                address=None if progress.state.is_final else mail.address,
                **progress_columns(progress),
            )
        )

    def forget_ended(self, *, before: datetime) -> int:
        """Remove those that ended before; return how many."""
        return self._connection.execute(
            delete(mails).where(
                mails.c.state.in_((NoticeState.DELIVERED.value, NoticeState.DEAD.value)),
                mails.c.tried_at < before,
            )
        ).rowcount


def _domain(row: Row[Any]) -> MailDomain:
    return MailDomain(
        practice_id=PracticeId(row.practice_id),
        domain=row.domain,
        sandbox=row.sandbox,
        allowed_at=row.allowed_at,
        allowed_by=row.allowed_by,
        allowed_by_role=row.allowed_by_role,
    )


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        practice_id=PracticeId(row.practice_id),
        submission_id=row.submission_id,
        address=row.address,
        created_at=row.created_at,
        progress=progress_of(row),
    )
