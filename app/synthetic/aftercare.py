"""What came of a generated case: outcomes, where the patient went, who pays."""

from dataclasses import dataclass
from typing import NamedTuple

from app.synthetic.chance import Chance, Weighted
from app.synthetic.clinical import ClinicalFacts
from app.synthetic.medication import needs_tube
from app.synthetic.monitoring import was_cold
from app.synthetic.patients import Patient
from app.synthetic.practice import Setting
from app.synthetic.timing import MINUTES_A_DAY, Times

CARDIAC_ARREST, DEATH, EMERGENCE_DELIRIUM, AIRWAY_TRAUMA = 14, 25, 32, 5
HYPOTENSION, HYPOXEMIA, NAUSEA, DURAL_PUNCTURE_HEADACHE = 44, 45, 68, 66
CONVERSION_TO_GENERAL, HOSPITAL_ADMISSION, HYPOTHERMIA = 84, 88, 89
ICU_ADMISSION, REINTUBATION, DURAL_PUNCTURE = 90, 92, 85


class OutcomeEntry(NamedTuple):
    """`severity`, `time_frame` and `category` are set when it occurred."""

    outcome_id: int
    occurred: bool
    severity: str | None = None
    time_frame: str | None = None
    category: str | None = None


class _Usual(NamedTuple):
    """How often an outcome occurs, made up but of the usual order of magnitude."""

    share: float
    time_frame: str
    severities: Weighted[str]
    category: str


_MILD = Weighted({"No Harm": 30, "Mild Harm": 60, "Moderate Harm": 10})
_GRAVE = Weighted({"Moderate Harm": 55, "Severe Harm": 45})
_DEADLY = Weighted({"Death": 1})

_USUAL = {
    NAUSEA: _Usual(0.06, "PACU", _MILD, "OTHER"),
    HYPOTENSION: _Usual(0.02, "IntraOp", _MILD, "CARDIOVASCULAR"),
    HYPOXEMIA: _Usual(0.012, "PACU", _MILD, "RESPIRATORY/AIRWAY"),
    EMERGENCE_DELIRIUM: _Usual(0.01, "PACU", _MILD, "OTHER"),
    AIRWAY_TRAUMA: _Usual(0.002, "IntraOp", _MILD, "RESPIRATORY/AIRWAY"),
    CARDIAC_ARREST: _Usual(0.0006, "IntraOp", _GRAVE, "CARDIOVASCULAR"),
    DEATH: _Usual(0.0003, "PACU", _DEADLY, "OTHER"),
    DURAL_PUNCTURE_HEADACHE: _Usual(0.004, "48 Hour", _MILD, "PROCEDURE RELATED"),
    DURAL_PUNCTURE: _Usual(0.006, "IntraOp", _MILD, "PROCEDURE RELATED"),
    CONVERSION_TO_GENERAL: _Usual(0.008, "IntraOp", _MILD, "PROCEDURE RELATED"),
    HOSPITAL_ADMISSION: _Usual(0.006, "PACU", _MILD, "OTHER"),
    HYPOTHERMIA: _Usual(0.0, "PACU", _MILD, "OTHER"),
    ICU_ADMISSION: _Usual(0.004, "PACU", _GRAVE, "OTHER"),
    REINTUBATION: _Usual(0.002, "PACU", _GRAVE, "RESPIRATORY/AIRWAY"),
}
_SICK_RISK = {"I": 0.5, "II": 1.0, "III": 1.5, "IV": 4.0, "V": 20.0}

_MOST_REPORTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftercare:
    """`discharge_minute` counts from midnight of the date of service, like every time."""

    outcomes: tuple[OutcomeEntry, ...]
    transfer: str
    disposition: str
    discharge: str
    discharge_minute: int
    hospital_days: int
    payments: tuple[str, ...]


def draw_aftercare(chance: Chance, facts: ClinicalFacts) -> Aftercare:
    icu_planned = chance.happens(facts.procedure.icu_share)
    outcomes = _outcomes(chance, facts, _possible(facts, icu_planned=icu_planned))
    happened = {outcome.outcome_id for outcome in outcomes if outcome.occurred}
    intensive = icu_planned or ICU_ADMISSION in happened
    died = DEATH in happened
    stays = intensive or facts.setting is Setting.INPATIENT or HOSPITAL_ADMISSION in happened
    days = _hospital_days(chance, facts, intensive=intensive) if stays and not died else 0
    return Aftercare(
        outcomes=outcomes,
        transfer=_transfer(stays=stays, intensive=intensive, died=died),
        disposition=_disposition(facts, intensive=intensive, died=died),
        discharge=_discharge(facts, days, stays=stays, died=died),
        discharge_minute=_discharge_minute(chance, facts.times, days),
        hospital_days=days,
        payments=_payments(chance, facts.patient),
    )


