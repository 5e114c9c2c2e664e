"""One case and the measures for surgical centers: where it lands, given what its chart says."""

from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.access.dependencies import Caller, Work
from app.access.rights import Right, require
from app.domain.asc import AscOutcome, Landing
from app.domain.audit import AuditAction
from app.intake.stored_records import decode_stored
from app.intake.visible_cases import record_reading, visible_case
from app.measures.asc.chart import Chart
from app.measures.asc.deciding import asc_decisions
from app.measures.asc.definition import AscManual, Reason
from app.measures.asc.manuals import manual_for
from app.web.json_bodies import described_body, json_body
from app.xsd.parsing import PieceParser

router = APIRouter(prefix="/v1/cases", tags=["surgical centers"])


class ChartBody(BaseModel):
    """What an abstractor read in the chart; what is left out was not looked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"follow_up_interval": "10 years", "medical_reason": False}},
    )

    follow_up_interval: str | None = Field(
        default=None, max_length=200, description="As in the final colonoscopy report."
    )
    medical_reason: bool = Field(
        default=False, description="A medical reason for less than 10 years is documented."
    )
    no_follow_up_needed: bool = Field(
        default=False, description="That no follow-up is needed or recommended is documented."
    )
    life_expectancy_under_10_years: bool = Field(default=False, description="Documented so.")
    both_surveys_completed: bool | None = Field(
        default=None, description="Of visual function, before and after cataract surgery."
    )
    sight_improved: bool | None = None
    unplanned_vitrectomy: bool | None = Field(
        default=None, description="An anterior vitrectomy that was not scheduled at admission."
    )
    hypothermia_documented_by: str | None = Field(
        default=None,
        max_length=100,
        description="Who documented that hypothermia was intended: physician, advance practice"
        " nurse, physician assistant. Of anybody else it does not count.",
    )


class AscDecision(BaseModel):
    """Where the case lands in one measure and why; `assumed` is the registry's own reading."""

    measure_id: str
    landing: Landing
    reason: str
    meaning: str
    assumed: str | None

    @classmethod
    def of(cls, outcome: AscOutcome, manual: AscManual) -> Self:
        measure = manual.measure(outcome.measure_id)
        assert measure is not None, "decisions are of measures of the manual"
        why = measure.reasons.get(outcome.reason, _AT_NO_CENTER)
        return cls(
            measure_id=outcome.measure_id,
            landing=outcome.landing,
            reason=outcome.reason,
            meaning=why.meaning,
            assumed=why.assumed,
        )


class AscDecisions(BaseModel):
    """`source` is null, and there are no decisions, for a year that no manual is known for."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "case_id": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23",
                "year": 2025,
                "source": "CMS, ASCQR Specifications Manual v14.0 (encounters of 2025)",
                "decisions": [
                    {
                        "measure_id": "ASC-9",
                        "landing": "numerator",
                        "reason": "interval:long-enough",
                        "meaning": "The report recommends 10 years or more",
                        "assumed": None,
                    }
                ],
            }
        }
    )

    case_id: UUID
    year: int
    source: str | None
    decisions: list[AscDecision]


_AT_NO_CENTER: Final = Reason(meaning="LocationType is not 24, ambulatory surgical center")


@router.post("/{case_id}/asc-measures", openapi_extra=described_body(ChartBody))
def decide_for_case(
    case_id: UUID,
    caller: Caller,
    open_work: Work,
    asked: Annotated[ChartBody, Depends(json_body(ChartBody))],
) -> AscDecisions:
    """Where a case lands in each measure for surgical centers, if its chart says this.

    For abstracting a sample: nothing of it is stored. With `{}` it is what results count.
    """
    require(caller, Right.SEE_CASES)
    with open_work() as work:
        stored = visible_case(work.cases.get(case_id), caller)
        case = decode_stored(work.cases.record_as_received(stored), PieceParser({}))
        record_reading(AuditAction.CASE_READ, stored, caller, work)
        work.commit()
    manual = manual_for(case.performance_year)
    found = [] if manual is None else asc_decisions(case, manual, Chart(**asked.model_dump()))
    return AscDecisions(
        case_id=case_id,
        year=case.performance_year,
        source=None if manual is None else manual.source,
        decisions=[AscDecision.of(outcome, manual) for outcome in found if manual is not None],
    )
