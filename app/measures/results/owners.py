"""Whose a measure is, as the question sees it whether its results may be sent."""

from app.measures.catalogue.registered import MeasureGroup, RegisteredMeasure
from app.reporting.submittability import MeasureOwner


def owner_of(facts: RegisteredMeasure) -> MeasureOwner:
    if facts.group in (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE):
        return MeasureOwner.MIPS
    return MeasureOwner.QCDR if facts.is_of_a_qcdr else MeasureOwner.OTHER
