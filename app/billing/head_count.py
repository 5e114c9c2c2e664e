"""Clinicians by type and membership, for program years that are billed by clinicians."""

from collections import Counter
from collections.abc import Iterable

from app.billing.program_years import credentials_of
from app.domain.billing import Item, Membership, Quantities, SeenClinician, Unit


def head_count(clinicians: Iterable[SeenClinician]) -> Quantities:
    """How many of each type were seen; those who are of no type that is billed are left out."""
    counted: Counter[Item] = Counter()
    for clinician in clinicians:
        unit = unit_of(clinician)
        if unit is not None:
            membership = Membership.MEMBER if clinician.is_member else Membership.NON_MEMBER
            counted[Item(unit, membership)] += 1
    return dict(counted)


def unit_of(clinician: SeenClinician) -> Unit | None:
    """Of several credentials the highest counts."""
    credentials = clinician.credentials
    if credentials & credentials_of("physicians"):
        return Unit.PHYSICIAN
    if credentials & credentials_of("nurses"):
        return Unit.CARE_TEAM if clinician.with_physician else Unit.INDEPENDENT
    return Unit.CARE_TEAM if credentials & credentials_of("care_team") else None
