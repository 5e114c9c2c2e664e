"""What attested improvement activities give: days so far, clinicians, credit of the category.

Source: CMS QPP; each figure has its mark in `data/scoring/`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.domain.attestations import Attestation
from app.measures.activities.inventory import Activity, Inventory
from app.measures.scoring.inputs import TRADITIONAL_MIPS
from app.measures.scoring.steps import Step
from app.measures.scoring.year_scoring import ActivityRules, Category, Figure

_WHOLE: Final = Decimal(100)
_ZERO: Final = Decimal(0)
_ACTIVITIES: Final = Category.IMPROVEMENT_ACTIVITIES


class Standing(StrEnum):
    """Whether an activity counts, or what it lacks."""

    COUNTS = "counts"
    TOO_FEW_DAYS = "too_few_days"
    TOO_FEW_CLINICIANS = "too_few_clinicians"
    CLINICIANS_NOT_KNOWN = "clinicians_not_known"
    NOT_IN_THE_MVP = "not_in_the_mvp"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRules:
    """`clinicians`: how many the group or subgroup has, None when that is not known.

    `counts_more`: a small practice, or clinicians who face no patients.
    """

    rules: ActivityRules
    inventory: Inventory
    program: str
    performance_year: int
    day: date
    counts_more: bool
    clinicians: int | None

    @property
    def is_mvp(self) -> bool:
        return self.program != TRADITIONAL_MIPS

    @property
    def needed(self) -> Figure:
        in_mvp = self.rules.needed_in_an_mvp
        return in_mvp if self.is_mvp and in_mvp is not None else self.rules.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedActivity:
    """`credit`: in points, or in activities since 2025; 0 for one that does not count yet."""

    attestation: Attestation
    activity: Activity
    days_so_far: int
    clinicians_needed: int | None
    standing: Standing
    credit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCredit:
    """`percent` of the category is 0-100, not rounded."""

    needed: Decimal
    earned: Decimal
    percent: Decimal
    activities: tuple[CreditedActivity, ...]
    steps: tuple[Step, ...]


def credit_of(attestations: Iterable[Attestation], rules: CreditRules) -> ActivityCredit:
    """Return what the activities of one entity give in a program."""
    found = tuple(
        _credited(each, rules)
        for each in sorted(attestations, key=lambda attested: attested.activity_id)
    )
    needed = rules.needed.value
    earned = sum((each.credit for each in found), _ZERO)
    percent = min(_WHOLE, _WHOLE * earned / needed)
    percent_step = Step.by(
        rules.needed,
        "activities.percent",
        f"Credit in percent of what is needed, at most 100, in {rules.rules.unit}",
        category=_ACTIVITIES,
        result=percent,
        earned=earned,
        needed=needed,
    )
    return ActivityCredit(
        needed=needed,
        earned=earned,
        percent=percent,
        activities=found,
        steps=(*(_step(each, rules) for each in found), percent_step),
    )


def clinicians_needed(clinicians: int, group_percent: Decimal) -> int:
    """Return how many clinicians of a group must do an activity: a share, and at least one."""
    share = -(-clinicians * int(group_percent) // 100)
    return max(1, share)


def _credited(attestation: Attestation, rules: CreditRules) -> CreditedActivity:
    activity = rules.inventory.activities[attestation.activity_id]
    standing = _standing(attestation, rules)
    return CreditedActivity(
        attestation=attestation,
        activity=activity,
        days_so_far=attestation.days_until(rules.day),
        clinicians_needed=_clinicians_needed(attestation, rules),
        standing=standing,
        credit=_credit(attestation.activity_id, activity, rules)
        if standing is Standing.COUNTS
        else _ZERO,
    )


def _standing(attestation: Attestation, rules: CreditRules) -> Standing:
    if rules.is_mvp and _is_outside(attestation.activity_id, rules):
        return Standing.NOT_IN_THE_MVP
    if attestation.days_until(rules.day) < rules.rules.least_days.value:
        return Standing.TOO_FEW_DAYS
    if attestation.is_of_one_clinician:
        return Standing.COUNTS
    needed = _clinicians_needed(attestation, rules)
    if needed is None:
        return Standing.CLINICIANS_NOT_KNOWN
    did_it = attestation.clinicians or 0
    return Standing.COUNTS if did_it >= needed else Standing.TOO_FEW_CLINICIANS


def _is_outside(activity_id: str, rules: CreditRules) -> bool:
    """Where the list of the year is not known, every activity is taken for one of the MVP."""
    return rules.inventory.is_in_mvp(activity_id, rules.program, rules.performance_year) is False


def _clinicians_needed(attestation: Attestation, rules: CreditRules) -> int | None:
    if attestation.is_of_one_clinician or not rules.clinicians:
        return None
    return clinicians_needed(rules.clinicians, rules.rules.group_percent.value)


def _credit(activity_id: str, activity: Activity, rules: CreditRules) -> Decimal:
    if activity_id in rules.rules.full_credit.activities:
        return rules.needed.value
    credit = activity.counts_for(rules.rules).value
    if rules.counts_more and not rules.is_mvp:
        credit *= rules.rules.small_practice_factor.value
    return credit


def _step(credited: CreditedActivity, rules: CreditRules) -> Step:
    activity_id = credited.attestation.activity_id
    is_full = activity_id in rules.rules.full_credit.activities
    mark = rules.rules.full_credit if is_full else credited.activity.counts_for(rules.rules)
    words = credited.standing.replace("_", " ")
    return Step.by(
        mark,
        "activities.full_credit" if is_full else "activities.credit",
        f"{activity_id}: {words}",
        category=_ACTIVITIES,
        result=credited.credit,
        days_so_far=credited.days_so_far,
        days_needed=rules.rules.least_days.value,
    )
