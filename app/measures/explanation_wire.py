"""Why a case landed where it did in each measure, as JSON."""

from collections.abc import Iterable
from typing import Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.domain.populations import Population
from app.measures.catalogue.definition import Precedence
from app.measures.evaluation.compiled import Stage
from app.measures.evaluation.explaining import AskedRule, ExplainedStep, Explanation


class RuleOut(BaseModel):
    """A rule and what it came to. What the record holds in the elements is not told."""

    kind: str = Field(description="As in the rules of the measure.")
    elements: tuple[str, ...] = Field(description="What it looks at, by the names of a case file.")
    asked: dict[str, Any] = Field(description="What the value has to be: bounds, lists, classes.")
    holds: bool
    parts: tuple["RuleOut", ...] = Field(description="Of a combination, in their order.")

    @classmethod
    def of(cls, asked: AskedRule) -> Self:
        return cls(
            kind=asked.kind,
            elements=asked.elements,
            asked=dict(asked.asked),
            holds=asked.holds,
            parts=tuple(cls.of(part) for part in asked.parts),
        )


class StepOut(BaseModel):
    """A step on the way of the case.

    A requirement (`eligibility`) leads outside when it does not hold, any other step where
    `leads_to` says when it does. `code` of a reported quality code, `rule` of anything else.
    `assumed` says what in the step is our own reading.
    """

    stage: Stage
    reason: str
    meaning: str
    holds: bool
    leads_to: Population
    decided: bool
    assumed: str | None
    code: str | None
    rule: RuleOut | None

    @classmethod
    def of(cls, step: ExplainedStep) -> Self:
        return cls(
            stage=step.stage,
            reason=step.reason,
            meaning=step.meaning,
            holds=step.holds,
            leads_to=step.leads_to,
            decided=step.decided,
            assumed=step.assumed,
            code=None if step.code is None else step.code.token,
            rule=None if step.rule is None else RuleOut.of(step.rule),
        )


class ExplainedMeasure(BaseModel):
    """One place in each rate: `population`, the step that decided, and those before it."""

    measure_id: str
    stratum: str | None
    title: str
    edition: str
    precedence: Precedence = Field(
        description="Which answer counts where a reported code and the record contradict."
    )
    population: Population
    reason: str
    steps: tuple[StepOut, ...]

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        measure = explanation.measure
        return cls(
            measure_id=measure.measure_id,
            stratum=explanation.stratum or None,
            title=measure.facts.title,
            edition=measure.definition.edition,
            precedence=measure.definition.precedence,
            population=explanation.population,
            reason=explanation.reason,
            steps=tuple(StepOut.of(step) for step in explanation.steps),
        )


_EXAMPLE: Final[JsonDict] = {
    "case_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
    "performance_year": 2024,
    "measures": [
        {
            "measure_id": "424",
            "stratum": None,
            "title": "Perioperative Temperature Management",
            "edition": "424-2",
            "precedence": "reported",
            "population": "performance_met",
            "reason": "code:G9771",
            "steps": [
                {
                    "stage": "eligibility",
                    "reason": "not-eligible:cpt",
                    "meaning": "No CPT code of the measure",
                    "holds": True,
                    "leads_to": "not_eligible",
                    "decided": False,
                    "assumed": None,
                    "code": None,
                    "rule": {
                        "kind": "procedure_in_lists",
                        "elements": ["CPTSet", "CPTAnesSet"],
                        "asked": {"lists": ["anes_cpt_424", "anes_cpt_spine_2022"]},
                        "holds": True,
                        "parts": [],
                    },
                },
                {
                    "stage": "reported_code",
                    "reason": "code:G9771",
                    "meaning": "A temperature of 35.5 C (95.9 F) or more was kept",
                    "holds": True,
                    "leads_to": "performance_met",
                    "decided": True,
                    "assumed": None,
                    "code": "G9771",
                    "rule": None,
                },
            ],
        }
    ],
}


class ExplainedCase(BaseModel):
    """Every measure of the year that has results, those that the case is outside of among them."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    case_id: UUID
    performance_year: int
    measures: tuple[ExplainedMeasure, ...]

    @classmethod
    def of(cls, case_id: UUID, year: int, explanations: Iterable[Explanation]) -> Self:
        return cls(
            case_id=case_id,
            performance_year=year,
            measures=tuple(ExplainedMeasure.of(each) for each in explanations),
        )
