"""The manual of a year: its measures as pydantic reads them from data/asc/, told apart by `kind`.

What a missing value comes to is said where each kind is decided.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.domain.asc import Landing
from app.measures.catalogue.rule_kinds import FrozenData


class Reason(FrozenData):
    """Why a case landed where it did; `assumed` says what in it is our own reading."""

    meaning: str
    assumed: str | None = None


class NotDerivable(FrozenData):
    """What the case files cannot say, and why."""

    what: str
    why: str


class AscMeasure(FrozenData):
    """What every measure has.

    `partial` says why the registry knows only part of the denominator. `numerator_from_files`:
    whether case files say who is in the numerator at all. `numerator` and `denominator` are in
    words.
    """

    measure_id: str
    better: Literal["higher", "lower"]
    numerator: str
    denominator: str
    sampled: bool = False
    voluntary: bool = False
    numerator_from_files: bool = True
    partial: str | None = None
    not_derivable: tuple[NotDerivable, ...] = ()
    reasons: dict[str, Reason]

    @property
    def key(self) -> str:
        """Its name in the columns of the upload file: ASC_13."""
        return self.measure_id.replace("-", "_")


class EventMeasure(AscMeasure):
    """ASC-1 to 4: an event, by an outcome that occurred, a reported code, or a discharge.

    `doubtful_outcomes` may be the event or not. `within_the_visit`: one of 24 hours or more
    afterwards does not count.
    """

    kind: Literal["event"]
    outcomes: frozenset[int]
    doubtful_outcomes: frozenset[int] = frozenset()
    codes: frozenset[str]
    discharges: frozenset[str] = frozenset()
    within_the_visit: bool


class Ages(FrozenData):
    """Whole years on the date of service, both bounds inclusive."""

    min: int
    max: int


class ColonoscopyMeasure(AscMeasure):
    """ASC-9. `diagnoses_none` keep a case out with any longer code that begins with one."""

    kind: Literal["colonoscopy"]
    age: Ages
    procedures: frozenset[str]
    modifiers_none: frozenset[str]
    procedures_none: frozenset[str]
    diagnosis: str
    diagnoses_none: tuple[str, ...]
    interval_years: int
    no_follow_up_from_age: int


class SurveyCodes(FrozenData):
    improved: str
    not_improved: str
    survey_missing: str


class VisualFunctionMeasure(AscMeasure):
    """ASC-11. Surgery of the last `days_before_year_end` days is out."""

    kind: Literal["visual_function"]
    min_age: int
    procedures: frozenset[str]
    modifiers_none: frozenset[str]
    days_before_year_end: int
    codes: SurveyCodes


class VitrectomyMeasure(AscMeasure):
    """ASC-14."""

    kind: Literal["vitrectomy"]
    procedures: frozenset[str]
    vitrectomies: frozenset[str]


class NormothermiaMeasure(AscMeasure):
    """ASC-13. A reading without a unit is Fahrenheit from `unitless_fahrenheit_from` on."""

    kind: Literal["normothermia"]
    categories: frozenset[str]
    minutes_at_least: int
    minutes_after_arrival: int
    celsius_at_least: Decimal
    fahrenheit_at_least: Decimal
    unitless_fahrenheit_from: Decimal
    hypothermia_documented_by: frozenset[str]


AnyMeasure = Annotated[
    EventMeasure
    | ColonoscopyMeasure
    | VisualFunctionMeasure
    | VitrectomyMeasure
    | NormothermiaMeasure,
    Field(discriminator="kind"),
]


class SentElsewhere(FrozenData):
    measure_id: str
    why: str


class PaymentYear(FrozenData):
    year: int
    assumed: str


class SampleStep(FrozenData):
    """Least sizes of a sample for populations up to `population_at_most`; None: for any."""

    population_at_most: int | None = None
    yearly: int
    quarterly: int
    monthly: int


class FrequencyMeanings(FrozenData):
    """The codes of the sampling frequency that rules are about."""

    not_required: int
    not_sampled: int


class SamplingTable(FrozenData):
    """`fewer_than`: of a smaller population every case is required."""

    fewer_than: int
    steps: tuple[SampleStep, ...]
    frequencies: dict[int, str]
    meaning: FrequencyMeanings
    assumed: str


class AscManual(FrozenData):
    """The measures for the encounters of one calendar year; `assumed` holds for all of them."""

    year: int
    source: str
    assumed: str
    place_of_service: int
    payment_year: PaymentYear
    sampling: SamplingTable
    measures: tuple[AnyMeasure, ...]
    elsewhere: tuple[SentElsewhere, ...]

    def measure(self, measure_id: str) -> AscMeasure | None:
        """Return a measure that case files say something about, or None."""
        return next((m for m in self.measures if m.measure_id == measure_id), None)

    @model_validator(mode="after")
    def _names_each_measure_once(self) -> Self:
        ids = [each.measure_id for each in (*self.measures, *self.elsewhere)]
        if len(set(ids)) < len(ids):
            raise ValueError("a measure stands twice")
        return self


IN_DENOMINATOR = frozenset({Landing.NUMERATOR, Landing.DENOMINATOR_ONLY, Landing.UNDETERMINED})
