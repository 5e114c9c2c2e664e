"""Why a case landed where it did, as its page shows it: each step a question and its answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.populations import Population
from app.measures.evaluation.compiled import Stage
from app.measures.evaluation.explaining import AskedRule, ExplainedStep, Explanation


@dataclass(frozen=True, kw_only=True)
class ShownRule:
    """`elements` are what it looks at, by the names of a case file; `parts` those it is made of."""

    words: str
    elements: tuple[str, ...]
    holds: bool
    parts: tuple["ShownRule", ...]

    @classmethod
    def of(cls, asked: AskedRule) -> "ShownRule":
        return cls(
            words=_in_words(asked),
            elements=asked.elements,
            holds=asked.holds,
            parts=tuple(map(cls.of, asked.parts)),
        )


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    """`is_so` answers `asks`; if it is so, the case lands in `leads_to`."""

    asks: str
    is_so: bool
    leads_to: str
    decided: bool
    code: str | None
    assumed: str | None
    rule: ShownRule | None

    @classmethod
    def of(cls, step: ExplainedStep) -> "ShownStep":
        return cls(
            asks=step.meaning,
            is_so=step.holds is not (step.stage is Stage.ELIGIBILITY),
            leads_to=step.leads_to.value.replace("_", " "),
            decided=step.decided,
            code=None if step.code is None else step.code.token,
            assumed=step.assumed,
            rule=None if step.rule is None else ShownRule.of(step.rule),
        )


@dataclass(frozen=True, kw_only=True)
class ShownPlace:
    """Where the case landed in a rate; the last of `steps` decided."""

    anchor: str
    measure_id: str
    stratum: str
    title: str
    population: str
    steps: tuple[ShownStep, ...]

    @classmethod
    def of(cls, found: Explanation) -> "ShownPlace":
        measure_id = found.measure.measure_id
        return cls(
            anchor=f"{measure_id}-{found.stratum}" if found.stratum else measure_id,
            measure_id=measure_id,
            stratum=found.stratum,
            title=found.measure.facts.title or "",
            population=found.population.value.replace("_", " "),
            steps=tuple(map(ShownStep.of, found.steps)),
        )

    @property
    def decisive(self) -> ShownStep:
        return self.steps[-1]


@dataclass(frozen=True, kw_only=True)
class ShownReasons:
    """`inside`: the rates that the case is eligible for."""

    inside: tuple[ShownPlace, ...]
    outside: tuple[ShownPlace, ...]

    @classmethod
    def of(cls, explanations: Iterable[Explanation]) -> "ShownReasons":
        found = tuple(explanations)
        return cls(
            inside=tuple(ShownPlace.of(each) for each in found if not _is_outside(each)),
            outside=tuple(ShownPlace.of(each) for each in found if _is_outside(each)),
        )


def _is_outside(found: Explanation) -> bool:
    return found.population is Population.NOT_ELIGIBLE


def _in_words(asked: AskedRule) -> str:
    """As the edition has the rule: "age between (min years 3, max years 17)"."""
    kind = asked.kind.replace("_", " ")
    told = ", ".join(f"{name.replace('_', ' ')} {_told(it)}" for name, it in asked.asked.items())
    return f"{kind} ({told})" if told else kind


def _told(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
