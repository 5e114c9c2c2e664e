"""Monitors, temperatures and vital signs of a generated case."""

from typing import NamedTuple

from app.synthetic.chance import Chance
from app.synthetic.patients import Patient
from app.synthetic.procedures import Technique
from app.synthetic.timing import Times

# Measure 424 looks from 30 minutes before to 15 minutes after anesthesia end for 35.5 C (95.9 F).
WINDOW_BEFORE_END, WINDOW_AFTER_END = 30, 15
WARM_TENTHS = {"C": 355, "F": 959}

FEWEST_VITAL_SIGNS, MOST_VITAL_SIGNS = 3, 150


class Temperature(NamedTuple):
    """`tenths` of a degree of `unit`, so that 35.5 C and 95.9 F are exact."""

    minute: int
    unit: str
    tenths: int

    @property
    def value(self) -> str:
        degrees, tenth = divmod(self.tenths, 10)
        return f"{degrees}.{tenth}"


class VitalSign(NamedTuple):
    """Values sway by half of `sway` on either side of `typical`."""

    name: str
    unit: str
    typical: int
    sway: int


class Round(NamedTuple):
    """One look at the monitor: a value for each of the first signs."""

    minute: int
    signs: tuple[VitalSign, ...]
    values: list[int]


_ADULT_SIGNS = (
    VitalSign("Heart rate", "bpm", 74, 22),
    VitalSign("Systolic blood pressure", "mmHg", 118, 34),
    VitalSign("Diastolic blood pressure", "mmHg", 68, 20),
    VitalSign("SpO2", "%", 98, 4),
    VitalSign("Respiratory rate", "/min", 14, 6),
)
_CHILD_SIGNS = (
    VitalSign("Heart rate", "bpm", 112, 30),
    VitalSign("Systolic blood pressure", "mmHg", 96, 22),
    VitalSign("Diastolic blood pressure", "mmHg", 55, 16),
    VitalSign("SpO2", "%", 98, 4),
    VitalSign("Respiratory rate", "/min", 20, 8),
)
_CAPNOGRAPHY = VitalSign("EtCO2", "mmHg", 36, 8)


def draw_temperatures(
    chance: Chance, technique: Technique, times: Times, *, unit: str
) -> tuple[Temperature, ...]:
    """Return the readings, most of them near anesthesia end as the measure asks."""
    if not (technique.is_general or technique.is_neuraxial):
        return (_at_handover(chance, times, unit),) if chance.happens(0.3) else ()
    readings = []
    if technique.is_general and chance.happens(0.6):
        readings.append(_temperature(chance, times.ready, unit, cold=0.02))
    if chance.happens(0.97):
        readings.append(_at_handover(chance, times, unit))
    return tuple(readings)


def was_warm(temperatures: tuple[Temperature, ...], times: Times) -> bool:
    """Tell whether a reading around anesthesia end reaches what measure 424 asks."""
    inside = _in_window(temperatures, times)
    return any(reading.tenths >= WARM_TENTHS[reading.unit] for reading in inside)


def was_cold(temperatures: tuple[Temperature, ...], times: Times) -> bool:
    """Tell whether there is a reading around anesthesia end and none that is warm enough."""
    return bool(_in_window(temperatures, times)) and not was_warm(temperatures, times)


def _in_window(temperatures: tuple[Temperature, ...], times: Times) -> list[Temperature]:
    first, last = times.end - WINDOW_BEFORE_END, times.end + WINDOW_AFTER_END
    return [reading for reading in temperatures if first <= reading.minute <= last]


def _at_handover(chance: Chance, times: Times, unit: str) -> Temperature:
    # Leaving the room or arriving in recovery: within both bounds of the window.
    earliest = max(times.ready, times.end - 15)
    minute = chance.between(earliest, times.end + WINDOW_AFTER_END)
    return _temperature(chance, minute, unit, cold=0.04)


def _temperature(chance: Chance, minute: int, unit: str, *, cold: float) -> Temperature:
    center = 350 if chance.happens(cold) else 364
    celsius = int(chance.near(center, 3.5, 338, 385))
    tenths = celsius if unit == "C" else 320 + round(celsius * 9 / 5)
    return Temperature(minute, unit, tenths)


def draw_vital_signs(
    chance: Chance, technique: Technique, patient: Patient, times: Times
) -> tuple[Round, ...]:
    """Return rounds of vital signs, evenly spread from anesthesia start to end.

    The number of values is log-normal, its parameters ours: most practices send a few, some send
    the whole trace.
    """
    number = int(chance.lognormvariate(3.3, 0.85))
    number = min(MOST_VITAL_SIGNS, max(FEWEST_VITAL_SIGNS, number))
    signs: tuple[VitalSign, ...] = _ADULT_SIGNS if patient.is_adult else _CHILD_SIGNS
    if technique.is_general:
        signs = (*signs, _CAPNOGRAPHY)
    full_rounds, rest = divmod(number, len(signs))
    rounds = full_rounds + (rest > 0)
    draw = chance.random
    return tuple(
        [
            Round(
                times.start + times.anesthesia_minutes * turn // rounds,
                signs,
                [
                    typical + int((draw() - 0.5) * sway)
                    for _, _, typical, sway in (signs if turn < full_rounds else signs[:rest])
                ],
            )
            for turn in range(rounds)
        ]
    )


def monitors(technique: Technique, *, arterial_line: bool) -> tuple[str, ...]:
    standard = ("Pulse oximetry", "ECG", "Non-invasive blood pressure", "Capnography")
    if not technique.is_general:
        return standard
    return (*standard, "Temperature", *(("Arterial line",) if arterial_line else ()))
