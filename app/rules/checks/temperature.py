"""Temperatures: whether they can be, and whether their unit is the one they are in.

Of each kind of fault the first reading of a record is named: a monitor repeats itself.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from lxml import etree

from app.domain.cases import Temperature
from app.domain.temperature_names import is_patient_temperature
from app.measures.evaluation.temperature_scale import Scale, scale_of
from app.rules.checks.places import path_in_record
from app.rules.definition import Given, RecordFacts, Remark

_NAME: Final = {Scale.CELSIUS: "Celsius", Scale.FAHRENHEIT: "Fahrenheit"}
_OTHER: Final = {Scale.CELSIUS: Scale.FAHRENHEIT, Scale.FAHRENHEIT: Scale.CELSIUS}
_LETTERS: Final = ("C", "F")


def temperature_implausible(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    def is_implausible(reading: Temperature) -> bool:
        scale = _scale_of(reading, given)
        return scale is not None and not _is_possible(reading.value, scale, given)

    for place, reading in _first(facts, is_implausible):
        scale = _scale_of(reading, given)
        assert scale is not None, "what has no scale is not judged"
        least, most = _limits(scale, given)
        words = {"least": least, "most": most, "scale": _NAME[scale]}
        yield Remark(f"{place}/MonitoringValueNumeric", words)


def temperature_unit_missing(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """No unit, or one that names no scale ("degrees")."""
    for place, reading in _first(facts, lambda reading: _is_open(reading.unit or "")):
        scale = _scale_of(reading, given)
        assert scale is not None, "the value decides where the unit does not"
        yield Remark(f"{place}/MonitoringUnits", {"scale": _NAME[scale]}, expected=_LETTERS)


def temperature_unit_wrong(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A value that is possible in the other scale only, or a unit of something else."""

    def is_wrong(reading: Temperature) -> bool:
        scale = _scale_of(reading, given)
        if scale is None:
            return True
        named = not _is_open(reading.unit or "")
        return named and _is_possible(reading.value, _OTHER[scale], given)

    for place, reading in _first(facts, is_wrong):
        scale = _scale_of(reading, given)
        words = {"scale": _NAME[scale], "other": _NAME[_OTHER[scale]]} if scale else {}
        yield Remark(
            f"{place}/MonitoringUnits",
            words,
            "swapped" if scale else "unknown",
            expected=() if scale else _LETTERS,
            suggestion=_unit_that_fits(reading.value, given),
        )


def _first(
    facts: RecordFacts, is_at_fault: Callable[[Temperature], bool]
) -> Iterator[tuple[str, Temperature]]:
    """Yield the first reading that is at fault, and its path, if there is one."""
    for number, reading in enumerate(facts.case.temperatures):
        if is_at_fault(reading):
            yield path_in_record(_readings(facts.record)[number]), reading
            return


def _readings(record: etree._Element) -> list[etree._Element]:
    """The place of every temperature that the case has, in the same order."""
    return [
        reading
        for reading in record.iterfind("IntraOp/MonitoringPhysiologicSet/Monitoring")
        if is_patient_temperature(reading.findtext("MonitoringName"))
        and (reading.findtext("MonitoringValueNumeric") or "").strip()
    ]


def _scale_of(reading: Temperature, given: Given) -> Scale | None:
    return scale_of(reading.unit or "", reading.value >= given.numbers["fahrenheit_from"])


@lru_cache(maxsize=256)
def _is_open(unit: str) -> bool:
    """Whether `unit` leaves the scale to the value."""
    return scale_of(unit, value_is_high=True) is not scale_of(unit, value_is_high=False)


def _limits(scale: Scale, given: Given) -> tuple[Decimal, Decimal]:
    if scale is Scale.CELSIUS:
        return given.numbers["celsius_least"], given.numbers["celsius_most"]
    return given.numbers["fahrenheit_least"], given.numbers["fahrenheit_most"]


def _is_possible(value: Decimal, scale: Scale, given: Given) -> bool:
    least, most = _limits(scale, given)
    return least <= value <= most


def _unit_that_fits(value: Decimal, given: Given) -> str | None:
    return next((str(scale) for scale in Scale if _is_possible(value, scale, given)), None)
