"""What of an entity's results and activities goes into its document, and why the rest does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.cms import CmsCategory, CmsEntity, LeftOut
from app.domain.reporting import ReportingLevel
from app.exports.cms.cms_year import CmsYear
from app.exports.cms.values import RatesByStratum, performance_rate
from app.measures.activities.crediting import Standing as ActivityStanding
from app.measures.catalogue.registered import RegisteredMeasure
from app.measures.results.owners import owner_of
from app.reporting.submittability import MeasureOwner, NotSubmittable, Standing, reasons_against


class LeftOutReason(StrEnum):
    """Published words, besides those of NotSubmittable and of activities that do not count."""

    NO_RESULT = "no_result"
    GROUP_NOT_CONFIRMED = "group_not_confirmed"
    NO_ELIGIBLE_CASE = "no_eligible_case"
    NOTHING_REPORTED = "nothing_reported"
    NO_PERFORMANCE_RATE = "no_performance_rate"
    NOT_IN_THE_MVP = "not_in_the_mvp"
    NO_VENDOR_ID = "no_vendor_id"


MEANINGS: Final[Mapping[str, str]] = {
    LeftOutReason.NO_RESULT: "The registry works out no result of it.",
    LeftOutReason.GROUP_NOT_CONFIRMED: "The registry has not confirmed the virtual group.",
    LeftOutReason.NO_ELIGIBLE_CASE: "No case is eligible.",
    LeftOutReason.NOTHING_REPORTED: "No eligible case has an answer.",
    LeftOutReason.NO_PERFORMANCE_RATE: "A measure of a QCDR needs a rate, and no case counts.",
    LeftOutReason.NOT_IN_THE_MVP: "It is not in the MVP that the practice is registered for.",
    LeftOutReason.NO_VENDOR_ID: "The vendor id of the registry is not set (NACOR_CMS_VENDOR_ID).",
    ActivityStanding.TOO_FEW_DAYS: "The activity did not go on for long enough.",
    ActivityStanding.TOO_FEW_CLINICIANS: "Too few clinicians of the group did it.",
    ActivityStanding.CLINICIANS_NOT_KNOWN: "It is not known how many clinicians the group has.",
    NotSubmittable.NO_REGISTRATION: "The practice is not registered for the year.",
    NotSubmittable.REGISTRATION_WITHDRAWN: "The registration was withdrawn.",
    NotSubmittable.LEVEL_NOT_REGISTERED: "The practice reports otherwise than for this entity.",
    NotSubmittable.MEASURE_NOT_IN_OPTION: "A qualified registry sends no measure of a QCDR.",
    NotSubmittable.MEASURE_NOT_OF_MIPS: "The measure was never one of MIPS.",
    NotSubmittable.NO_CONSENT: "The clinician has not signed for the year.",
    NotSubmittable.CONSENT_WITHDRAWN: "The clinician has withdrawn the consent.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedActivity:
    """`ends_on` None: it goes on."""

    activity_id: str
    starts_on: date
    ends_on: date | None
    standing: ActivityStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFigures:
    """What an entity came to: the rates of each measure with cases, and what it has attested."""

    entity: CmsEntity
    rates: Mapping[str, RatesByStratum]
    activities: tuple[AttestedActivity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What goes in, each in the order of its ids, and what was left out."""

    measures: tuple[tuple[RegisteredMeasure, RatesByStratum], ...]
    activities: tuple[AttestedActivity, ...]
    left_out: tuple[LeftOut, ...]


def chosen(figures: EntityFigures, year: CmsYear) -> Chosen:
    """Decide about every measure of the year and every activity of the entity."""
    against = {
        facts.measure_id: tuple(map(str, _against_measure(facts, figures, year)))
        for facts in year.facts
    }
    attested = {
        each.activity_id: tuple(map(str, _against_activity(each, figures.entity, year)))
        for each in figures.activities
    }
    return Chosen(
        measures=tuple(
            (year.measures[measure_id], figures.rates[measure_id])
            for measure_id, reasons in sorted(against.items())
            if not reasons
        ),
        activities=tuple(
            sorted(
                (each for each in figures.activities if not attested[each.activity_id]),
                key=lambda each: each.activity_id,
            )
        ),
        left_out=(
            *_left_out(CmsCategory.QUALITY, against),
            *_left_out(CmsCategory.IMPROVEMENT_ACTIVITIES, attested),
        ),
    )


def is_unconfirmed(entity: CmsEntity, standing: Standing) -> bool:
    """Whether it is a virtual group that has no results, as its practice is not confirmed in it."""
    return entity.level is ReportingLevel.VIRTUAL_GROUP and not standing.virtual_tins


def _left_out(category: CmsCategory, against: Mapping[str, tuple[str, ...]]) -> Iterator[LeftOut]:
    for measure_id, reasons in sorted(against.items()):
        if reasons:
            yield LeftOut(category=category, measure_id=measure_id, reasons=reasons)


def _against_measure(
    facts: RegisteredMeasure, figures: EntityFigures, year: CmsYear
) -> Iterator[LeftOutReason | NotSubmittable]:
    """Of what has no figure to send nothing else is asked."""
    lacking = _lacking(facts, figures, year)
    if lacking is not None:
        yield lacking
        return
    if not year.has_in_program(facts):
        yield LeftOutReason.NOT_IN_THE_MVP
    owner = owner_of(facts)
    if owner is MeasureOwner.QCDR and not year.has_vendor_id:
        yield LeftOutReason.NO_VENDOR_ID
    yield from _not_submittable(figures.entity, owner, year)


def _lacking(
    facts: RegisteredMeasure, figures: EntityFigures, year: CmsYear
) -> LeftOutReason | None:
    if facts.measure_id not in year.computed:
        return LeftOutReason.NO_RESULT
    if is_unconfirmed(figures.entity, year.standing):
        return LeftOutReason.GROUP_NOT_CONFIRMED
    rates = figures.rates.get(facts.measure_id, {})
    counts = [each.counts for each in rates.values()]
    if not any(each.eligible_population for each in counts):
        return LeftOutReason.NO_ELIGIBLE_CASE
    if not any(each.answered for each in counts):
        return LeftOutReason.NOTHING_REPORTED
    needs_a_rate = facts.is_of_a_qcdr
    if needs_a_rate and performance_rate(facts, year.performance_year, rates) is None:
        return LeftOutReason.NO_PERFORMANCE_RATE
    return None


def _against_activity(
    activity: AttestedActivity, entity: CmsEntity, year: CmsYear
) -> Iterator[ActivityStanding | NotSubmittable]:
    if activity.standing is not ActivityStanding.COUNTS:
        yield activity.standing
    yield from _not_submittable(entity, MeasureOwner.MIPS, year)


def _not_submittable(
    entity: CmsEntity, owner: MeasureOwner, year: CmsYear
) -> tuple[NotSubmittable, ...]:
    return reasons_against(
        year.standing,
        entity.level,
        tin=entity.tin,
        npi=entity.npi,
        owner=owner,
        group_id=entity.group_id,
    )
