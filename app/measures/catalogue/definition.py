"""An edition of a measure, and the lists and tables that its rules name.

Pydantic reads the TOML under `data/` into frozen models. What a measure is called, its type and
its years stand in the register; an edition holds its rules alone.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from app.measures.catalogue.rule_kinds import (
    DiagnosisInLists,
    DrugClassesGiven,
    FrozenData,
    ProcedureInLists,
    Reported,
    Rule,
    each_rule,
)
from app.measures.catalogue.terms import CodeRole, Confidence, code_token

SINGLE_RATE = ""
"""The stratum of a measure with one rate."""

CODE_REASON = "code:"
"""What the reason of a reported code begins with."""

OVERALL_STRATUM = "overall"
"""The stratum that alone is scored, of a measure with several. Source: CMS QPP measures data."""


class Recorded(FrozenData):
    """What the record itself says against a reported code; `assumed` as in `Criterion`."""

    meaning: str
    rule: Rule
    assumed: str | None = None


class MeasureCode(FrozenData):
    """A quality code of a measure.

    `part`: the rate that it answers, or one of several questions of one rate; "" answers all.
    `unless`: a code that outweighs this one when both are sent. `unless_recorded`: elements of the
    record that do. Both are for codes that decide eligibility and exclusion. `together_with`: a
    code without which this one says nothing.
    """

    code: str
    modifier: str | None = None
    role: CodeRole
    meaning: str
    confidence: Confidence
    part: str = ""
    unless: str | None = None
    unless_recorded: Recorded | None = None
    together_with: str | None = None

    @property
    def token(self) -> str:
        return code_token(self.code, self.modifier)

    @property
    def reason(self) -> str:
        return f"{CODE_REASON}{self.token}"


class Criterion(FrozenData):
    """A rule with the published reason it gives: when it fails (eligibility), else when it holds.

    `assumed` says what in the rule is our own reading. `contradicts`: of an answer that is derived,
    whether it speaks against a reported code that answers otherwise; one that concludes from what
    is not in the record does not. `contradicts_unless`: what of the record makes that doubtful.
    """

    reason: str = Field(pattern=r"^[a-z-]+:[A-Za-z0-9.-]+$")
    meaning: str
    rule: Rule
    assumed: str | None = None
    contradicts: bool = False
    contradicts_unless: Rule | None = None


class Criteria(FrozenData):
    """What decides where a case lands, beside the codes that are reported for it."""

    eligibility: tuple[Criterion, ...] = ()
    exclusions: tuple[Criterion, ...] = ()
    derived_met: tuple[Criterion, ...] = ()
    derived_not_met: tuple[Criterion, ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.eligibility + self.exclusions + self.derived_met + self.derived_not_met


class Rate(Criteria):
    """One rate of a measure with several: what it asks beyond what all of them ask.

    `part`: the letter that names it in the specification, and at its codes.
    """

    part: str
    stratum: str
    meaning: str


class OverallMethod(StrEnum):
    """How the rates of a measure become one. `POOLED`: over the cases of all of them."""

    MEAN_OF_RATES = "mean_of_rates"
    POOLED = "pooled"


class Overall(FrozenData):
    """A rate that no case lands in: it is worked out from the others."""

    stratum: str
    method: OverallMethod
    meaning: str
    assumed: str | None = None


class Precedence(StrEnum):
    """Which answer counts where a reported code and the record contradict each other."""

    REPORTED = "reported"
    RECORDED = "recorded"


class MeasureDefinition(Criteria):
    """One edition of a measure. Published editions never change; a change is a new edition.

    Codes that were reported are heard before the `derived_` rules, exceptions only where no
    `derived_met` contradicts them; with the precedence of what is recorded those that contradict
    codes are heard first. `rates` is empty for a measure with one rate.
    """

    edition: str
    measure_id: str
    source: str
    confidence: Confidence
    precedence: Precedence = Precedence.REPORTED
    assumed: tuple[str, ...] = ()
    codes: tuple[MeasureCode, ...]
    rates: tuple[Rate, ...] = ()
    overall: Overall | None = None

    @property
    def strata(self) -> tuple[str, ...]:
        """The strata that cases land in; "" alone for a measure with one rate."""
        return tuple(rate.stratum for rate in self.rates) or (SINGLE_RATE,)

    @property
    def all_criteria(self) -> tuple[Criterion, ...]:
        of_rates = (criterion for rate in self.rates for criterion in rate.criteria)
        return (*self.criteria, *of_rates)

    @property
    def rules(self) -> tuple[Rule, ...]:
        against = (code.unless_recorded.rule for code in self.codes if code.unless_recorded)
        deciding = (criterion.rule for criterion in self.all_criteria)
        return tuple(part for rule in (*against, *deciding) for part in each_rule(rule))

    @property
    def code_list_ids(self) -> tuple[str, ...]:
        named = (r.lists for r in self.rules if isinstance(r, ProcedureInLists | DiagnosisInLists))
        return tuple(dict.fromkeys(name for lists in named for name in lists))

    @property
    def drug_table_ids(self) -> tuple[str, ...]:
        named = (rule.table for rule in self.rules if isinstance(rule, DrugClassesGiven))
        return tuple(dict.fromkeys(named))

    def against(self, code: MeasureCode) -> str | None:
        """Return in words what in the record outweighs `code`."""
        if code.unless_recorded is not None:
            return code.unless_recorded.meaning
        if code.role is not CodeRole.DENOMINATOR_EXCEPTION:
            return None
        return "; ".join(met.meaning for met in self.derived_met if met.contradicts) or None

    def codes_of_part(self, rate: Rate | None) -> Iterator[MeasureCode]:
        """Yield the codes that speak of `rate`: all of them when the measure has one rate."""
        for code in self.codes:
            if rate is None or code.part in ("", rate.part):
                yield code

    @model_validator(mode="after")
    def _publishes_every_code_it_uses(self) -> Self:
        known = {code.token for code in self.codes}
        used = {c for rule in self.rules if isinstance(rule, Reported) for c in rule.codes}
        used |= {
            other for code in self.codes for other in (code.unless, code.together_with) if other
        }
        if unknown := used - known:
            raise ValueError(f"codes without a meaning: {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _has_a_rate_for_every_part(self) -> Self:
        parts = {rate.part for rate in self.rates}
        if parts and (strangers := {code.part for code in self.codes if code.part} - parts):
            raise ValueError(f"codes of a part without a rate: {', '.join(sorted(strangers))}")
        if self.overall is not None and self.overall.stratum in self.strata:
            raise ValueError("the overall rate is one that cases land in")
        return self


def _words(text: object) -> object:
    return text.split() if isinstance(text, str) else text


class CodeList(FrozenData):
    """`codes`: CPT or ICD-10-CM codes, written one after the other with spaces between."""

    list_id: str
    source: str
    confidence: Confidence
    note: str | None = None
    codes: Annotated[frozenset[str], BeforeValidator(_words)]


class DrugClass(FrozenData):
    """`drugs`: names in lower case; of a name with several words each must stand in the text."""

    name: str
    drugs: tuple[str, ...]
    confidence: Confidence


class DrugTable(FrozenData):
    table_id: str
    source: str
    confidence: Confidence
    note: str | None = None
    classes: tuple[DrugClass, ...]
