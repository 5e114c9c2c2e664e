"""One plausible case, put together from what the other modules draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.synthetic.aftercare import Aftercare, draw_aftercare
from app.synthetic.chance import Chance
from app.synthetic.clinical import ClinicalFacts, draw_facts
from app.synthetic.monitoring import Round, draw_vital_signs
from app.synthetic.practice import Practice
from app.synthetic.quality import QualityEntry, draw_quality_codes
from app.synthetic.staffing import Staffing, draw_staffing
from app.synthetic.timing import ServiceDays

_NOTES = (
    "Uneventful.",
    "Mean arterial pressure kept > 65 mmHg.",
    "Patient & family informed.",
    "SpO2 < 94 % for a moment, recovered with oxygen.",
    "Forced-air warming (38 °C) from induction.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`number` counts from 1 in the file; `hemoglobin_tenths` is in tenths of g/dL."""

    record_id: str
    number: int
    facts: ClinicalFacts
    room: int
    staffing: Staffing
    vital_signs: tuple[Round, ...]
    aftercare: Aftercare
    quality_codes: tuple[QualityEntry, ...]
    blood_loss_ml: int
    crystalloid_ml: int
    hemoglobin_tenths: int
    note: str | None


def draw_cases(
    practice: Practice, *, cases: int, last_day: date, seed: int, vital_signs: bool
) -> Iterator[Case]:
    """Yield cases from the start of a year; without vital signs they are otherwise the same."""
    year = last_day.year
    stream = f"{practice.practice_id}/{year}/{seed}"
    chance = Chance(f"cases/{stream}")
    at_the_monitor = Chance(f"vital signs/{stream}") if vital_signs else None
    days = ServiceDays(last_day)
    for number in range(1, cases + 1):
        facts = draw_facts(chance, practice, days, year, number)
        yield _case_of(
            facts, chance, practice, at_the_monitor, f"{year}-{seed}-{number:07d}", number
        )


def _case_of(
    facts: ClinicalFacts,
    chance: Chance,
    practice: Practice,
    at_the_monitor: Chance | None,
    record_id: str,
    number: int,
) -> Case:
    return Case(
        record_id=record_id,
        number=number,
        facts=facts,
        room=chance.between(1, facts.facility.rooms),
        staffing=draw_staffing(chance, practice, facts.procedure, facts.setting, facts.times),
        vital_signs=_vital_signs(at_the_monitor, facts),
        aftercare=draw_aftercare(chance, facts),
        quality_codes=draw_quality_codes(chance, facts),
        blood_loss_ml=int(facts.procedure.blood_loss_ml * (0.5 + chance.random())),
        crystalloid_ml=100 * chance.between(3, 8) + 10 * (facts.times.anesthesia_minutes // 5),
        hemoglobin_tenths=chance.between(98, 158),
        note=chance.one_of(_NOTES) if chance.happens(0.3) else None,
    )


def _vital_signs(at_the_monitor: Chance | None, facts: ClinicalFacts) -> tuple[Round, ...]:
    if at_the_monitor is None:
        return ()
    return draw_vital_signs(at_the_monitor, facts.technique, facts.patient, facts.times)
