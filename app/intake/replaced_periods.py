"""Holds a record against the period that its file is to replace."""

from app.checking.checker import CheckedRecord
from app.domain.periods import Period
from app.intake.remarks import outside_period, without_known_case


def held_against(period: Period, record: CheckedRecord) -> CheckedRecord:
    """Return `record`, with an error where it keeps its file from standing for `period`.

    A record that is rejected keeps the stored case that it names. One that names none would let
    its case disappear.
    """
    if record.case is not None and not period.holds(record.case.date_of_service):
        return outside_period(record)
    if not record.is_valid and record.read.anesthesia_record_id is None:
        return without_known_case(record)
    return record
