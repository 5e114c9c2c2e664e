"""Results of surgical centers, the file for CMS, and what centers enter."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from app.domain.asc_figures import CenterFigures
from app.domain.audit import AuditAction
from app.domain.errors.measures import AscFileRefused, MeasureUnknown
from app.domain.errors.requests import ChangedMeanwhile, InvalidRequest
from app.domain.errors.roster import RosterEntryUnknown
from app.domain.identifiers import PracticeId
from app.domain.principals import Principal
from app.domain.roster import Facility
from app.domain.roster_changes import ChangeAction
from app.measures.asc.centers import YEAR, Center, centers_of
from app.measures.asc.definition import AscManual, EventMeasure
from app.measures.asc.manuals import manual_for, manual_years
from app.measures.asc.sampling import frequency_fault
from app.measures.asc.upload_file import UploadFile, upload_file
from app.measures.asc.wire import AscCenterResult, AscPaymentYear, AscResults
from app.roster.changing import RosterWork
from app.storage.unit_of_work import OpenWork, UnitOfWork

_KIND: Final = "figures of a surgical center"


def manual_of(year: int) -> AscManual:
    """Raises: MeasureUnknown."""
    manual = manual_for(year)
    if manual is None:
        known = ", ".join(map(str, manual_years()))
        raise MeasureUnknown(
            "The measures of surgical centers are not specified here for this year, but for"
            f" {known}."
        )
    return manual


def months_of(quarter: int | None) -> range:
    """The months of a quarter, or of the year, numbered from 1."""
    return YEAR if quarter is None else range(3 * quarter - 2, 3 * quarter + 1)


def asc_results(
    practice: PracticeId,
    year: int,
    *,
    facility: str | None,
    quarter: int | None,
    sandbox: bool,
    open_work: OpenWork,
) -> AscResults:
    """Results by center; none for a sandbox. Raises: MeasureUnknown."""
    manual = manual_of(year)
    centers: list[Center] = []
    if not sandbox:
        with open_work() as work:
            centers = _centers(practice, manual, work, quarter=quarter)
    return AscResults(
        practice_id=practice,
        year=year,
        quarter=quarter,
        source=manual.source,
        assumed=manual.assumed,
        payment_year=AscPaymentYear(**manual.payment_year.model_dump()),
        as_of=datetime.now(UTC),
        sampling_assumed=manual.sampling.assumed,
        centers=tuple(
            AscCenterResult.of(center)
            for center in centers
            if facility is None or center.facility_id == facility
        ),
        elsewhere=manual.elsewhere,
    )


def asc_file(practice: PracticeId, year: int, *, day: date, open_work: OpenWork) -> UploadFile:
    """Return the file for CMS as of `day`. Raises: MeasureUnknown, AscFileRefused."""
    manual = manual_of(year)
    with open_work() as work:
        made = upload_file(_centers(practice, manual, work), manual, day=day)
    if made.findings:
        raise AscFileRefused([asdict(finding) for finding in made.findings])
    return made


def read_figures(
    practice: PracticeId, entry_id: UUID, year: int, *, open_work: OpenWork
) -> CenterFigures:
    """Raises: MeasureUnknown, RosterEntryUnknown."""
    manual_of(year)
    with open_work() as work:
        _require_facility(practice, entry_id, work)
        return work.asc.figures(practice, entry_id, year)


def change_figures(
    wanted: CenterFigures, caller: Principal, *, seen: int, open_work: OpenWork
) -> CenterFigures:
    """`seen` is the version that whoever asks has seen.

    Raises: MeasureUnknown, RosterEntryUnknown, InvalidRequest, ChangedMeanwhile.
    """
    manual = manual_of(wanted.year)
    _require_sensible(wanted, manual)
    with open_work() as work:
        work.roster.lock(wanted.practice_id)
        _require_facility(wanted.practice_id, wanted.facility_entry_id, work)
        before = work.asc.figures(wanted.practice_id, wanted.facility_entry_id, wanted.year)
        if before.version != seen:
            raise ChangedMeanwhile("Somebody has changed it since you read it. Read it again.")
        after = replace(wanted, version=before.version + 1)
        work.asc.save_figures(after)
        _tell(before, after, caller, work)
        work.commit()
    return after


def _centers(
    practice: PracticeId, manual: AscManual, work: UnitOfWork, *, quarter: int | None = None
) -> list[Center]:
    return centers_of(
        work.asc.totals(practice, manual.year),
        all_cases=work.asc.all_cases(practice, manual.year),
        facilities=work.roster.all(Facility, practice),
        figures=work.asc.all_figures(practice, manual.year),
        manual=manual,
        months=months_of(quarter),
    )


def _require_facility(practice: PracticeId, entry_id: UUID, work: UnitOfWork) -> None:
    if work.roster.get(Facility, practice, entry_id) is None:
        raise RosterEntryUnknown("The practice has no facility of this id.")


def _require_sensible(figures: CenterFigures, manual: AscManual) -> None:
    """What can never be right is refused; what is missing or does not fit, the file tells."""
    for measure_id, told in figures.measures.items():
        measure = manual.measure(measure_id)
        if measure is None:
            raise InvalidRequest("measures: one of them is none that a center enters figures for.")
        if isinstance(measure, EventMeasure) and told.denominator is not None:
            raise InvalidRequest(f"measures.{measure_id}: the denominator is `admissions`.")
        sampled = (told.population, told.sample, told.frequency)
        if not measure.sampled and sampled != (None, None, None):
            raise InvalidRequest(f"measures.{measure_id}: it is not sampled.")
        if told.frequency is not None:
            fault = frequency_fault(told.population or 0, told.frequency, manual.sampling)
            if fault is not None:
                raise InvalidRequest(f"measures.{measure_id}.frequency: {fault}.")


def _tell(before: CenterFigures, after: CenterFigures, caller: Principal, work: UnitOfWork) -> None:
    """In the history of the roster with all figures, in the audit trail that it happened."""
    roster = RosterWork(work=work, practice=after.practice_id, actor=caller.actor)
    is_new = before.version == 0
    roster.tell_of(
        _KIND,
        ChangeAction.ADDED if is_new else ChangeAction.CHANGED,
        entry_id=after.facility_entry_id,
        before=None if is_new else _as_json(before),
        after=_as_json(after),
    )
    work.audit.record(
        caller.actor,
        AuditAction.ASC_FIGURES_ENTERED,
        practice=after.practice_id,
        about=("facility", after.facility_entry_id),
        year=after.year,
        version=after.version,
    )


def _as_json(figures: CenterFigures) -> dict[str, object]:
    return {
        "year": figures.year,
        "version": figures.version,
        "admissions": figures.admissions,
        "measures": {name: asdict(each) for name, each in figures.measures.items()},
    }
