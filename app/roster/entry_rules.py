"""What an entry of a roster may not be beside the others: pure questions, answered in words."""

from collections.abc import Iterable

from app.domain.identifiers import Npi, Tin
from app.domain.roster import (
    Agreement,
    Clinician,
    Employment,
    Facility,
    PracticeTin,
    RosterEntry,
    Subgroup,
    VirtualGroup,
)


def conflict_of(entry: RosterEntry, others: Iterable[RosterEntry]) -> str | None:
    """What of `others`, entries of the same kind, `entry` cannot stand beside; None: nothing."""
    for other in others:
        if other.id != entry.id:
            told = _conflict(entry, other)
            if told is not None:
                return told
    return None


def impossible_days(entry: RosterEntry) -> str | None:
    """Which days of `entry` end before they begin."""
    match entry:
        case PracticeTin() | Agreement() if not entry.span.is_possible:
            return "valid_until: it is before valid_from"
        case Employment() if not entry.span.is_possible:
            return "ends_on: it is before starts_on"
        case _:
            return None


def missing_for(entry: RosterEntry, *, tins: Iterable[Tin], npis: Iterable[Npi]) -> str | None:
    """What `entry` names that the roster does not have."""
    match entry:
        case Employment() | Subgroup() if entry.tin not in set(tins):
            return "tin: it is not registered for the practice; register it first"
        case Subgroup() if not set(npis).issuperset(entry.npis):
            return "npis: there is one that is not on the provider list; add the clinician first"
        case _:
            return None


def _conflict(entry: RosterEntry, other: RosterEntry) -> str | None:
    match entry, other:
        case Agreement(), Agreement() if entry.kind is other.kind and entry.span.overlaps(
            other.span
        ):
            return "An agreement of this kind is in force on some of these days already."
        case Employment(), Employment() if (entry.clinician_id, entry.tin) == (
            other.clinician_id,
            other.tin,
        ) and entry.span.overlaps(other.span):
            return "The clinician works under this TIN already on some of these days."
        case (Employment() | Agreement(), _):
            return None
        case _ if _name_of(entry) == _name_of(other):
            return _TAKEN[type(entry)]
        case _:
            return None


def _name_of(entry: RosterEntry) -> tuple[object, ...]:
    """What may be only once in a practice."""
    match entry:
        case PracticeTin():
            return (entry.tin,)
        case Facility():
            return (entry.facility_id,)
        case Clinician():
            return (entry.npi,)
        case Subgroup():
            return (entry.tin, entry.performance_year, entry.name)
        case VirtualGroup():
            return (entry.performance_year, entry.name)
        case _:
            return (entry.id,)


_TAKEN = {
    PracticeTin: "The TIN is registered for the practice already.",
    Facility: "The practice has a facility of this facility_id already.",
    Clinician: "A clinician of this NPI is on the list already.",
    Subgroup: "The TIN has a subgroup of this name in that year already.",
    VirtualGroup: "The practice has a virtual group of this name in that year already.",
}
