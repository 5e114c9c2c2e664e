"""Lists that are handed out as files: each is told in the audit trail before it leaves."""

from enum import StrEnum
from typing import Any

from app.domain.audit import Actor, AuditAction
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import OpenWork


class ExportedList(StrEnum):
    PROVIDERS = "provider_list"
    CONSENTS = "consents"
    REGISTRATIONS = "registrations"
    SURGICAL_CENTERS = "asc_file"
    CLINICIANS = "cases_of_clinicians"
    BACKFILL = "backfill_report"


def record_export(
    what: ExportedList,
    practice: PracticeId | None,
    actor: Actor,
    *,
    open_work: OpenWork,
    year: int | None = None,
) -> None:
    """`practice` None: a list of several practices, in the trail of none."""
    of_year: dict[str, Any] = {} if year is None else {"performance_year": year}
    with open_work() as work:
        work.audit.record(actor, AuditAction.LIST_EXPORTED, practice=practice, list=what, **of_year)
        work.commit()
