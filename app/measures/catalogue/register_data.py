"""Reads the register of measures: data/register-*.toml, one file for each group."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from app.measures.catalogue.edition_files import EditionFiles, edition_files
from app.measures.catalogue.registered import (
    AgeBounds,
    ByYear,
    MeasureGroup,
    MetricType,
    OverallAlgorithm,
    RegisteredCode,
    RegisteredMeasure,
)
from app.measures.catalogue.terms import CodeRole, Collection, Confidence
from app.measures.catalogue.toml_files import read_toml

_EVERY_YEAR: Final = range(1, 10_000)
_MIPS: Final = (MeasureGroup.MIPS, MeasureGroup.MIPS_ELSEWHERE)
_PREFIXES: Final = ("PQRS", "MIPS", "QPP", "QID")
_SPAN: Final = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)

_Value = TypeVar("_Value")
_Type = Literal[
    "process",
    "outcome",
    "intermediate_outcome",
    "patient_reported_outcome",
    "claims_outcome",
    "efficiency",
]


def _years(text: object) -> range:
    """Return the years of "2019" or "2018-2026", both ends in."""
    if not isinstance(text, str) or not (found := _SPAN.fullmatch(text)):
        raise ValueError("years are written 2019 or 2018-2026")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise ValueError("the last year is before the first")
    return range(first, last + 1)


def _years_of_priority(value: object) -> object:
    return value if isinstance(value, bool) else _years(value)


_Years = Annotated[range, BeforeValidator(_years)]
_Spans = dict[str, _Value]


class _Data(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        arbitrary_types_allowed=True,
        defer_build=True,  # most commands read no register
    )


class _Code(_Data):
    """`modifier` stands in the key: 6030F-8P. What each field is: `RegisteredCode`."""

    role: CodeRole
    meaning: str = Field(min_length=1)
    part: str = ""
    unless: str | None = None
    years: _Years | None = None
    confidence: Confidence | None = None


class _Age(_Data):
    min: int = 0
    max: int | None = None
    confidence: Confidence = Confidence.VERIFIED


class _Entry(_Data):
    """A measure as the files have it, under its CMS id.

    What may differ between years is one value, or a table of values by years. Absent: a single
    rate, no strata, no high priority, not inverse, every age, sent by registries alone.
    `high_priority` may be the years in which it is one. `codes_of_edition`: the codes stand in that
    file of editions/. `retired`: before the first year of MIPS. `name_in_files`: how the schemas
    write the id, if otherwise. `not_computed`: why the measure has no results, if not for want of
    public codes.
    """

    title: str
    summary: str | None = None
    steward: str
    name_in_files: str | None = None
    other_names: tuple[str, ...] = ()
    type: _Type | _Spans[_Type] | None = None
    metric: MetricType | _Spans[MetricType] = MetricType.SINGLE_PERFORMANCE_RATE
    strata: tuple[str, ...] | _Spans[tuple[str, ...]] = ()
    overall: _Spans[OverallAlgorithm] = {}
    high_priority: Annotated[bool | range, BeforeValidator(_years_of_priority)] = False
    inverse: bool = False
    collection: tuple[Collection, ...] | _Spans[tuple[Collection, ...]] | None = None
    years: _Years | None = None
    retired: bool = False
    anesthesiology_set: _Years | None = None
    mvps: dict[str, _Years] = {}
    age: _Age | None = None
    not_computed: str | _Spans[str] | None = None
    codes_of_edition: str | _Spans[str] | None = None
    codes_confidence: Confidence | None = None
    codes: dict[str, _Code] = {}


_ENTRIES: Final = TypeAdapter(dict[str, _Entry], config=ConfigDict(defer_build=True))


def read_register(folder: Path) -> Iterator[RegisteredMeasure]:
    """Yield every measure of the register.

    What stands above the measures of a file (steward) holds for each that says nothing else.

    Raises: ValueError when a file does not fit its model.
    """
    editions = edition_files(folder)
    for group in MeasureGroup:
        content = read_toml(folder / f"register-{group}.toml")
        if group is MeasureGroup.MIPS_ELSEWHERE:
            yield from _of_other_specialties(content)
        else:
            entries = _ENTRIES.validate_python(_with_what_holds_for_all(content))
            for measure_id, entry in entries.items():
                yield _measure(measure_id, group, entry, editions)


def _with_what_holds_for_all(content: Mapping[str, Any]) -> dict[str, Any]:
    for_all = {name: value for name, value in content.items() if not isinstance(value, Mapping)}
    return {
        measure_id: for_all | entry
        for measure_id, entry in content.items()
        if isinstance(entry, dict)
    }


def _of_other_specialties(content: Mapping[str, str]) -> Iterator[RegisteredMeasure]:
    for span, ids in content.items():
        for measure_id in ids.split():
            yield RegisteredMeasure(
                measure_id=measure_id,
                group=MeasureGroup.MIPS_ELSEWHERE,
                aliases=_names(measure_id, MeasureGroup.MIPS_ELSEWHERE),
                years=_years(span),
                mvps={},
            )


def _measure(
    measure_id: str, group: MeasureGroup, entry: _Entry, editions: EditionFiles
) -> RegisteredMeasure:
    written = (entry.name_in_files,) if entry.name_in_files else _names(measure_id, group)
    return RegisteredMeasure(
        measure_id=measure_id,
        group=group,
        aliases=(*written, *entry.other_names),
        years=range(0) if entry.retired else entry.years,
        title=entry.title,
        summary=entry.summary,
        steward=entry.steward,
        measure_type=ByYear() if entry.type is None else _by_year(entry.type),
        metric_type=_by_year(entry.metric),
        strata=_by_year(entry.strata),
        overall=_by_year(entry.overall),
        high_priority=_priority(entry.high_priority),
        inverse=entry.inverse,
        collection=_collection(entry, group),
        anesthesiology_set=entry.anesthesiology_set,
        mvps=entry.mvps,
        age=_age(entry.age),
        not_computed=ByYear() if entry.not_computed is None else _by_year(entry.not_computed),
        read_codes=lambda: tuple(_codes(entry, editions)),
    )


def _names(measure_id: str, group: MeasureGroup) -> tuple[str, ...]:
    if group in _MIPS:
        return (*(f"{prefix}{measure_id}" for prefix in _PREFIXES), measure_id)
    if group is MeasureGroup.ASC:
        return measure_id, measure_id.replace("-", "_")
    return (measure_id,)


def _by_year(value: _Value | Mapping[str, _Value]) -> ByYear[_Value]:
    if isinstance(value, Mapping):
        return ByYear(tuple((_years(span), each) for span, each in value.items()))
    return ByYear(((_EVERY_YEAR, value),))


def _priority(value: bool | range) -> ByYear[bool]:
    if isinstance(value, range):
        return ByYear(((value, True),))
    return ByYear(((_EVERY_YEAR, value),))


def _age(age: _Age | None) -> AgeBounds | None:
    if age is None:
        return None
    return AgeBounds(least=age.min, most=age.max, confidence=age.confidence)


def _collection(entry: _Entry, group: MeasureGroup) -> ByYear[tuple[Collection, ...]]:
    if entry.collection is not None:
        return _by_year(entry.collection)
    is_in_mips = group not in (MeasureGroup.ASC, MeasureGroup.LOCAL)
    return _by_year((Collection.REGISTRY,)) if is_in_mips else ByYear()


def _codes(entry: _Entry, editions: EditionFiles) -> Iterator[RegisteredCode]:
    """The codes of a measure that is computed stand once, with its rules."""
    for key, code in entry.codes.items():
        yield _code(key, code, entry.codes_confidence)
    if isinstance(entry.codes_of_edition, str):
        yield from _codes_of_edition(editions.whole(entry.codes_of_edition), years=None)
    elif entry.codes_of_edition is not None:
        for span, edition in entry.codes_of_edition.items():
            yield from _codes_of_edition(editions.whole(edition), years=_years(span))


def _code(key: str, code: _Code, of_all: Confidence | None) -> RegisteredCode:
    confidence = code.confidence or of_all
    if confidence is None:
        raise ValueError(f"{key}: it is not said how well the code is known")
    value, _, modifier = key.partition("-")
    return RegisteredCode(
        code=value,
        modifier=modifier or None,
        role=code.role,
        meaning=code.meaning,
        confidence=confidence,
        part=code.part,
        unless=code.unless,
        years=code.years,
    )


def _codes_of_edition(
    edition: Mapping[str, Any], *, years: range | None
) -> Iterator[RegisteredCode]:
    for code in edition["codes"]:
        yield RegisteredCode(
            code=code["code"],
            modifier=code.get("modifier"),
            role=CodeRole(code["role"]),
            meaning=code["meaning"],
            confidence=Confidence(code["confidence"]),
            part=code.get("part", ""),
            unless=code.get("unless"),
            years=years,
        )
