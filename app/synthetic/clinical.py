"""The clinical facts of a generated case: everything else about it follows from them."""

from dataclasses import dataclass
from datetime import date

from app.synthetic.chance import Chance
from app.synthetic.medication import Dose, draw_doses
from app.synthetic.monitoring import Temperature, draw_temperatures
from app.synthetic.patients import Patient, draw_patient
from app.synthetic.practice import Facility, Practice, Setting
from app.synthetic.procedures import Procedure, Technique, procedure_mix
from app.synthetic.timing import ServiceDays, Times, draw_times

ELECTIVE, URGENT, EMERGENCY = "Elective", "Urgent", "Emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalFacts:
    """Times are minutes after midnight of `date_of_service`; see `timing`."""

    date_of_service: date
    procedure: Procedure
    diagnosis: str
    status: str
    setting: Setting
    facility: Facility
    patient: Patient
    technique: Technique
    block: bool
    times: Times
    doses: tuple[Dose, ...]
    temperatures: tuple[Temperature, ...]
    opioids_planned: bool

    @property
    def is_elective(self) -> bool:
        return self.status == ELECTIVE

    @property
    def is_emergency(self) -> bool:
        return self.status == EMERGENCY

    @property
    def asa_class(self) -> str:
        """The class as written in the file: an E follows it for an emergency."""
        return self.patient.asa_class + ("E" if self.is_emergency else "")


def draw_facts(
    chance: Chance, practice: Practice, days: ServiceDays, year: int, number: int
) -> ClinicalFacts:
    procedure = procedure_mix(year).draw(chance)
    status = _status(chance, procedure)
    can_wait = status == ELECTIVE and not procedure.around_the_clock
    day = days.draw(chance, can_wait=can_wait)
    patient = draw_patient(chance, procedure, day, number, emergency=status == EMERGENCY)
    setting = _setting(chance, procedure, patient, status)
    facility = practice.facilities[setting].draw(chance)
    technique = procedure.techniques.draw(chance)
    block = chance.happens(procedure.block_share) and technique is not Technique.BLOCK
    times = draw_times(chance, procedure, technique, can_wait=can_wait)
    return ClinicalFacts(
        date_of_service=day,
        procedure=procedure,
        diagnosis=chance.one_of(procedure.diagnoses),
        status=status,
        setting=setting,
        facility=facility,
        patient=patient,
        technique=technique,
        block=block,
        times=times,
        doses=draw_doses(
            chance, procedure, patient, technique, times, elective=status == ELECTIVE, block=block
        ),
        temperatures=draw_temperatures(chance, technique, times, unit=facility.temperature_unit),
        opioids_planned=chance.happens(procedure.opioid_after),
    )


def _status(chance: Chance, procedure: Procedure) -> str:
    drawn = chance.random()
    if drawn < procedure.emergency:
        return EMERGENCY
    return URGENT if drawn < procedure.emergency + procedure.urgent else ELECTIVE


def _setting(chance: Chance, procedure: Procedure, patient: Patient, status: str) -> Setting:
    """Only planned and stable patients are cared for outside the hospital."""
    setting = procedure.setting.draw(chance)
    if status == EMERGENCY:
        return Setting.INPATIENT
    stable = status == ELECTIVE and patient.asa_class in ("I", "II", "III")
    if setting is Setting.SURGERY_CENTER and not stable:
        return Setting.OUTPATIENT
    return setting
