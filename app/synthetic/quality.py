"""The quality codes of a generated case: they say what its clinical facts say.

Everything is decided from the facts, except what no element of the case file tells (a medical
reason, whether the smoker had been told) and the few cases that are left unreported.
Sources: CMS QPP measures data 2017 to 2026 for ids and years; HCPCS Level II and CPT II
descriptors for the codes; the risk factors of 430 after MPOG PONV-01 (one source).
ASSUMED: that 4256F, 4555F and 4557F say "not eligible", and which drugs form a class.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.synthetic.chance import Chance
from app.synthetic.clinical import ClinicalFacts
from app.synthetic.medication import Dose
from app.synthetic.monitoring import was_warm
from app.synthetic.procedures import Technique


class QualityEntry(NamedTuple):
    """One QCDR element: `measure` as written in the file, `modifier` None when absent."""

    measure: str
    code: str
    modifier: str | None = None


UNREPORTED_SHARE = 0.04

FIRST_YEAR = {"076": 2017, "404": 2017, "424": 2017, "430": 2017, "463": 2018, "477": 2020}
LAST_YEAR = {"076": 2022, "424": 2025}


def is_active(measure_id: str, year: int) -> bool:
    return FIRST_YEAR[measure_id] <= year <= LAST_YEAR.get(measure_id, year)


def draw_quality_codes(chance: Chance, facts: ClinicalFacts) -> tuple[QualityEntry, ...]:
    reports = {
        "404": _smoking_abstinence,
        "424": _temperature,
        "430": _adult_nausea,
        "463": _child_vomiting,
        "477": _multimodal_pain,
    }
    year = facts.date_of_service.year
    entries = []
    for measure_id, report in reports.items():
        if measure_id in facts.procedure.measures and is_active(measure_id, year):
            entries += _entries(measure_id, report(chance, facts))
    if facts.procedure.central_line and is_active("076", year):
        entries.append(_central_line(chance))
    return tuple(entries)


def _entries(measure_id: str, codes: Iterable[str]) -> list[QualityEntry]:
    return [QualityEntry(f"PQRS{measure_id}", code) for code in codes]


def _performance(
    chance: Chance, *, met: bool, codes: tuple[str, str, str], reason: float
) -> list[str]:
    """Return the one performance code, or none for a case that stays unreported.

    `codes` are those of met, exception and not met; `reason` the share of the cases not met for
    which a medical reason is on record.
    """
    if chance.happens(UNREPORTED_SHARE):
        return []
    done, excepted, missed = codes
    if met:
        return [done]
    return [excepted if chance.happens(reason) else missed]


def _smoking_abstinence(chance: Chance, facts: ClinicalFacts) -> list[str]:
    patient = facts.patient
    if not (patient.smoker and facts.is_elective and patient.is_adult):
        return []
    smoker, elective, told, abstained, smoked = "G9642", "G9643", "G9497", "G9644", "G9645"
    if not chance.happens(0.92):
        return [smoker, elective]
    codes = [smoker, elective, told]
    if chance.happens(UNREPORTED_SHARE):
        return codes
    return [*codes, abstained if chance.happens(0.78) else smoked]


def _temperature(chance: Chance, facts: ClinicalFacts) -> list[str]:
    if facts.technique is Technique.MAC:
        return ["G9654"]
    if facts.technique is Technique.BLOCK:
        return ["G9770"]
    if facts.times.anesthesia_minutes < 60:
        return ["4256F"]
    met = was_warm(facts.temperatures, facts.times)
    reason = 0.5 if facts.is_emergency else 0.1
    codes = ("G9771", "G9772", "G9773")
    return ["4255F", *_performance(chance, met=met, codes=codes, reason=reason)]


def _adult_nausea(chance: Chance, facts: ClinicalFacts) -> list[str]:
    if not (facts.technique.is_general and facts.patient.is_adult):
        return []
    if not _inhaled(facts.doses):
        return ["4555F"]
    if nausea_risk_factors(facts) < 3:
        return ["4554F", "4557F"]
    met = len(antiemetic_classes(facts.doses)) >= 2
    codes = ("G9775", "G9776", "G9777")
    return ["4554F", "4556F", *_performance(chance, met=met, codes=codes, reason=0.15)]


def _child_vomiting(chance: Chance, facts: ClinicalFacts) -> list[str]:
    eligible_age = facts.patient.age_years >= 3 and not facts.patient.is_adult
    if not (facts.technique.is_general and eligible_age and _inhaled(facts.doses)):
        return []
    if vomiting_risk_factors(facts) < 2:
        return ["4554F"]
    met = len(antiemetic_classes(facts.doses)) >= 2
    codes = ("G9956", "G9957", "G9958")
    return ["4554F", "G9954", *_performance(chance, met=met, codes=codes, reason=0.15)]


def _multimodal_pain(chance: Chance, facts: ClinicalFacts) -> list[str]:
    # An emergency is no case of this measure; its code M1142 fits no schema up to 2023.
    if facts.is_emergency or not facts.patient.is_adult:
        return []
    met = len(pain_modalities(facts.doses)) >= 2
    return _performance(chance, met=met, codes=("G2148", "G2149", "G2150"), reason=0.4)


def _central_line(chance: Chance) -> QualityEntry:
    modifier = None if chance.happens(0.96) else chance.one_of(("1P", "8P"))
    return QualityEntry("PQRS076", "6030F", modifier)


def nausea_risk_factors(facts: ClinicalFacts) -> int:
    patient = facts.patient
    return (
        (patient.sex == "Female")
        + patient.history_of_ponv
        + patient.motion_sickness
        + (not patient.smoker)
        + facts.opioids_planned
    )


def vomiting_risk_factors(facts: ClinicalFacts) -> int:
    return (
        (facts.times.procedure_minutes >= 30)
        + (facts.patient.age_years >= 3)
        + facts.procedure.strabismus
        + facts.patient.vomiting_in_family
    )


def _inhaled(doses: tuple[Dose, ...]) -> bool:
    return any(dose.drug.inhaled for dose in doses)


def antiemetic_classes(doses: tuple[Dose, ...]) -> set[str]:
    return {dose.drug.antiemetic for dose in doses if dose.drug.antiemetic}


def pain_modalities(doses: tuple[Dose, ...]) -> set[str]:
    return {dose.drug.modality for dose in doses if dose.drug.modality}
