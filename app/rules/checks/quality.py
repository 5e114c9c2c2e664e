"""Quality codes: what a record reports for a measure, against what the measure and its year know.

Only the entries of QCDRSet are looked at, for only there a measure is named. A quality code among
CPT or ICD codes speaks for every measure that knows it, so it can be of none wrongly; what it may
contradict is told by `contradicting` and `evidence`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.measures.catalogue.registered import AgeBounds, RegisteredMeasure
from app.measures.catalogue.terms import CodeRole
from app.rules.checks.reported import ENTRY, QualityCodes, Reported, active_codes, kept, token_of
from app.rules.definition import Given, RecordFacts, Remark

_HCPCS: Final = re.compile(r"[A-Z]\d{4}", re.ASCII | re.IGNORECASE)
_IMPROVEMENT: Final = "IIM"
_OUTSIDE: Final = (CodeRole.NOT_ELIGIBLE, CodeRole.DENOMINATOR_EXCLUSION)


@kept
def quality_code_twice(reported: QualityCodes) -> Iterator[Remark]:
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        measure = reported.register.named(entry.measure)
        name = entry.measure.upper() if measure is None else measure.measure_id
        said = name, token_of(entry)
        if said in seen:
            yield Remark(f"{ENTRY}[{number}]")
        seen.add(said)


@kept
def quality_code_of_other_measure(reported: QualityCodes) -> Iterator[Remark]:
    """A code that some measure knows, though not the one it is reported for.

    A measure whose codes are not public is not asked.
    """
    seen = set()
    for entry in active_codes(reported):
        if entry.code in entry.codes or not entry.measure.has_known_answers:
            continue
        owners = reported.register.reported_by(entry.code)
        if owners and (entry.measure.measure_id, entry.code) not in seen:
            seen.add((entry.measure.measure_id, entry.code))
            yield _of_other(entry, owners)


def _of_other(entry: Reported, owners: tuple[RegisteredMeasure, ...]) -> Remark:
    words = {
        "measure": entry.measure.name_in_files,
        "owners": " or ".join(owner.name_in_files for owner in owners),
    }
    return Remark(
        f"{entry.at}/QCDRCodeValue",
        words,
        "other_year" if entry.measure in owners else "other_measure",
        expected=tuple(dict.fromkeys(code.code for code in entry.codes.values())),
    )


@kept
def measure_not_active(reported: QualityCodes) -> Iterator[Remark]:
    """Once for each measure. What a practice keeps for itself (IIM) is of every year."""
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        measure = reported.register.named(entry.measure)
        if measure is None or measure.is_active_in(reported.year) or measure in seen:
            continue
        seen.add(measure)
        yield Remark(
            f"{ENTRY}[{number}]/QCDRMeasure",
            {
                "measure": measure.name_in_files,
                "year": reported.year,
                "years": _span(measure.years),
            },
            "other_years" if measure.years else "retired",
            suggestion=_only_measure_of(entry.code, reported),
        )


@kept
def measure_unknown(reported: QualityCodes) -> Iterator[Remark]:
    """Once for each name. AQI gives out IIM ids to practices: not all are known."""
    seen = set()
    for number, entry in enumerate(reported.entries, start=1):
        name = entry.measure.upper()
        if name in seen or name.startswith(_IMPROVEMENT):
            continue
        seen.add(name)
        if reported.register.named(name) is None:
            suggestion = _only_measure_of(entry.code, reported)
            yield Remark(f"{ENTRY}[{number}]/QCDRMeasure", suggestion=suggestion)


def age_outside_measure(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    for entry, measure, age in _ages_asked(facts):
        if not age.hold(facts.case.age_years):
            words = {"measure": measure.name_in_files, "ages": _ages(age)}
            yield Remark(f"{entry}/QCDRMeasure", words)


@kept
def _ages_asked(reported: QualityCodes) -> Iterable[tuple[str, RegisteredMeasure, AgeBounds]]:
    """Once for each measure. A code that takes the case out of the measure agrees with any age."""
    asked: dict[str, tuple[str, RegisteredMeasure, AgeBounds]] = {}
    for entry in active_codes(reported):
        measure, code = entry.measure, entry.known
        if measure.age is not None and (code is None or code.role not in _OUTSIDE):
            asked.setdefault(measure.measure_id, (entry.at, measure, measure.age))
    return asked.values()


def modifier_of_other_codes(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A modifier of CPT category II at a code of HCPCS."""
    for number, entry in enumerate(facts.case.quality_codes, start=1):
        if entry.modifier.upper() in given.lists["modifiers"] and _HCPCS.fullmatch(entry.code):
            yield Remark(f"{ENTRY}[{number}]/QCDRModifier")


def _only_measure_of(code: str, reported: QualityCodes) -> str | None:
    """Return the measure that `code` reports in the year, if it is one."""
    measures = reported.register.reported_by(code)
    active = [measure for measure in measures if measure.is_active_in(reported.year)]
    return active[0].name_in_files if len(active) == 1 else None


def _span(years: range | None) -> str:
    if not years:
        return ""
    first, last = years[0], years[-1]
    return f"{first}" if first == last else f"{first} to {last}"


def _ages(age: AgeBounds) -> str:
    if age.most is None:
        return f"{age.least} years or more"
    return f"{age.least} to {age.most} years"
