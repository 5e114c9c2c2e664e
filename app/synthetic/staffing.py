"""Who gave the anesthetic, and how that is billed."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from app.synthetic.chance import Chance, Weighted
from app.synthetic.practice import Clinician, Practice, Role, Setting
from app.synthetic.procedures import Procedure
from app.synthetic.timing import Times


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEntry:
    clinician: Clinician
    responsibility: str
    sign_in: int
    sign_out: int


class CareTeam(NamedTuple):
    """A way to staff a case: the first role leads, the coverages are how senders name it.

    `modifier` goes with the anesthesia CPT code: AA personally performed, QK two to four directed
    at once, QY one directed, AD supervised, QZ without direction (CMS anesthesia modifiers).
    A coverage and the modifier in the same place belong together.
    """

    roles: tuple[Role, ...]
    coverages: tuple[str | None, ...]
    modifiers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    staff: tuple[StaffEntry, ...]
    coverage: str | None
    modifier: str | None


_MD, _CRNA = Role.ANESTHESIOLOGIST, Role.NURSE_ANESTHETIST

_ALONE = CareTeam((_MD,), ("MD-ALONE",), ("AA",))
_DIRECTED = CareTeam(
    (_MD, _CRNA), ("MD-DIRECTING", "MD-DIRECTING", "CRNA-DIRECTED"), ("QK", "QK", "QY")
)
_SUPERVISED = CareTeam((_MD, _CRNA), ("MD-SUPERVISING", "CRNA-SUPERVISED"), ("AD", "AD"))
_NURSE_ALONE = CareTeam((_CRNA,), ("CRNA-ALONE",), ("QZ",))
_ASSISTANT = CareTeam((_MD, Role.ANESTHESIOLOGIST_ASSISTANT), ("CAA-DIRECTED",), ("QK",))
_TEACHING = CareTeam((_MD, Role.RESIDENT), ("MD-DIRECTING",), ("AA",))
_TWO_PHYSICIANS = CareTeam((_MD, _MD), ("MD-MD",), ("AA",))
# No value of the coverage list is about dentists, so it is left out, as is the modifier.
_DENTIST = CareTeam((Role.DENTIST,), (None,), (None,))

_HOSPITAL_TEAMS = Weighted(
    {_DIRECTED: 60, _ALONE: 18, _TEACHING: 8, _ASSISTANT: 6, _SUPERVISED: 4, _NURSE_ALONE: 4}
)
_SURGERY_CENTER_TEAMS = Weighted({_DIRECTED: 55, _ALONE: 20, _NURSE_ALONE: 20, _ASSISTANT: 5})
_CARDIAC_TEAMS = Weighted({_TEACHING: 35, _DIRECTED: 40, _TWO_PHYSICIANS: 15, _ALONE: 10})

_LONG_ENOUGH_FOR_RELIEF = 120


def draw_staffing(
    chance: Chance, practice: Practice, procedure: Procedure, setting: Setting, times: Times
) -> Staffing:
    team = _team(chance, procedure, setting)
    staff: list[StaffEntry] = []
    for role in team.roles:
        leads = not staff and len(team.roles) > 1
        staff.append(_entry(chance, _someone_else(chance, practice, role, staff), times, leads))
    if _CRNA in team.roles:
        staff = _with_relief_or_student(chance, practice, staff, times)
    choice = chance.between(0, len(team.coverages) - 1)
    return Staffing(
        staff=tuple(staff), coverage=team.coverages[choice], modifier=team.modifiers[choice]
    )


def _team(chance: Chance, procedure: Procedure, setting: Setting) -> CareTeam:
    if procedure.dental and setting is Setting.SURGERY_CENTER:
        return _DENTIST
    if procedure.central_line:
        return _CARDIAC_TEAMS.draw(chance)
    if setting is Setting.SURGERY_CENTER:
        return _SURGERY_CENTER_TEAMS.draw(chance)
    return _HOSPITAL_TEAMS.draw(chance)


def _someone_else(
    chance: Chance, practice: Practice, role: Role, staff: list[StaffEntry]
) -> Clinician:
    busy = [entry.clinician for entry in staff]
    clinician = practice.clinician(role, chance)
    while clinician in busy:
        clinician = practice.clinician(role, chance)
    return clinician


def _entry(chance: Chance, clinician: Clinician, times: Times, leads: bool) -> StaffEntry:
    return StaffEntry(
        clinician=clinician,
        responsibility="Medically responsible" if leads else "Performing the case",
        sign_in=times.in_room - chance.between(0, 5),
        sign_out=times.end + chance.between(0, 6),
    )


def _with_relief_or_student(
    chance: Chance, practice: Practice, staff: list[StaffEntry], times: Times
) -> list[StaffEntry]:
    *others, performing = staff
    if times.anesthesia_minutes > _LONG_ENOUGH_FOR_RELIEF and chance.happens(0.35):
        handover = chance.between(times.procedure_start, times.procedure_end)
        relief = _entry(chance, _someone_else(chance, practice, _CRNA, staff), times, leads=False)
        return [
            *others,
            replace(performing, sign_out=handover),
            replace(relief, sign_in=handover),
        ]
    if chance.happens(0.05):
        student = _someone_else(chance, practice, Role.STUDENT, staff)
        entry = _entry(chance, student, times, leads=False)
        return [*staff, replace(entry, responsibility="Monitoring")]
    return staff
