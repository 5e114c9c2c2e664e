"""The measures for surgical centers as JSON: results, and the cases behind them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from app.domain.asc import Landing
from app.domain.asc_figures import CenterFigures
from app.domain.json_numbers import JsonNumber
from app.measures.asc.centers import Center
from app.measures.asc.definition import AscManual, NotDerivable, Reason, SentElsewhere
from app.measures.asc.figures_wire import MeasureFiguresBody
from app.measures.asc.results import CountedMeasure
from app.measures.asc.sampling import SamplePlan
from app.measures.catalogue.register import load_register
from app.measures.results.rates import to_places
from app.storage.figures.asc_store import AscCase

_RATE_PLACES: Final = 2
_ENTRY_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class AscReason(_Wire):
    """Why `cases` landed there; `assumed` says what in it is the registry's own reading."""

    landing: Landing
    reason: str
    meaning: str
    assumed: str | None
    cases: int


class AscSampling(_Wire):
    """The least sizes of a sample of the year's population, by the cases known here.

    `quarterly` and `monthly` are from the first of the year on.
    """

    population: int
    yearly: int
    quarterly: tuple[int, ...]
    monthly: tuple[int, ...]

    @classmethod
    def of(cls, plan: SamplePlan) -> Self:
        return cls(
            population=plan.population,
            yearly=plan.yearly,
            quarterly=plan.quarters,
            monthly=plan.months,
        )


class AscMeasureResult(_Wire):
    """What the cases sent here came to.

    `numerator` and the rates are null where case files cannot say them; `not_derivable` says why.
    `undetermined` cases are in the denominator, and nobody can say whether in the numerator:
    with such cases the rate is from `rate_at_least` to `rate_at_most`. `entered` is what the
    center told.
    """

    measure_id: str
    title: str
    better: str
    numerator_is: str
    denominator_is: str
    numerator: int | None
    denominator: int
    undetermined: int
    excluded: int
    rate: JsonNumber | None
    rate_at_least: JsonNumber | None
    rate_at_most: JsonNumber | None
    partial: bool
    partial_because: str | None
    voluntary: bool
    not_derivable: tuple[NotDerivable, ...]
    reasons: tuple[AscReason, ...]
    sampling: AscSampling | None
    entered: MeasureFiguresBody | None

    @classmethod
    def of(cls, counted: CountedMeasure, entered: CenterFigures | None) -> Self:
        measure, counts = counted.measure, counted.counts
        told = None if entered is None else entered.measures.get(measure.measure_id)
        return cls(
            measure_id=measure.measure_id,
            title=_title(measure.measure_id),
            better=measure.better,
            numerator_is=measure.numerator,
            denominator_is=measure.denominator,
            numerator=counted.numerator,
            denominator=counts.denominator,
            undetermined=counts.undetermined,
            excluded=counts.excluded,
            rate=_shown(counted.rate),
            rate_at_least=_shown(counted.rate_at_least),
            rate_at_most=_shown(counted.rate_at_most),
            partial=measure.partial is not None,
            partial_because=measure.partial,
            voluntary=measure.voluntary,
            not_derivable=measure.not_derivable,
            reasons=tuple(_reasons(counted)),
            sampling=None if counted.plan is None else AscSampling.of(counted.plan),
            entered=None if told is None else MeasureFiguresBody.model_validate(told),
        )


class AscCenterResult(_Wire):
    """`facility_entry_id` and `name` are null for a FacilityID that the roster has not.

    `cases_elsewhere`: cases of the FacilityID that name no LocationType, or another place; they
    count for no measure. `admissions` is what the center entered.
    """

    facility_id: str
    facility_entry_id: UUID | None
    name: str | None
    cases_elsewhere: int
    admissions: int | None
    figures_version: int
    measures: tuple[AscMeasureResult, ...]

    @classmethod
    def of(cls, center: Center) -> Self:
        entry, figures = center.entry, center.figures
        return cls(
            facility_id=center.facility_id,
            facility_entry_id=None if entry is None else entry.id,
            name=None if entry is None else entry.name,
            cases_elsewhere=center.cases_elsewhere,
            admissions=None if figures is None else figures.admissions,
            figures_version=0 if figures is None else figures.version,
            measures=tuple(AscMeasureResult.of(each, figures) for each in center.measures),
        )


class AscPaymentYear(_Wire):
    year: int
    assumed: str


