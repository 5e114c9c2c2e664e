"""What an attestation may not say: pure questions, answered in words."""

from collections.abc import Iterable
from datetime import date

from app.domain.attestations import Attestation
from app.domain.spans import Span
from app.measures.scoring.year_scoring import ActivityRules


def impossible_days(attestation: Attestation, rules: ActivityRules, *, day: date) -> str | None:
    """Which days cannot be: an activity lasts 90 days on end, within its year and not ahead."""
    first, last = attestation.starts_on, attestation.ends_on
    if first.year != attestation.performance_year:
        return "starts_on: it is not in the performance year"
    if last is not None and last.year != attestation.performance_year:
        return "ends_on: it is not in the performance year"
    if not Span(first=first, last=last).is_possible:
        return "ends_on: it is before starts_on"
    if first > day:
        return "starts_on: it lies ahead; attest what has begun"
    if last is not None and last > day:
        return "ends_on: it lies ahead; leave it out while the activity goes on"
    if last is not None and (last - first).days + 1 < rules.least_days.value:
        return f"ends_on: an activity lasts at least {rules.least_days.value} days on end"
    return None


def impossible_clinicians(attestation: Attestation, clinicians: int | None) -> str | None:
    """What is wrong with the number that is told; `clinicians` is that of the roster."""
    told = attestation.clinicians
    if attestation.is_of_one_clinician:
        return None if told is None else "clinicians: told for groups and subgroups only"
    if told is None:
        return "clinicians: tell how many of the group did it in the same 90 days"
    if clinicians is not None and told > clinicians:
        return f"clinicians: the roster has {clinicians} of them in that year"
    return None


def conflict_of(attestation: Attestation, others: Iterable[Attestation]) -> str | None:
    """What of `others`, of the same year, it cannot stand beside; None: nothing."""
    for other in others:
        if (
            other.id != attestation.id
            and other.activity_id == attestation.activity_id
            and other.entity == attestation.entity
        ):
            return "The activity is attested for the same in this year already; change that."
    return None