def _possible(facts: ClinicalFacts, *, icu_planned: bool) -> list[int]:
    technique = facts.technique
    possible = [NAUSEA, DEATH, CARDIAC_ARREST, HYPOTENSION, HYPOXEMIA]
    if needs_tube(facts.procedure, technique):
        possible += [REINTUBATION, AIRWAY_TRAUMA]
    if technique.is_general:
        possible.append(EMERGENCE_DELIRIUM)
    elif technique.is_neuraxial:
        possible += [CONVERSION_TO_GENERAL, DURAL_PUNCTURE_HEADACHE, DURAL_PUNCTURE]
    if facts.setting is not Setting.INPATIENT:
        possible.append(HOSPITAL_ADMISSION)
    if not icu_planned:
        possible.append(ICU_ADMISSION)
    return possible


def _outcomes(
    chance: Chance, facts: ClinicalFacts, possible: list[int]
) -> tuple[OutcomeEntry, ...]:
    """Report what occurred, and beside it some of what did not."""
    risk = _SICK_RISK[facts.patient.asa_class]
    happened = [key for key in possible if chance.happens(_USUAL[key].share * risk)]
    if was_cold(facts.temperatures, facts.times):
        happened.append(HYPOTHERMIA)
    occurred = [_occurred(chance, key) for key in happened]
    reported = chance.between(1, _MOST_REPORTED)
    not_occurred = [OutcomeEntry(key, False) for key in possible if key not in happened]
    return (*occurred, *not_occurred[: max(0, reported - len(occurred))])


def _occurred(chance: Chance, outcome_id: int) -> OutcomeEntry:
    usual = _USUAL[outcome_id]
    severity = usual.severities.draw(chance)
    return OutcomeEntry(outcome_id, True, severity, usual.time_frame, usual.category)


def _hospital_days(chance: Chance, facts: ClinicalFacts, *, intensive: bool) -> int:
    longer = 2 if facts.procedure.blood_loss_ml >= 250 else 0
    return chance.between(1, 3) + longer + (chance.between(1, 4) if intensive else 0)


def _transfer(*, stays: bool, intensive: bool, died: bool) -> str:
    if died:
        return "Died"
    if intensive:
        return "Intensive Care Unit"
    return "Floor bed" if stays else "Home without services"


def _disposition(facts: ClinicalFacts, *, intensive: bool, died: bool) -> str:
    if died:
        return "Died"
    if intensive:
        return "ICU"
    return "Floor bed" if facts.procedure.around_the_clock else "PACU"


def _discharge(facts: ClinicalFacts, days: int, *, stays: bool, died: bool) -> str:
    if died:
        return "Expired (i.e. dead)"
    if stays and facts.setting is not Setting.INPATIENT:
        return "Admitted as an inpatient to this hospital"
    if stays and facts.patient.age_years >= 78 and days >= 3:
        return "Skilled nursing facility (SNF)"
    if stays and facts.patient.age_years >= 70:
        return "Home under care of organized home health service organization"
    return "Home or self care (routine discharge)"


def _discharge_minute(chance: Chance, times: Times, days: int) -> int:
    if days == 0:
        return times.recovery_end + chance.between(5, 45)
    last_day = (times.end // MINUTES_A_DAY + days) * MINUTES_A_DAY
    return last_day + chance.between(9 * 60, 15 * 60)


_MEDICARE = Weighted(
    {
        "Government: Medicare Fee for Service - Part B": 58,
        "Government: Medicare Fee for Service - Part C": 34,
        "Commercial": 6,
        "Government: Military/Veteran": 2,
    }
)
_WORKING_AGE = Weighted(
    {
        "Commercial": 66,
        "Government: Medicaid": 18,
        "Self-Pay": 5,
        "Government: Military/Veteran": 4,
        "Worker's Compensation": 3,
        "Government: Medicare Fee for Service - Part B": 3,
        "Charity": 1,
    }
)
_CHILDREN = Weighted(
    {
        "Commercial": 55,
        "Government: Medicaid": 39,
        "Government: Military/Veteran": 4,
        "Self-Pay": 2,
    }
)


def _payments(chance: Chance, patient: Patient) -> tuple[str, ...]:
    if not patient.is_adult:
        return (_CHILDREN.draw(chance),)
    if patient.age_years < 65:
        return (_WORKING_AGE.draw(chance),)
    first = _MEDICARE.draw(chance)
    has_supplement = first.endswith("Part B") and chance.happens(0.5)
    return (first, "Commercial") if has_supplement else (first,)
