"""The patient of a generated case."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.synthetic.chance import Chance, Weighted
from app.synthetic.procedures import Procedure

ADULT_YEARS = 18

CURRENT_SMOKER = "F17.210"
_FORMER_SMOKER = "Z87.891"


class Town(NamedTuple):
    city: str
    state: str
    zip_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """`asa_class` is without the E; `comorbidities` are ICD-10-CM codes.

    `vomiting_in_family` is what the vomiting measure for children asks, the two other histories
    what the nausea measure for adults asks. None of the three has an element in the case file.
    """

    patient_id: str
    birth_date: date
    age_years: int
    sex: str
    race: str
    home: Town
    weight_kg: float
    height_cm: float
    asa_class: str
    smoker: bool
    comorbidities: tuple[str, ...]
    history_of_ponv: bool
    motion_sickness: bool
    vomiting_in_family: bool

    @property
    def is_adult(self) -> bool:
        return self.age_years >= ADULT_YEARS


_TOWNS = (
    Town("Milwaukee", "WI", "53226"),
    Town("Wauwatosa", "WI", "53213"),
    Town("Waukesha", "WI", "53186-1203"),
    Town("Racine", "WI", "53402"),
    Town("Kenosha", "WI", "53140"),
    Town("Waukegan", "IL", "60085"),
)

_RACES = Weighted(
    {
        "White, not of Hispanic Origin": 60,
        "Black, not of Hispanic Origin": 14,
        "Hispanic, White": 11,
        "Hispanic, Color Unknown": 3,
        "Asian or Pacific Islander": 5,
        "Bi or Multi Racial": 2,
        "American Indian or Alaska Native": 1,
        "Unknown": 4,
    }
)

_SEXES = Weighted({"Female": 53, "Male": 47})

# Hypertension, diabetes, lipids, reflux, sleep apnea, COPD, coronary disease, atrial fibrillation,
# kidney disease, asthma, hypothyroidism.
_ADULT_ILLNESSES = Weighted(
    {
        "I10": 30,
        "E11.9": 15,
        "E78.5": 14,
        "K21.9": 10,
        "G47.33": 8,
        "J44.9": 6,
        "I25.10": 6,
        "I48.91": 5,
        "N18.9": 4,
        "J45.909": 4,
        "E03.9": 6,
    }
)
_CHILD_ILLNESSES = Weighted({"J45.909": 5, "F90.9": 2, "Z77.22": 2, "Q90.9": 1})
_MOST_ILLNESSES = {"I": 0, "II": 1, "III": 2, "IV": 2, "V": 2}


def draw_patient(
    chance: Chance, procedure: Procedure, day: date, number: int, *, emergency: bool
) -> Patient:
    age_years = procedure.age.draw(chance)
    is_adult = age_years >= ADULT_YEARS
    sex = procedure.sex or _SEXES.draw(chance)
    asa_class = procedure.asa.draw(chance)
    if emergency and asa_class == "IV" and chance.happens(0.1):
        asa_class = "V"
    smoker = is_adult and not procedure.obstetric and chance.happens(0.15)
    return Patient(
        patient_id=f"P{chance.between(100_000, 999_999)}{number % 1000:03d}",
        birth_date=_birth_date(day, age_years, chance.between(0, 364)),
        age_years=age_years,
        sex=sex,
        race=_RACES.draw(chance),
        home=chance.one_of(_TOWNS),
        weight_kg=_weight_kg(chance, age_years, sex, obese=procedure.obese),
        height_cm=_height_cm(chance, age_years, sex),
        asa_class=asa_class,
        smoker=smoker,
        comorbidities=_comorbidities(chance, procedure, asa_class, smoker=smoker, adult=is_adult),
        history_of_ponv=chance.happens(0.2),
        motion_sickness=chance.happens(0.2),
        vomiting_in_family=chance.happens(0.12),
    )


def _birth_date(day: date, age_years: int, days_since_birthday: int) -> date:
    # Nobody is born on the 29th of February: their birthdays would be a matter of opinion.
    last_day = 28 if day.month == 2 else day.day
    latest = date(day.year - age_years, day.month, min(day.day, last_day))
    birth = latest - timedelta(days=days_since_birthday)
    return birth.replace(day=28) if (birth.month, birth.day) == (2, 29) else birth


def _weight_kg(chance: Chance, age_years: int, sex: str, *, obese: bool) -> float:
    if obese:
        return chance.near(128, 15, 95, 190)
    if age_years < ADULT_YEARS:
        typical = 2.6 * age_years + 8 if age_years < 11 else 3.6 * age_years
        return chance.near(typical, typical * 0.12, 5, 95)
    return chance.near(75, 15, 42, 150) if sex == "Female" else chance.near(87, 16, 50, 160)


def _height_cm(chance: Chance, age_years: int, sex: str) -> float:
    if age_years < 14:
        return chance.near(72 + 6.5 * age_years, 4, 55, 175)
    return chance.near(163, 6, 142, 185) if sex == "Female" else chance.near(176, 7, 152, 203)


def _comorbidities(
    chance: Chance, procedure: Procedure, asa_class: str, *, smoker: bool, adult: bool
) -> tuple[str, ...]:
    codes = [procedure.also_diagnosis] if procedure.also_diagnosis else []
    if smoker:
        codes.append(CURRENT_SMOKER)
    elif adult and chance.happens(0.12):
        codes.append(_FORMER_SMOKER)
    illnesses = _ADULT_ILLNESSES if adult else _CHILD_ILLNESSES
    for _ in range(_MOST_ILLNESSES[asa_class]):
        illness = illnesses.draw(chance)
        if illness not in codes:
            codes.append(illness)
    return tuple(codes[:3])
