"""What CMS would refuse of the value of one measurement.

Source: QPP submissions API, developer documentation of December 2025 and what CMS's own tools
check, read from snapshots.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from app.domain.cms import DocumentFault, DocumentRule
from app.exports.cms.values import metric_name
from app.measures.catalogue.registered import RegisteredMeasure

Kind = Callable[[object], bool]
Value = Mapping[str, Any]


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and isfinite(value))


def _is_list(value: object) -> bool:
    return isinstance(value, list)


_WORDS: Final[Mapping[Kind, str]] = {
    _is_flag: "true or false",
    _is_whole: "a whole number",
    _is_number: "a number",
    _is_list: "a list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    required: Mapping[str, Kind]
    optional: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def known(self) -> Mapping[str, Kind]:
        return {**self.required, **self.optional}


_BY_METRIC: Final = "Tell it as the metric type of the measure asks."
_COUNTED: Final = {"eligiblePopulation": _is_whole, "performanceMet": _is_whole}
_PARTS: Final = {
    "performanceNotMet": _is_whole,
    "eligiblePopulationException": _is_whole,
    "eligiblePopulationExclusion": _is_whole,
}
_ALL_PARTS: Final = ("performanceMet", *_PARTS)
_END: Final = {"isEndToEndReported": _is_flag}
_RATE: Final = {"performanceRate": _is_number}
_STRATA: Final = {"strata": _is_list}
_STRATUM: Final = _Shape(required=_COUNTED, optional=_PARTS)
_SHAPES: Final[Mapping[str, _Shape]] = {
    "singlePerformanceRate": _Shape(required={**_END, **_COUNTED}, optional=_PARTS),
    "registrySinglePerformanceRate": _Shape(
        required={**_END, **_RATE, **_COUNTED},
        optional={**_PARTS, "numeratorExclusion": _is_whole},
    ),
    "multiPerformanceRate": _Shape(required={**_END, **_STRATA}),
    "registryMultiPerformanceRate": _Shape(required={**_END, **_RATE, **_STRATA}),
    "nonProportion": _Shape(
        required={
            **_END,
            "numerator": _is_number,
            "denominator": _is_number,
            "observationInstances": _is_whole,
        },
        optional={"denominatorException": _is_number, "numeratorExclusion": _is_number},
    ),
}


def faults_of_activity(value: object, path: str) -> Iterator[DocumentFault]:
    if not _is_flag(value):
        yield _shape(path, "The value of an activity is true or false.", "Attest it, or leave it.")


def faults_of_value(
    facts: RegisteredMeasure, year: int, value: object, path: str
) -> Iterator[DocumentFault]:
    """Whether the value has the shape of its metric type, and can be."""
    metric = metric_name(facts, year)
    if not isinstance(value, Mapping):
        yield _shape(path, f"The value of a {metric} measure has fields.", _BY_METRIC)
        return
    faults = list(_faults_of_shape(_SHAPES[metric], value, path))
    yield from faults
    if faults:  # what has another shape cannot be asked further
        return
    yield from _faults_of_rate(value, path)
    if "strata" in value:
        yield from _faults_of_strata(facts, year, value["strata"], f"{path}.strata")
    elif "eligiblePopulation" in value:
        yield from _faults_of_counts(facts, value, path)


def _faults_of_shape(shape: _Shape, value: Value, path: str) -> Iterator[DocumentFault]:
    for name in shape.required:
        if name not in value:
            yield _shape(f"{path}.{name}", f"{name} is missing.", _BY_METRIC)
    for name, told in value.items():
        kind = shape.known.get(name)
        if kind is None:
            yield _shape(f"{path}.{name}", f"{name} is no field of this metric.", "Take it out.")
        elif not kind(told):
            yield _shape(f"{path}.{name}", f"{name} has to be {_WORDS[kind]}.", _BY_METRIC)


def _faults_of_rate(value: Value, path: str) -> Iterator[DocumentFault]:
    rate = value.get("performanceRate")
    if rate is not None and not 0 <= rate <= 100:
        yield DocumentFault(
            rule=DocumentRule.PERFORMANCE_RATE,
            path=f"{path}.performanceRate",
            message="A performance rate lies between 0 and 100.",
            mend="Work it out anew from the counts.",
        )


def _faults_of_strata(
    facts: RegisteredMeasure, year: int, strata: list[Any], path: str
) -> Iterator[DocumentFault]:
    known = facts.strata_in(year)
    names = [each.get("stratum") if isinstance(each, Mapping) else None for each in strata]
    if sorted(map(str, names)) != sorted(known):
        yield DocumentFault(
            rule=DocumentRule.STRATA,
            path=path,
            message=f"The strata of the measure are {', '.join(known)}, each once.",
            mend="Tell each of them, one without cases with zeros, and no other.",
        )
        return
    for number, stratum in enumerate(strata):
        told = {name: each for name, each in stratum.items() if name != "stratum"}
        where = f"{path}[{number}]"
        faults = list(_faults_of_shape(_STRATUM, told, where))
        yield from faults or _faults_of_counts(facts, told, where)


def _faults_of_counts(
    facts: RegisteredMeasure, counts: Value, path: str
) -> Iterator[DocumentFault]:
    for name, told in counts.items():
        if name in {*_COUNTED, *_PARTS} and told < 0:
            yield _count(f"{path}.{name}", "A number of cases is not below zero.")
    eligible = counts["eligiblePopulation"]
    if counts["performanceMet"] > eligible:
        yield _count(f"{path}.performanceMet", "More cases met the measure than are eligible.")
    elif sum(counts.get(name, 0) for name in _ALL_PARTS) > eligible:
        yield _count(f"{path}.eligiblePopulation", "Its parts have more cases than are eligible.")
    if not facts.is_of_a_qcdr and counts.get("eligiblePopulationExclusion", 0):
        yield DocumentFault(
            rule=DocumentRule.EXCLUSION,
            path=f"{path}.eligiblePopulationExclusion",
            message="Of a measure of MIPS excluded cases leave the eligible population before.",
            mend="Take them out of eligiblePopulation and tell 0.",
        )


def _shape(path: str, message: str, mend: str) -> DocumentFault:
    return DocumentFault(rule=DocumentRule.VALUE_SHAPE, path=path, message=message, mend=mend)


def _count(path: str, message: str) -> DocumentFault:
    return DocumentFault(
        rule=DocumentRule.COUNTS,
        path=path,
        message=message,
        mend="Count the cases of the measure anew.",
    )
