"""Estimated scores for those who may see the results of a practice."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from app.access.dependencies import Caller, Work, require_registered
from app.access.rights import Right, require_practice
from app.measures.dependencies import AskedWhose, Measures, reach_of
from app.measures.scoring.inputs import TRADITIONAL_MIPS, MeasuresSent, ScoreInputs
from app.measures.scoring_service import ScoreQuestion, practice_scores
from app.measures.scoring_wire import MeasureScores
from app.web.dependencies import Today

router = APIRouter(prefix="/v1/measures", tags=["measures"])

_Percent = Annotated[Decimal | None, Query(ge=0, le=100)]
_UpToTen = Annotated[Decimal, Query(ge=0, le=10)]


async def _inputs(
    program: Annotated[str, Query(description="`mips`, or the id of an MVP such as `G0059`.")] = (
        TRADITIONAL_MIPS
    ),
    collection: Annotated[
        MeasuresSent,
        Query(description="`mips_cqm`: as a qualified registry sends, without QCDR measures."),
    ] = MeasuresSent.ALL,
    improvement_percent: _UpToTen = Decimal(0),
    population_health_points: Annotated[Decimal | None, Query(ge=0, le=10)] = None,
    pi_percent: _Percent = None,
    cost_percent: _Percent = None,
    ia_reweighted: bool = False,
    complex_patient_bonus: _UpToTen = Decimal(0),
) -> ScoreInputs:
    return ScoreInputs(
        program=program,
        sent=collection,
        improvement_percent=improvement_percent,
        population_health_points=population_health_points,
        promoting_interoperability_percent=pi_percent,
        cost_percent=cost_percent,
        activities_reweighted=ia_reweighted,
        complex_patient_bonus=complex_patient_bonus,
    )


async def _question(
    whose: AskedWhose,
    inputs: Annotated[ScoreInputs, Depends(_inputs)],
    ia_percent: Annotated[
        Decimal | None, Query(ge=0, le=100, description="Instead of what is attested.")
    ] = None,
    small_practice: Annotated[
        bool | None, Query(description="As CMS says, instead of what the roster says.")
    ] = None,
    non_patient_facing: bool = False,
    include: Annotated[
        Literal["steps"] | None, Query(description="What is told besides of each of several.")
    ] = None,
) -> ScoreQuestion:
    return ScoreQuestion(
        results=whose,
        inputs=inputs,
        activities_percent=ia_percent,
        small_practice=small_practice,
        non_patient_facing=non_patient_facing,
        with_steps=include == "steps",
    )


@router.get("/scores", summary="Read scores")
def read_scores(
    caller: Caller,
    open_work: Work,
    catalogue: Measures,
    day: Today,
    whose: AskedWhose,
    question: Annotated[ScoreQuestion, Depends(_question)],
) -> MeasureScores:
    """The estimated score of a practice by TIN (`group`), TIN and NPI, or group of its roster.

    Of one TIN, clinician or group every step is told with the rule, its mark and its source, and
    what one more measure, more answers or a better rate would bring; of several, but for
    clinicians, when you ask for it. Cost and promoting interoperability are not known here:
    they count as reweighted until their percents are told. A subgroup reports an MVP, so it has
    to be named; what of its score is that of its whole TIN is told too. Of a virtual group the
    activities are told. It is an estimate; CMS decides.
    """
    require_practice(caller, Right.SEE_FIGURES, whose.practice)
    require_registered(open_work, whose.practice)
    with open_work() as work:
        return practice_scores(
            question,
            reaches=reach_of(caller),
            sandbox=caller.sandbox,
            day=day,
            catalogue=catalogue,
            work=work,
        )
