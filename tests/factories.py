"""Cases with the dull facts filled in: a test names only what it is about."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.domain.cases import (
    AnesthesiaCase,
    AnesthesiaMethod,
    DiagnosisCode,
    Medication,
    OutcomeEvent,
    ProcedureCode,
    QualityCode,
    StaffMember,
    Temperature,
)
from app.domain.identifiers import parse_npi, parse_tin

DAY = date(2024, 3, 1)
GENERAL = "General Anesthesia"
NEURAXIAL = "Neuraxial"
MONITORED = "Monitored Anesthesia Care"
BLOCK = "Peripheral Nerve Block"
INHALATIONAL = "Inhalational General Anesthesia"


def clock(text: str, *, days_later: int = 0) -> datetime:
    """Return the clock time `text` (08:00) on `DAY`, or some days later."""
    return datetime.combine(DAY, time.fromisoformat(text)) + timedelta(days=days_later)


def a_method(
    category: str = GENERAL,
    start: str | datetime = "08:00",
    end: str | datetime = "10:00",
    subcategory: str | None = None,
) -> AnesthesiaMethod:
    return AnesthesiaMethod(
        category=category, subcategory=subcategory, start=_moment(start), end=_moment(end)
    )


def a_temperature(
    value: str, at: str | datetime | None = "09:55", unit: str | None = "C"
) -> Temperature:
    return Temperature(value=Decimal(value), at=None if at is None else _moment(at), unit=unit)


def a_medication(name: str, start: str | datetime | None = None) -> Medication:
    return Medication(name=name, start=None if start is None else _moment(start))


def reported(measure: str, *codes: str) -> tuple[QualityCode, ...]:
    """Return QCDR entries; a modifier follows its code after a hyphen: 4559F-8P."""
    split = [code.partition("-") for code in codes]
    return tuple(
        QualityCode(measure=measure, code=code, modifier=modifier) for code, _, modifier in split
    )


def procedure_codes(*codes: str) -> tuple[ProcedureCode, ...]:
    """Return CPT codes; a modifier follows its code after a hyphen: 4559F-8P."""
    split = [code.partition("-") for code in codes]
    return tuple(
        ProcedureCode(value=code, modifier=modifier or None) for code, _, modifier in split
    )


def a_case(
    *,
    year: int = 2024,
    age: int = 50,
    asa: str = "II",
    status: str = "Elective",
    anesthesia: Iterable[str] = ("00790",),
    surgery: Iterable[str] = (),
    diagnoses: Iterable[str] = (),
    postoperative_diagnoses: Iterable[str] = (),
    methods: Iterable[AnesthesiaMethod] | None = None,
    temperatures: Iterable[Temperature] = (),
    medications: Iterable[Medication | str] | None = None,
    quality: tuple[QualityCode, ...] = (),
    surgery_start: str | None = None,
    surgery_end: str | None = None,
    place: int | None = None,
    admission: str | None = None,
    outcomes: Iterable[OutcomeEvent] = (),
) -> AnesthesiaCase:
    """Return a case of 1 March of `year`: general anesthesia from 08:00 to 10:00 if not told else.

    Times given for 1 March 2024 move with `year`. `medications` None means that
    nothing was recorded about them.
    """
    shift = date(year, 3, 1) - DAY
    return AnesthesiaCase(
        anesthesia_record_id="A-0001",
        date_of_service=DAY + shift,
        facility_id="1",
        patient_sex="Female",
        age_years=age,
        asa_class=asa,
        procedure_status=status,
        staff=(_a_staff_member(),),
        methods=tuple(_shifted(m, shift) for m in ((a_method(),) if methods is None else methods)),
        anesthesia_codes=procedure_codes(*anesthesia),
        procedure_codes=procedure_codes(*surgery),
        diagnoses=_icd_10(diagnoses),
        postoperative_diagnoses=_icd_10(postoperative_diagnoses),
        quality_codes=quality,
        temperatures=tuple(
            Temperature(value=t.value, unit=t.unit, at=None if t.at is None else t.at + shift)
            for t in temperatures
        ),
        medications=None if medications is None else _medications(medications, shift),
        procedure_start=None if surgery_start is None else clock(surgery_start) + shift,
        procedure_end=None if surgery_end is None else clock(surgery_end) + shift,
        place_of_service=place,
        admission_status=admission,
        outcomes=tuple(outcomes),
    )


def _moment(when: str | datetime) -> datetime:
    return clock(when) if isinstance(when, str) else when


def _shifted(method: AnesthesiaMethod, shift: timedelta) -> AnesthesiaMethod:
    return AnesthesiaMethod(
        category=method.category,
        subcategory=method.subcategory,
        start=method.start + shift,
        end=method.end + shift,
    )


def _medications(
    medications: Iterable[Medication | str], shift: timedelta
) -> tuple[Medication, ...]:
    given = [a_medication(m) if isinstance(m, str) else m for m in medications]
    return tuple(
        Medication(name=m.name, start=None if m.start is None else m.start + shift) for m in given
    )


def _icd_10(values: Iterable[str]) -> tuple[DiagnosisCode, ...]:
    return tuple(DiagnosisCode(value=value, version="10") for value in values)


def _a_staff_member() -> StaffMember:
    return StaffMember(
        tin=parse_tin("123456789"), npi=parse_npi("1234567893"), credentials="Anesthesiologist"
    )
