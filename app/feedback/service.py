"""Reports that are there: found, opened with or without their cases, handed out."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import Actor, AuditAction
from app.domain.errors.measures import FeedbackReportUnknown
from app.domain.feedback import FeedbackDelivery, FeedbackFormat, FeedbackReport
from app.feedback.composing import meaning_of_reason
from app.feedback.csv_report import report_as_csv
from app.feedback.html_report import report_as_html
from app.feedback.opened import MOST_CASES, CasesOfRates, FailedCase, OpenedReport
from app.feedback.pdf_report import report_as_pdf
from app.feedback.report import feedback_of
from app.feedback.whose import own_cases
from app.feedback.wire import report_as_json
from app.measures.catalogue.catalogue import Catalogue
from app.storage.cases.case_queries import CaseBehindNumber
from app.storage.unit_of_work import OpenWork, UnitOfWork

_WRITERS: Final[Mapping[FeedbackFormat, Callable[[OpenedReport], bytes]]] = {
    FeedbackFormat.JSON: report_as_json,
    FeedbackFormat.HTML: report_as_html,
    FeedbackFormat.PDF: report_as_pdf,
    FeedbackFormat.CSV: report_as_csv,
}


def find_report(report_id: UUID, work: UnitOfWork) -> FeedbackReport:
    """Raises: FeedbackReportUnknown."""
    report = work.feedback.get(report_id)
    if report is None:
        raise FeedbackReportUnknown("No report of this id can be seen.")
    return report


def hand_out(
    report: FeedbackReport,
    format_: FeedbackFormat,
    by: Actor,
    *,
    with_cases: bool,
    catalogue: Catalogue,
    open_work: OpenWork,
) -> bytes:
    """Return the report in a format, and write down who received it.

    Whoever asks may see it, and with `with_cases` the cases behind it.

    Raises: RosterEntryUnknown, VirtualGroupUnconfirmed, for cases of a group that is gone.
    """
    with open_work() as work:
        cases = _failed_cases(report, catalogue, work) if with_cases else None
        opened = OpenedReport(made=report, feedback=feedback_of(report.figures), cases=cases)
        content = _WRITERS[format_](opened)
        delivery = FeedbackDelivery(
            practice_id=report.practice_id,
            id=uuids.uuid7(),
            report_id=report.id,
            at=datetime.now(UTC),
            by=by,
            format=format_,
            sha256=hashlib.sha256(content).hexdigest(),
            cases=opened.cases_listed,
        )
        work.feedback.deliver(delivery)
        _record(delivery, work)
        work.commit()
    return content


def _record(delivery: FeedbackDelivery, work: UnitOfWork) -> None:
    """The list of its cases is a look at cases, and stands in the trail as one."""
    about = ("feedback_report", delivery.report_id)
    if delivery.cases is None:
        work.audit.record(
            delivery.by,
            AuditAction.FEEDBACK_READ,
            practice=delivery.practice_id,
            about=about,
            format=delivery.format.value,
            sha256=delivery.sha256,
        )
    else:
        work.audit.record(
            delivery.by,
            AuditAction.FEEDBACK_CASES_READ,
            practice=delivery.practice_id,
            about=about,
            format=delivery.format.value,
            sha256=delivery.sha256,
            cases=delivery.cases,
        )


def _failed_cases(report: FeedbackReport, catalogue: Catalogue, work: UnitOfWork) -> CasesOfRates:
    """The newest of each rate, as they stand now; of a virtual group those of the practice."""
    year = catalogue.for_year(report.quarter.performance_year)
    measures = {} if year is None else {each.measure_id: each for each in year.measures}
    found = work.feedback_figures.failed_cases(
        own_cases(report.entity, report.practice_id, report.quarter, work),
        inverse=[each.measure_id for each in measures.values() if each.facts.inverse],
        most=MOST_CASES,
    )
    cases: dict[tuple[str, str | None], list[FailedCase]] = {}
    for case in found:
        if case.measure_id in measures:
            definition = measures[case.measure_id].definition
            listed = cases.setdefault((case.measure_id, case.stratum or None), [])
            listed.append(_failed_case(case, meaning_of_reason(definition, case.reason)))
    return {rate: tuple(listed) for rate, listed in cases.items()}


def _failed_case(case: CaseBehindNumber, meaning: str) -> FailedCase:
    return FailedCase(
        case_id=case.case_id,
        anesthesia_record_id=case.anesthesia_record_id,
        date_of_service=case.date_of_service,
        population=case.population,
        meaning=meaning,
    )
