"""The practice that a generated case file comes from: its facilities, TINs and clinicians.

Nothing here can be a real party: TINs begin with an EIN prefix that the IRS has not assigned, and
NPIs with 2, which CMS allows but has not issued (both general knowledge, no source opened).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.domain.identifiers import Npi, Tin, npi_check_digit, parse_tin
from app.synthetic.chance import Chance, Weighted

_UNASSIGNED_EIN_PREFIX = "89"


class Role(StrEnum):
    ANESTHESIOLOGIST = "anesthesiologist"
    NURSE_ANESTHETIST = "nurse anesthetist"
    ANESTHESIOLOGIST_ASSISTANT = "anesthesiologist assistant"
    RESIDENT = "resident"
    STUDENT = "student nurse anesthetist"
    DENTIST = "dentist anesthesiologist"


class Setting(StrEnum):
    """Where care is given, as the procedures table has it."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    SURGERY_CENTER = "surgery_center"


# CMS place-of-service codes: inpatient hospital, on-campus outpatient hospital, ASC.
PLACE_OF_SERVICE = {Setting.INPATIENT: 21, Setting.OUTPATIENT: 22, Setting.SURGERY_CENTER: 24}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    npi: Npi
    tin: Tin
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """`temperature_unit` is C or F: places record in either, and the registry reads both."""

    facility_id: str
    name: str
    rooms: int
    temperature_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """`facilities` and `clinicians` are drawn by weight: some work more than others."""

    practice_id: str
    tins: tuple[Tin, ...]
    facilities: dict[Setting, Weighted[Facility]]
    clinicians: dict[Role, Weighted[Clinician]]

    def clinician(self, role: Role, chance: Chance) -> Clinician:
        return self.clinicians[role].draw(chance)


def practice_tins(practice_id: str, seed: int) -> tuple[Tin, ...]:
    """Return every TIN that cases of this practice and seed may carry, the physicians' first."""
    return build_practice(practice_id, seed).tins


@lru_cache(maxsize=64)
def build_practice(practice_id: str, seed: int) -> Practice:
    """Return the practice of this id and seed; how many cases it has does not change it."""
    chance = Chance(f"practice/{practice_id}/{seed}")
    tins = (_tin(chance), _tin(chance))
    return Practice(
        practice_id=practice_id,
        tins=tins,
        facilities=_facilities(practice_id, chance),
        clinicians=_clinicians(tins, chance),
    )


def _tin(chance: Chance) -> Tin:
    return parse_tin(f"{_UNASSIGNED_EIN_PREFIX}{chance.between(1_000_000, 9_999_999)}")


def _facilities(practice_id: str, chance: Chance) -> dict[Setting, Weighted[Facility]]:
    main = Facility(
        facility_id=f"{practice_id}-H1",
        name="St. Anne & Mercy Hospital",
        rooms=24,
        temperature_unit="C",
    )
    community = Facility(
        facility_id=f"{practice_id}-H2", name="Lakeside Hospital", rooms=8, temperature_unit="F"
    )
    eye_and_ear = Facility(
        facility_id=f"{practice_id}-A1",
        name="Eye & ENT Surgery Center",
        rooms=4,
        temperature_unit="C",
    )
    day_surgery = Facility(
        facility_id=f"{practice_id}-A2", name="Northgate Day Surgery", rooms=6, temperature_unit="F"
    )
    of_the_main = 0.6 + 0.3 * chance.random()
    hospitals = Weighted({main: of_the_main, community: 1 - of_the_main})
    return {
        Setting.INPATIENT: hospitals,
        Setting.OUTPATIENT: hospitals,
        Setting.SURGERY_CENTER: Weighted({eye_and_ear: 0.4, day_surgery: 0.6}),
    }


def _clinicians(tins: tuple[Tin, Tin], chance: Chance) -> dict[Role, Weighted[Clinician]]:
    """The first TIN is the physicians' group; some nurse anesthetists bill under the second."""
    sizes = {
        Role.ANESTHESIOLOGIST: chance.between(10, 24),
        Role.NURSE_ANESTHETIST: chance.between(14, 32),
        Role.ANESTHESIOLOGIST_ASSISTANT: chance.between(2, 4),
        Role.RESIDENT: chance.between(4, 8),
        Role.STUDENT: chance.between(2, 5),
        Role.DENTIST: 1,
    }
    physicians_tin, nurses_tin = tins
    groups = {}
    for role, size in sizes.items():
        own_group = 0.3 if role is Role.NURSE_ANESTHETIST else 0.0
        groups[role] = Weighted(
            {
                Clinician(
                    npi=_npi(chance),
                    tin=nurses_tin if chance.happens(own_group) else physicians_tin,
                    role=role,
                ): 0.3 + chance.random()
                for _ in range(size)
            }
        )
    return groups


def _npi(chance: Chance) -> Npi:
    first_nine = f"2{chance.between(10_000_000, 99_999_999)}"
    return Npi(first_nine + npi_check_digit(first_nine))