_RESULTS_EXAMPLE: Final[JsonDict] = {
    "practice_id": "12345",
    "year": 2025,
    "quarter": None,
    "source": "CMS, ASCQR Specifications Manual v14.0 (encounters of 2025)",
    "assumed": "Which elements of a case file stand for the chart is our own reading",
    "payment_year": {"year": 2027, "assumed": "Two years after the encounters"},
    "as_of": "2026-01-20T10:00:00Z",
    "sampling_assumed": "The sizes are minimums",
    "centers": [
        {
            "facility_id": "12345-A2",
            "facility_entry_id": _ENTRY_ID,
            "name": "Northgate Day Surgery",
            "cases_elsewhere": 0,
            "admissions": 1240,
            "figures_version": 1,
            "measures": [
                {
                    "measure_id": "ASC-13",
                    "title": "Normothermia within 15 minutes of PACU arrival",
                    "better": "higher",
                    "numerator_is": "36.0 C or more within 15 minutes of PACU arrival",
                    "denominator_is": "General or neuraxial anesthesia of 60 minutes or more",
                    "numerator": 118,
                    "denominator": 131,
                    "undetermined": 0,
                    "excluded": 0,
                    "rate": 90.08,
                    "rate_at_least": 90.08,
                    "rate_at_most": 90.08,
                    "partial": False,
                    "partial_because": None,
                    "voluntary": False,
                    "not_derivable": [
                        {"what": "intended hypothermia", "why": "No element tells of it."}
                    ],
                    "reasons": [
                        {
                            "landing": "numerator",
                            "reason": "temperature:warm-in-time",
                            "meaning": "36.0 C or more, 0 to 15 minutes after PACU arrival",
                            "assumed": None,
                            "cases": 118,
                        }
                    ],
                    "sampling": {
                        "population": 131,
                        "yearly": 63,
                        "quarterly": [16, 16, 16, 16],
                        "monthly": [6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6],
                    },
                    "entered": None,
                }
            ],
        }
    ],
    "elsewhere": [{"measure_id": "ASC-20", "why": "It is about staff, and sent to NHSN."}],
}


class AscResults(_Wire):
    """`elsewhere` are the measures that case files say nothing of."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": _RESULTS_EXAMPLE})

    practice_id: str
    year: int
    quarter: int | None
    source: str
    assumed: str
    payment_year: AscPaymentYear
    as_of: datetime
    sampling_assumed: str
    centers: tuple[AscCenterResult, ...]
    elsewhere: tuple[SentElsewhere, ...]


class AscCaseBehind(_Wire):
    """A case behind a number, where it landed and why."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "example": {
                "case_id": _ENTRY_ID,
                "anesthesia_record_id": "A-0001",
                "facility_id": "12345-A2",
                "date_of_service": "2025-03-01",
                "measure_id": "ASC-13",
                "landing": "denominator_only",
                "reason": "temperature:below",
                "meaning": "Recorded in the 15 minutes, and each below 36.0 C",
                "assumed": None,
            }
        },
    )

    case_id: UUID
    anesthesia_record_id: str
    facility_id: str
    date_of_service: date
    measure_id: str
    landing: Landing
    reason: str
    meaning: str
    assumed: str | None

    @classmethod
    def of(cls, case: AscCase, manual: AscManual) -> Self:
        why = reason_of(manual, case.measure_id, case.reason)
        return cls(
            case_id=case.case_id,
            anesthesia_record_id=case.anesthesia_record_id,
            facility_id=case.facility_id,
            date_of_service=case.date_of_service,
            measure_id=case.measure_id,
            landing=case.landing,
            reason=case.reason,
            meaning=why.meaning,
            assumed=why.assumed,
        )


def reason_of(manual: AscManual, measure_id: str, reason: str) -> Reason:
    measure = manual.measure(measure_id)
    assert measure is not None, "outcomes are of measures of the manual"
    return measure.reasons[reason]


def _reasons(counted: CountedMeasure) -> list[AscReason]:
    return [
        AscReason(
            landing=each.landing,
            reason=each.reason,
            cases=each.cases,
            **counted.measure.reasons[each.reason].model_dump(),
        )
        for each in counted.reasons
    ]


def _title(measure_id: str) -> str:
    facts = load_register().known_as(measure_id)
    assert facts is not None, "the register has every measure of the manual"
    return facts.title or measure_id


def _shown(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else to_places(rate, _RATE_PLACES)
