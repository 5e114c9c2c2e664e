"""Changes of the catalogue in plain words, for the command line, the API and the page alike."""

from collections.abc import Mapping
from typing import Final

from app.measures.changes.comparing import ChangeKind, MeasureChange, Value

WORDS: Final[Mapping[ChangeKind, str]] = {
    ChangeKind.COMPLETENESS: "Completeness asked for, in percent",
    ChangeKind.CASE_MINIMUM: "Cases a measure needs",
    ChangeKind.FLOOR: "Least points with a benchmark",
    ChangeKind.NO_BENCHMARK: "Points without a benchmark, large and small practice",
    ChangeKind.UNDER_CASE_MINIMUM: "Points with too few cases, large and small practice",
    ChangeKind.INCOMPLETE: "Points of incomplete data, large and small practice",
    ChangeKind.MEASURE_NEW: "New",
    ChangeKind.MEASURE_GONE: "Gone",
    ChangeKind.TYPE: "Type",
    ChangeKind.HIGH_PRIORITY: "High priority",
    ChangeKind.METRIC_TYPE: "Kind of rate",
    ChangeKind.STRATA: "Rates",
    ChangeKind.OVERALL_ALGORITHM: "How the rates become one",
    ChangeKind.COLLECTION_TYPES: "Collected by",
    ChangeKind.ANESTHESIOLOGY_SET: "In the anesthesiology set",
    ChangeKind.MVPS: "In MVPs",
    ChangeKind.COMPUTED: "Computed here",
    ChangeKind.RULES: "Rules",
    ChangeKind.BENCHMARK: "Benchmark",
    ChangeKind.INVERSE: "Inverse benchmark",
    ChangeKind.TOPPED_OUT: "Topped out",
    ChangeKind.SEVEN_POINT_CAP: "At most seven points",
    ChangeKind.FLAT_TOPPED_OUT_SCALE: "Flat scale of topped-out measures",
}

_NONE: Final = "none"


def in_words(change: MeasureChange) -> str:
    """Return one line: what it is about, what it was and what it is now."""
    match change.kind:
        case ChangeKind.MEASURE_NEW:
            return "New"
        case ChangeKind.MEASURE_GONE:
            return "No longer among the measures for anesthesia"
        case ChangeKind.RULES:
            return f"{WORDS[change.kind]}, {change.detail}: {_step(change)}"
        case _:
            return f"{WORDS[change.kind]}: {_step(change)}"


def value_in_words(value: Value) -> str:
    match value:
        case None | ():
            return _NONE
        case bool():
            return "yes" if value else "no"
        case str():
            return value.replace("_", " ")
        case _:
            return ", ".join(value)


def _step(change: MeasureChange) -> str:
    if change.kind is ChangeKind.RULES:
        if change.before is None:
            return f"added: {value_in_words(change.after)}"
        if change.after is None:
            return f"removed: {value_in_words(change.before)}"
        if change.before == change.after:
            return f"decided otherwise ({value_in_words(change.after)})"
    return f"{value_in_words(change.before)} → {value_in_words(change.after)}"
