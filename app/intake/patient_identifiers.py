"""What says whose case it is: kept in the sealed record alone, and read there when it is asked."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.domain.cases import AnesthesiaCase
from app.intake.stored_records import decode_stored
from app.storage.cases.case_queries import Fields, StoredCase
from app.storage.sealing.records import RecordDamaged
from app.storage.unit_of_work import UnitOfWork
from app.xsd.parsing import PieceParser


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientIdentifiers:
    """None where the record has none, or can no longer be read: `nacor verify` names such."""

    patient_id: str | None = None
    date_of_birth: date | None = None
    home_zip: str | None = None
    procedure_id: str | None = None

    @classmethod
    def of(cls, case: AnesthesiaCase) -> "PatientIdentifiers":
        return cls(
            patient_id=case.patient_id,
            date_of_birth=case.date_of_birth,
            home_zip=case.home_zip,
            procedure_id=case.procedure_id,
        )


def identifiers_in(record: bytes | None) -> PatientIdentifiers:
    if record is None:
        return PatientIdentifiers()
    try:
        return PatientIdentifiers.of(decode_stored(record, PieceParser({})))
    except Exception:  # of many kinds: a case is shown also where its record is damaged
        return PatientIdentifiers()


def identifiers_of(case: StoredCase, work: UnitOfWork) -> PatientIdentifiers:
    try:
        record = work.cases.record_as_received(case)
    except RecordDamaged:
        return PatientIdentifiers()
    return identifiers_in(record)


def with_identifiers(fields: Fields, identifiers: PatientIdentifiers) -> dict[str, Any]:
    return {**fields, **asdict(identifiers)}
