"""How many measures the quality category asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, MvpRules, QualityRules, ScoringRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """How many measures are asked for.

    `of_set`: the measures of the specialty's set that apply, where traditional MIPS asks for more.
    `others`: reported ones outside of the set, with which it brings no relief.
    """

    measures: int
    of_set: tuple[Measured, ...] = ()
    others: tuple[Measured, ...] = ()


def required_in_mvp(mvp: MvpRules) -> Required:
    return Required(measures=int(mvp.required_measures.value))


def required_in_mips(measures: Sequence[Measured], rules: QualityRules) -> Required:
    """Six, or as many of the specialty's set as apply where these are fewer.

    A measure of the set applies when the entity has cases that it is about. The set relieves
    only those who report nothing else, and no measure of a QCDR.
    """
    asked = int(rules.required_measures.value)
    of_set = tuple(each for each in measures if each.facts.in_specialty_set and each.applies)
    if not 0 < len(of_set) < asked:
        return Required(measures=asked)
    others = tuple(
        each for each in measures if each.is_reported and not each.facts.in_specialty_set
    )
    return Required(measures=asked if others else len(of_set), of_set=of_set, others=others)


def required_steps(
    required: Required, rules: ScoringRules, inputs: ScoreInputs
) -> tuple[Step, ...]:
    if inputs.is_mvp:
        return _mvp_steps(rules.mvps[inputs.program])
    six = Step.by(
        rules.quality.required_measures,
        "quality.required_measures",
        "Measures that traditional MIPS asks for",
        category=Category.QUALITY,
        result=rules.quality.required_measures.value,
    )
    if required.others:
        return (six, _no_relief(required.others, rules.quality))
    return (six, *_relief(required.of_set, rules.quality)) if required.of_set else (six,)


def _mvp_steps(mvp: MvpRules) -> tuple[Step, Step]:
    of_mvp = Step.by(
        mvp.measures,
        "quality.mvp_measures",
        "Only measures that the MVP has in this year are looked at",
        category=Category.QUALITY,
    )
    asked = Step.by(
        mvp.required_measures,
        "quality.required_measures",
        "Measures that the MVP asks for",
        category=Category.QUALITY,
        result=mvp.required_measures.value,
    )
    return of_mvp, asked


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
