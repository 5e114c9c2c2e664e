"""What the kinds of entries are called, in addresses and in the history of changes."""

from collections.abc import Mapping
from typing import Final

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

KIND_NAMES: Final[Mapping[type[RosterEntry], str]] = {
    PracticeTin: "tin",
    Facility: "facility",
    Clinician: "clinician",
    Employment: "employment",
    Subgroup: "subgroup",
    VirtualGroup: "virtual-group",
    Agreement: "agreement",
}


def kind_name(kind: type[RosterEntry]) -> str:
    return KIND_NAMES[kind]
