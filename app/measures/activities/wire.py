"""Improvement activities as JSON: known, attested, and how far a practice is."""

from datetime import date, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from app.domain.attestations import Attestation
from app.domain.json_numbers import JsonNumber
from app.measures.activities.crediting import CreditedActivity, Standing
from app.measures.activities.inventory import Activity, Inventory, Weight
from app.measures.activities.progress import EntityProgress
from app.measures.catalogue.terms import Confidence
from app.measures.results.rates import to_places
from app.measures.scoring.year_scoring import ActivityRules, ScoringRules
from app.measures.scoring_wire import StepOut
from app.measures.wire import PracticeSizeOut
from app.roster.wire_fields import NpiText, TinText, Year

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f31"
_REMARK: Final = "Its text, and whether CMS offers it in this year, stand in the inventory of CMS."
_ASKED: Final[JsonDict] = {
    "performance_year": 2024,
    "activity_id": "IA_PSPA_7",
    "tin": "891234567",
    "starts_on": "2024-01-15",
    "ends_on": "2024-05-15",
    "clinicians": 22,
}


class ActivityOut(BaseModel):
    """An activity of CMS. `title` is in our own words; the full text is not kept here.

    `weight` is null since 2025, when all count alike. `counts_for`: points, or activities since
    2025, before small practices count more. `mvps`: those whose list of the year has it; null when
    the list of the year is not known.
    """

    id: str
    title: str
    title_mark: Confidence
    weight: Weight | None
    weight_mark: Confidence
    counts_for: JsonNumber
    gives_full_credit: bool
    suggested_for_anesthesia: bool
    mvps: tuple[str, ...] | None
    remark: str

    @classmethod
    def of(
        cls, activity_id: str, activity: Activity, inventory: Inventory, rules: ScoringRules
    ) -> Self:
        year, of_activities = rules.performance_year, rules.improvement_activities
        counts_for = activity.counts_for(of_activities)
        in_mvps = {mvp: inventory.is_in_mvp(activity_id, mvp, year) for mvp in rules.mvps}
        is_weighted = of_activities.unit == "points"
        return cls(
            id=activity_id,
            title=activity.title,
            title_mark=activity.title_confidence,
            weight=activity.weight if is_weighted else None,
            weight_mark=activity.weight_confidence if is_weighted else counts_for.confidence,
            counts_for=counts_for.value,
            gives_full_credit=activity_id in of_activities.full_credit.activities,
            suggested_for_anesthesia=year in activity.suggested,
            mvps=None
            if None in in_mvps.values()
            else tuple(mvp for mvp, is_in in in_mvps.items() if is_in),
            remark=_REMARK,
        )


class ActivityNeeds(BaseModel):
    """What the category asks for. `needed_in_an_mvp` is null in years without MVPs."""

    unit: str = Field(description="`points` until 2024, `activities` since 2025.")
    needed: JsonNumber
    needed_in_an_mvp: JsonNumber | None
    small_practice_factor: JsonNumber
    least_days: JsonNumber
    group_percent: JsonNumber
    mark: Confidence

    @classmethod
    def of(cls, rules: ActivityRules) -> Self:
        in_mvp = rules.needed_in_an_mvp
        return cls(
            unit=rules.unit,
            needed=rules.needed.value,
            needed_in_an_mvp=None if in_mvp is None else in_mvp.value,
            small_practice_factor=rules.small_practice_factor.value,
            least_days=rules.least_days.value,
            group_percent=rules.group_percent.value,
            mark=rules.needed.confidence,
        )


class ActivityList(BaseModel):
    performance_year: int
    source: str
    needs: ActivityNeeds
    items: tuple[ActivityOut, ...]
    next_cursor: None = None

    @classmethod
    def of(cls, inventory: Inventory, rules: ScoringRules) -> Self:
        return cls(
            performance_year=rules.performance_year,
            source=inventory.source,
            needs=ActivityNeeds.of(rules.improvement_activities),
            items=tuple(
                ActivityOut.of(activity_id, activity, inventory, rules)
                for activity_id, activity in inventory.activities.items()
            ),
        )


class AttestationRequest(BaseModel):
    """An activity of a group (TIN), of a clinician (TIN and NPI) or of a subgroup of the TIN."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASKED})

    performance_year: Year
    activity_id: Annotated[str, StringConstraints(pattern=r"^IA_[A-Z]{2,5}(_[0-9]{1,3})?$")]
    tin: TinText
    npi: NpiText | None = None
    subgroup_id: UUID | None = None
    starts_on: date
    ends_on: date | None = Field(default=None, description="Left out while it goes on.")
    clinicians: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Of a group or subgroup: how many did it in the same 90 days.",
    )


class AttestationOut(BaseModel):
    """`attested_by`: who made the last change, and their label at that time."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": _ID,
                "version": 1,
                **_ASKED,
                "npi": None,
                "subgroup_id": None,
                "attested_at": "2024-05-20T10:00:00Z",
                "attested_by": "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f25",
                "attested_by_label": "Quality office",
            }
        },
    )

    id: UUID
    version: int
    performance_year: int
    activity_id: str
    tin: str
    npi: str | None
    subgroup_id: UUID | None
    starts_on: date
    ends_on: date | None
    clinicians: int | None
    attested_at: datetime
    attested_by: UUID
    attested_by_label: str | None

    @classmethod
    def of(cls, attestation: Attestation) -> Self:
        return cls.model_validate(attestation)


class ActivityProgress(BaseModel):
    """`credit`: in the unit of the year, 0 until it counts. `standing`: what it lacks."""

    attestation_id: UUID
    activity_id: str
    title: str
    starts_on: date
    ends_on: date | None
    days_so_far: int
    days_needed: JsonNumber
    clinicians: int | None
    clinicians_needed: int | None
    standing: Standing
    credit: JsonNumber

    @classmethod
    def of(cls, credited: CreditedActivity, rules: ActivityRules) -> Self:
        attestation = credited.attestation
        return cls(
            attestation_id=attestation.id,
            activity_id=attestation.activity_id,
            title=credited.activity.title,
            starts_on=attestation.starts_on,
            ends_on=attestation.ends_on,
            days_so_far=credited.days_so_far,
            days_needed=rules.least_days.value,
            clinicians=attestation.clinicians,
            clinicians_needed=credited.clinicians_needed,
            standing=credited.standing,
            credit=credited.credit,
        )


class EntityProgressOut(BaseModel):
    """Of a TIN, a TIN and NPI, or a subgroup of a TIN."""

    tin: str
    npi: str | None
    subgroup_id: UUID | None
    practice_size: PracticeSizeOut
    needed: JsonNumber
    earned: JsonNumber
    percent: JsonNumber
    attested: tuple[ActivityProgress, ...]
    steps: tuple[StepOut, ...]

    @classmethod
    def of(cls, progress: EntityProgress, rules: ActivityRules) -> Self:
        tin, npi, subgroup_id = progress.entity
        credit = progress.credit
        return cls(
            tin=tin,
            npi=npi,
            subgroup_id=subgroup_id,
            practice_size=PracticeSizeOut.of(progress.size),
            needed=credit.needed,
            earned=credit.earned,
            percent=to_places(credit.percent, 4),
            attested=tuple(ActivityProgress.of(each, rules) for each in credit.activities),
            steps=tuple(map(StepOut.of, credit.steps)),
        )


class ActivitiesProgress(BaseModel):
    """Every TIN of the practice as a group, and whoever has attested besides."""

    practice_id: str
    performance_year: int
    program: str
    needs: ActivityNeeds
    entities: tuple[EntityProgressOut, ...]
