"""How many measures the quality category asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.scoring.measured import Measured
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, MvpRules, QualityRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    measures: int
    steps: tuple[Step, ...]


def required_in_mvp(mvp: MvpRules) -> Required:
    needed = mvp.required_measures
    step = Step.by(
        needed,
        "quality.required_measures",
        "Measures that the MVP asks for",
        category=Category.QUALITY,
        result=needed.value,
    )
    of_mvp = Step.by(
        mvp.measures,
        "quality.mvp_measures",
        "Only measures that the MVP has in this year are looked at",
        category=Category.QUALITY,
    )
    return Required(measures=int(needed.value), steps=(of_mvp, step))


def required_in_mips(measures: Sequence[Measured], rules: QualityRules) -> Required:
    """Six, or as many of the specialty's set as apply where these are fewer.

    A measure of the set applies when the entity has cases that it is about. The set relieves
    only those who report nothing else, and no measure of a QCDR.
    """
    of_set = [each for each in measures if each.facts.in_specialty_set and each.applies]
    asked = int(rules.required_measures.value)
    six = Step.by(
        rules.required_measures,
        "quality.required_measures",
        "Measures that traditional MIPS asks for",
        category=Category.QUALITY,
        result=rules.required_measures.value,
    )
    if not 0 < len(of_set) < asked:
        return Required(measures=asked, steps=(six,))
    others = [each for each in measures if each.is_reported and not each.facts.in_specialty_set]
    if others:
        return Required(measures=asked, steps=(six, _no_relief(others, rules)))
    return Required(measures=len(of_set), steps=(six, *_relief(of_set, rules)))


def _no_relief(others: Sequence[Measured], rules: QualityRules) -> Step:
    ids = ", ".join(sorted(each.measure_id for each in others))
    is_of_qcdr = any(each.facts.is_of_a_qcdr for each in others)
    known = rules.specialty_set
    return Step.by(
        known.not_with_qcdr_measures if is_of_qcdr else known.applies,
        "quality.no_specialty_set",
        f"The anesthesiology set does not relieve who reports other measures: {ids}",
        category=Category.QUALITY,
    )


def _relief(of_set: Sequence[Measured], rules: QualityRules) -> tuple[Step, Step]:
    ids = ", ".join(sorted(each.measure_id for each in of_set))
    cluster = ", ".join(rules.specialty_set.cluster)
    return (
        Step.by(
            rules.specialty_set.applies,
            "quality.specialty_set_applies",
            f"Measures of the anesthesiology set with cases here: {ids}. CMS judges by its"
            f" cluster: {cluster}",
            category=Category.QUALITY,
            measures=len(of_set),
        ),
        Step.by(
            rules.specialty_set.relief,
            "quality.specialty_set",
            "Fewer measures of the set apply, so these are all that is asked for",
            category=Category.QUALITY,
            required=len(of_set),
        ),
    )
