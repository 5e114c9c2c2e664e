"""The kinds of entries of a roster, as the interface tells them: their words and their shapes."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from app.access.rights import Right
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
from app.roster.entry_wire import (
    AgreementOut,
    AgreementRequest,
    ClinicianOut,
    ClinicianRequest,
    EmploymentOut,
    EmploymentRequest,
    FacilityOut,
    FacilityRequest,
    TinOut,
    TinRequest,
)
from app.roster.group_wire import SubgroupOut, SubgroupRequest, VirtualGroupOut, VirtualGroupRequest


@dataclass(frozen=True, kw_only=True)
class EntryKind:
    """`path` names the list; `one` and `many` are its words; what is said of it in `about`.

    `changing` is the right that it takes to add, change or remove one.
    """

    entry: type[RosterEntry]
    asked: type[BaseModel]
    shown: type[BaseModel]
    path: str
    one: str
    many: str
    about: str
    changing: Right = Right.CHANGE_ROSTER


ENTRY_KINDS: Final = (
    EntryKind(
        entry=PracticeTin,
        asked=TinRequest,
        shown=TinOut,
        path="tins",
        one="TIN",
        many="TINs",
        about="A TIN is registered for the dates of service within its days. Cases that are held"
        " for want of it count at once; those that it no longer covers are held.",
    ),
    EntryKind(
        entry=Facility,
        asked=FacilityRequest,
        shown=FacilityOut,
        path="facilities",
        one="facility",
        many="facilities",
        about="A facility is known by the FacilityID of the case files.",
    ),
    EntryKind(
        entry=Clinician,
        asked=ClinicianRequest,
        shown=ClinicianOut,
        path="clinicians",
        one="clinician",
        many="clinicians",
        about="A clinician is known by NPI; under which TINs they bill is told by employments.",
    ),
    EntryKind(
        entry=Employment,
        asked=EmploymentRequest,
        shown=EmploymentOut,
        path="employments",
        one="employment",
        many="employments",
        about="An employment says from when to when a clinician bills under a TIN. Those of a locum"
        " may overlap, under different TINs.",
    ),
    EntryKind(
        entry=Subgroup,
        asked=SubgroupRequest,
        shown=SubgroupOut,
        path="subgroups",
        one="subgroup",
        many="subgroups",
        about="A subgroup is a list of clinicians of one TIN who report an MVP together.",
    ),
    EntryKind(
        entry=VirtualGroup,
        asked=VirtualGroupRequest,
        shown=VirtualGroupOut,
        path="virtual-groups",
        one="virtual group",
        many="virtual groups",
        about="A virtual group is a list of TINs, also of other practices, for one year. It counts"
        " once the registry has confirmed it, and awaits that anew when its year, name or TINs"
        " change.",
    ),
    EntryKind(
        entry=Agreement,
        asked=AgreementRequest,
        shown=AgreementOut,
        path="agreements",
        one="agreement",
        many="agreements",
        about="What the practice and the registry have signed: the business associate agreement and"
        " the participation agreement. The registry keeps them; a practice reads its own.",
        changing=Right.KEEP_AGREEMENTS,
    ),
)
