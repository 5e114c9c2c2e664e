"""How many measures the quality category asks for."""

from collections.abc import Sequence

from app.measures.scoring.inputs import ScoreInputs
from app.measures.scoring.measured import Measured
from app.measures.scoring.standing import Kinds, Standing
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import Category, MvpRules, QualityRules, ScoringRules


def required_in_mvp(mvp: MvpRules) -> int:
    return int(mvp.required_measures.value)


def required_in_mips(kinds: Kinds, rules: QualityRules) -> int:
    """Six, or as many of the specialty's set as apply where these are fewer.

    A measure of the set applies when the entity has cases that it is about. The set relieves
    only those who report nothing else, and no measure of a QCDR.
    """
    asked = int(rules.required_measures.value)
    return kinds.of_set if _may_relieve(kinds, asked) and not kinds.outside_set else asked


def _may_relieve(kinds: Kinds, asked: int) -> bool:
    return 0 < kinds.of_set < asked


def required_steps(
    standing: Standing, rules: ScoringRules, inputs: ScoreInputs
) -> tuple[Step, ...]:
    if inputs.is_mvp:
        return _mvp_steps(rules.mvps[inputs.program])
    return (_mips_step(rules), *_set_steps(standing, rules.quality))


def _mips_step(rules: ScoringRules) -> Step:
    return Step.by(
        rules.quality.required_measures,
        "quality.required_measures",
        "Measures that traditional MIPS asks for",
        category=Category.QUALITY,
        result=rules.quality.required_measures.value,
    )


def _set_steps(standing: Standing, rules: QualityRules) -> tuple[Step, ...]:
    """None where the set asks for no fewer measures."""
    if not _may_relieve(standing.kinds, int(rules.required_measures.value)):
        return ()
    others = [each for each in standing.measures if Kinds.of(each).outside_set]
    of_set = [each for each in standing.measures if Kinds.of(each).of_set]
    return (_no_relief(others, rules),) if others else _relief(of_set, rules)


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
