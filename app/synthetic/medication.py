"""The drugs of a generated case, from data/drugs.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from app.synthetic.chance import Chance, Weighted
from app.synthetic.patients import Patient
from app.synthetic.procedures import Procedure, Technique
from app.synthetic.timing import Times

_ENDOTRACHEAL = frozenset(
    {"Endotracheal tube", "Endotracheal video laryngoscope", "Double lumen endotracheal tubes"}
)

# Below this age anesthesia starts with the mask, without an intravenous induction.
_MASK_INDUCTION_YEARS = 9


class Additive(NamedTuple):
    """What an infusion bag holds besides its drug."""

    name: str
    type: str
    concentration: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """`concentration` is in mg/mL. `dose` is the range of one dose in `unit`, per kg when `per_kg`.

    `before_minutes` is set for what is taken before anesthesia start.
    """

    name: str
    type: str
    route: str
    unit: str
    dose: tuple[float, float]
    step: float
    per_kg: bool = False
    infusion: bool = False
    inhaled: bool = False
    antiemetic: str | None = None
    modality: str | None = None
    concentration: float | None = None
    before_minutes: tuple[int, int] | None = None
    additive: Additive | None = None


class Dose(NamedTuple):
    """`end` is set for what is given over a time."""

    drug: Drug
    amount: str
    start: int
    end: int | None


_VOLATILES = Weighted({"sevoflurane": 70, "desflurane": 18, "isoflurane": 12})

# Drugs and the share of patients who get them, by technique.
_ADULT_PLANS: dict[Technique, dict[str, float]] = {
    Technique.INHALATIONAL: {"midazolam": 0.6, "fentanyl": 0.95, "propofol": 1.0},
    Technique.TIVA: {
        "midazolam": 0.6,
        "fentanyl": 0.8,
        "propofol": 1.0,
        "propofol_infusion": 1.0,
        "remifentanil": 0.6,
    },
    Technique.MAC: {"midazolam": 0.35, "fentanyl": 0.4, "propofol_infusion": 0.85},
    Technique.SPINAL: {"midazolam": 0.7, "fentanyl": 0.3, "bupivacaine_spinal": 1.0},
    Technique.EPIDURAL: {"fentanyl": 0.2, "ropivacaine_epidural": 1.0},
    Technique.CSE: {"bupivacaine_spinal": 1.0, "ropivacaine_epidural": 1.0},
    Technique.BLOCK: {"midazolam": 0.8, "fentanyl": 0.6, "ropivacaine_block": 1.0},
}
_CHILD_PLANS: dict[Technique, dict[str, float]] = {
    Technique.INHALATIONAL: {"midazolam_oral": 0.5, "fentanyl": 0.75},
    Technique.TIVA: {"midazolam_oral": 0.4, "propofol": 1.0, "propofol_infusion": 1.0},
}
_OBSTETRIC_PLANS: dict[Technique, dict[str, float]] = {
    Technique.INHALATIONAL: {"propofol": 1.0, "fentanyl": 0.8},
    Technique.SPINAL: {"bupivacaine_spinal": 1.0, "fentanyl": 0.4, "phenylephrine": 0.8},
    Technique.EPIDURAL: {"ropivacaine_epidural": 1.0, "fentanyl": 0.5},
    Technique.CSE: {"bupivacaine_spinal": 1.0, "ropivacaine_epidural": 1.0, "phenylephrine": 0.4},
}

# Share of patients who get a prophylactic antiemetic.
_ADULT_PROPHYLAXIS = {"ondansetron": 0.96, "dexamethasone": 0.86, "aprepitant": 0.05}
_CHILD_PROPHYLAXIS = {"ondansetron_child": 0.95, "dexamethasone_child": 0.92}
_LIGHT_PROPHYLAXIS = {"ondansetron": 0.45, "dexamethasone": 0.15}

_PAIN_PLAN = {
    "acetaminophen_oral": 0.70,
    "celecoxib": 0.45,
    "gabapentin": 0.25,
    "ketamine": 0.25,
    "dexmedetomidine": 0.05,
    "magnesium": 0.06,
}
_PAIN_PLAN_WITHOUT_NOTICE = {"acetaminophen": 0.75, "ketorolac": 0.5, "ketamine": 0.25}
_CHILD_PAIN_PLAN = {"acetaminophen": 0.7, "ketorolac": 0.2}


# When a drug is given goes by its kind; the rest comes between induction and incision.
_AT_INDUCTION = frozenset(
    {
        "Benzodiazepine",
        "General anesthetic",
        "Narcotic analgesic",
        "NeuroMuscular Blocking (NMB) - depolarizing",
        "NeuroMuscular Blocking (NMB) - non depolarizing",
        "Local anesthetic",
    }
)
_AT_THE_END = frozenset(
    {"Antiemetic", "Cholinergic agent", "Anticholinergic", "Anti-heparin agent", "Non-Formulary"}
)


@cache
def load_drugs() -> dict[str, Drug]:
    text = files("app.synthetic").joinpath("data/drugs.toml").read_text(encoding="utf-8")
    drugs = {}
    for key, table in tomllib.loads(text).items():
        low, high = table.pop("dose")
        before = table.pop("before_minutes", None)
        additive = table.pop("additive", None)
        drugs[key] = Drug(
            **table,
            dose=(low, high),
            before_minutes=(before[0], before[1]) if before else None,
            additive=Additive(**additive) if additive else None,
        )
    return drugs


def needs_tube(procedure: Procedure, technique: Technique) -> bool:
    return technique.is_general and procedure.airway in _ENDOTRACHEAL


def draw_doses(
    chance: Chance,
    procedure: Procedure,
    patient: Patient,
    technique: Technique,
    times: Times,
    *,
    elective: bool,
    block: bool,
) -> tuple[Dose, ...]:
    """Return the doses in the order in which they were given."""
    keys = [
        *_drawn(chance, _plan(procedure, patient, technique)),
        *_general_anesthesia(chance, procedure, patient, technique),
        *(["ropivacaine_block"] if block else []),
        *procedure.drugs,
        *_drawn(chance, _prophylaxis(procedure, patient, technique)),
        *_drawn(chance, _pain_plan(procedure, patient, technique, elective=elective)),
    ]
    drugs = load_drugs()
    doses = [_dose(chance, drugs[key], patient, times) for key in dict.fromkeys(keys)]
    return tuple(sorted(doses, key=_dose_start))


def _drawn(chance: Chance, plan: dict[str, float]) -> list[str]:
    return [key for key, share in plan.items() if chance.happens(share)]


def _plan(procedure: Procedure, patient: Patient, technique: Technique) -> dict[str, float]:
    if procedure.obstetric:
        return _OBSTETRIC_PLANS[technique]
    if patient.is_adult or technique not in _CHILD_PLANS:
        return _ADULT_PLANS[technique]
    return _CHILD_PLANS[technique]


def _general_anesthesia(
    chance: Chance, procedure: Procedure, patient: Patient, technique: Technique
) -> list[str]:
    keys = []
    if technique is Technique.INHALATIONAL:
        keys.append(_VOLATILES.draw(chance) if patient.is_adult else "sevoflurane")
        if _MASK_INDUCTION_YEARS <= patient.age_years < 18:
            keys.append("propofol")
    if needs_tube(procedure, technique) and (patient.is_adult or chance.happens(0.4)):
        keys += _relaxation(chance)
    return keys


def _relaxation(chance: Chance) -> list[str]:
    if chance.happens(0.1):
        return ["succinylcholine"]
    reversal = ["sugammadex"] if chance.happens(0.65) else ["neostigmine", "glycopyrrolate"]
    return ["rocuronium", *reversal]


def _prophylaxis(procedure: Procedure, patient: Patient, technique: Technique) -> dict[str, float]:
    if technique is Technique.MAC or procedure.around_the_clock:
        return {}
    if not technique.is_general:
        return _LIGHT_PROPHYLAXIS
    return _ADULT_PROPHYLAXIS if patient.is_adult else _CHILD_PROPHYLAXIS


def _pain_plan(
    procedure: Procedure, patient: Patient, technique: Technique, *, elective: bool
) -> dict[str, float]:
    if procedure.opioid_after < 0.4 or technique is Technique.MAC:
        return {}
    if not patient.is_adult:
        return _CHILD_PAIN_PLAN
    by_mouth = elective and not procedure.obstetric
    return _PAIN_PLAN if by_mouth else _PAIN_PLAN_WITHOUT_NOTICE


def _dose_start(dose: Dose) -> int:
    return dose.start


def _dose(chance: Chance, drug: Drug, patient: Patient, times: Times) -> Dose:
    start, end = _given(chance, drug, times)
    return Dose(drug, _amount(chance, drug, patient), start, end)


def _given(chance: Chance, drug: Drug, times: Times) -> tuple[int, int | None]:
    """Everything is given by anesthesia end; only what is swallowed comes before its start."""
    if drug.before_minutes is not None:
        earliest, latest = drug.before_minutes
        return max(0, times.start - chance.between(earliest, latest)), None
    if drug.infusion:
        return times.ready, times.procedure_end
    if drug.type in _AT_THE_END:
        return chance.between(max(times.start, times.procedure_end - 12), times.procedure_end), None
    if drug.type in _AT_INDUCTION:
        return chance.between(times.induction, times.ready), None
    return chance.between(times.ready, times.procedure_start), None


def _amount(chance: Chance, drug: Drug, patient: Patient) -> str:
    low, high = drug.dose
    dose = low + chance.random() * (high - low)
    if drug.per_kg:
        dose *= patient.weight_kg
    return f"{max(1, round(dose / drug.step)) * drug.step:g}"
