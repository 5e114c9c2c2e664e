"""What CMS would refuse of a document, found before anybody uploads it.

Source: QPP submissions API, developer documentation of December 2025, and what CMS's own upload and
conversion tools check, read from snapshots: nothing here was ever tried against CMS. Left to CMS is
whether the entity is eligible or has opted in, which registries may send a measure of a QCDR, and
whether another document holds the same set.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.cms import CmsCategory, DocumentFault, DocumentRule
from app.domain.reporting import ReportingLevel
from app.exports.cms.cms_year import CmsYear
from app.exports.cms.document import METHOD
from app.exports.cms.value_rules import faults_of_activity, faults_of_value

Part = Mapping[str, Any]

_TIN: Final = re.compile(r"\d{9}", re.ASCII)
_NPI: Final = re.compile(r"\d{10}", re.ASCII)
_ANY_TEXT: Final = re.compile(r"\S+")
_TIN_KEY: Final = "taxpayerIdentificationNumber"
_NPI_KEY: Final = "nationalProviderIdentifier"
_KEYS: Final[Mapping[str, re.Pattern[str]]] = {
    _TIN_KEY: _TIN,
    _NPI_KEY: _NPI,
    "entityId": _ANY_TEXT,
}
_KEYS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    ReportingLevel.GROUP: (_TIN_KEY,),
    ReportingLevel.INDIVIDUAL: (_TIN_KEY, _NPI_KEY),
    ReportingLevel.SUBGROUP: ("entityId",),
    ReportingLevel.VIRTUAL_GROUP: ("entityId",),
}
_MENDS: Final[Mapping[str, str]] = {
    _TIN_KEY: "A TIN is text of nine digits: correct it in the roster.",
    _NPI_KEY: "An NPI is text of ten digits: correct it in the roster.",
    "entityId": "Make the documents anew with the id that CMS gave the group.",
}


def faults_of(document: Part, year: CmsYear) -> tuple[DocumentFault, ...]:
    """Everything that speaks against handing the document out, in the order of its parts."""
    return tuple(_faults(document, year))


def _faults(document: Part, year: CmsYear) -> Iterator[DocumentFault]:
    yield from _faults_of_entity(document)
    yield from _faults_of_year(document, year)
    sets: Sequence[Part] = document.get("measurementSets") or []
    if not sets:
        yield _fault(
            DocumentRule.NOTHING_TO_SEND,
            "$.measurementSets",
            "Nothing of this entity may be sent.",
            "Look at what was left out, and why.",
        )
    seen: set[tuple[object, ...]] = set()
    for number, each in enumerate(sets):
        path = f"$.measurementSets[{number}]"
        yield from _faults_of_set(each, path, year)
        known_by = (each.get("category"), each.get("submissionMethod"), each.get("programName"))
        if known_by in seen:
            yield _fault(
                DocumentRule.SET_TWICE,
                path,
                "CMS takes one set for a category, method and program.",
                "Put the measurements of both into one.",
            )
        seen.add(known_by)


def _faults_of_entity(document: Part) -> Iterator[DocumentFault]:
    kind: str = document.get("entityType", "")
    if kind not in _KEYS_OF:
        words = ", ".join(_KEYS_OF)
        yield _fault(
            DocumentRule.ENTITY, "$.entityType", f"It has to be one of {words}.", "Correct it."
        )
        return
    for key, pattern in _KEYS.items():
        told = document.get(key)
        if key in _KEYS_OF[kind]:
            if not isinstance(told, str) or not pattern.fullmatch(told):
                message = "It is missing." if told is None else "It is not written as CMS asks."
                yield _fault(DocumentRule.ENTITY, f"$.{key}", message, _MENDS[key])
        elif told is not None:
            yield _fault(
                DocumentRule.ENTITY, f"$.{key}", f"{kind} has no such key.", "Take it out."
            )


def _faults_of_year(document: Part, year: CmsYear) -> Iterator[DocumentFault]:
    path = "$.performanceYear"
    if document.get("performanceYear") != year.performance_year:
        yield _fault(DocumentRule.YEAR, path, "It is another year.", "Make the documents anew.")
    if year.day <= year.last_day:
        yield _fault(
            DocumentRule.YEAR, path, "The year is not over.", "Make the documents anew after it."
        )
    if not year.is_settled:
        yield _fault(
            DocumentRule.YEAR,
            path,
            "Cases of the year stand under several versions of the rules.",
            "Make the documents anew when the backfill has ended.",
        )


def _faults_of_set(part: Part, path: str, year: CmsYear) -> Iterator[DocumentFault]:
    category = part.get("category")
    if category not in set(CmsCategory):
        yield _fault(
            DocumentRule.CATEGORY,
            f"{path}.category",
            "Only quality and ia are sent from here: of other categories nothing is known.",
            "Take the set out.",
        )
        return
    if part.get("submissionMethod") != METHOD:
        yield _fault(
            DocumentRule.SUBMISSION_METHOD,
            f"{path}.submissionMethod",
            "A registry sends by the method registry; another one needs certified technology.",
            f"Tell {METHOD}.",
        )
    if part.get("programName") != year.program:
        yield _fault(
            DocumentRule.PROGRAM,
            f"{path}.programName",
            "The practice is not registered for this program.",
            f"Tell {year.program}, or change the registration.",
        )
    yield from _faults_of_period(part, path, year)
    yield from _faults_of_measurements(part, path, year, is_quality=category == CmsCategory.QUALITY)


def _faults_of_period(part: Part, path: str, year: CmsYear) -> Iterator[DocumentFault]:
    days = [_day_of(part.get(name)) for name in ("performanceStart", "performanceEnd")]
    for name, day in zip(("performanceStart", "performanceEnd"), days, strict=True):
        if day is None or day.year != year.performance_year:
            yield _fault(
                DocumentRule.PERIOD,
                f"{path}.{name}",
                "It has to be a day of the performance year, as YYYY-MM-DD.",
                "Correct the day.",
            )
    first, last = days
    if first is not None and last is not None and first > last:
        yield _fault(
            DocumentRule.PERIOD, f"{path}.performanceEnd", "It is before the start.", "Correct it."
        )


def _day_of(told: object) -> date | None:
    try:
        return date.fromisoformat(told) if isinstance(told, str) and len(told) == 10 else None
    except ValueError:
        return None


def _faults_of_measurements(
    part: Part, path: str, year: CmsYear, *, is_quality: bool
) -> Iterator[DocumentFault]:
    seen: set[object] = set()
    for number, each in enumerate(part.get("measurements") or []):
        where = f"{path}.measurements[{number}]"
        measure_id = each.get("measureId")
        if measure_id in seen:
            yield _fault(
                DocumentRule.MEASURE_TWICE,
                f"{where}.measureId",
                "The set has the measure already.",
                "Tell each measure once.",
            )
        seen.add(measure_id)
        if is_quality:
            yield from _faults_of_measure(each, where, year)
        else:
            yield from _faults_of_activity(each, where, year)


def _faults_of_measure(each: Part, where: str, year: CmsYear) -> Iterator[DocumentFault]:
    facts = year.measures.get(each.get("measureId", ""))
    if facts is None:
        yield _unknown(f"{where}.measureId", "measure")
        return
    if not year.has_in_program(facts):
        yield _outside(f"{where}.measureId", year)
    if facts.is_of_a_qcdr and not year.has_vendor_id:
        yield _fault(
            DocumentRule.VENDOR,
            f"{where}.measureId",
            "A measure of a QCDR is taken from vendors alone that CMS lists for it.",
            "Tell the id of the registry (NACOR_CMS_VENDOR_ID), or leave the measure out.",
        )
    yield from faults_of_value(facts, year.performance_year, each.get("value"), f"{where}.value")


def _faults_of_activity(each: Part, where: str, year: CmsYear) -> Iterator[DocumentFault]:
    activity_id = each.get("measureId", "")
    if activity_id not in year.inventory.activities:
        yield _unknown(f"{where}.measureId", "activity")
        return
    is_in_mvp = year.inventory.is_in_mvp(activity_id, year.program, year.performance_year)
    if year.is_mvp and is_in_mvp is False:
        yield _outside(f"{where}.measureId", year)
    yield from faults_of_activity(each.get("value"), f"{where}.value")


def _unknown(path: str, what: str) -> DocumentFault:
    return _fault(
        DocumentRule.MEASURE_UNKNOWN,
        path,
        f"The performance year has no such {what}.",
        "Take it out.",
    )


def _outside(path: str, year: CmsYear) -> DocumentFault:
    return _fault(
        DocumentRule.PROGRAM, path, f"It does not belong to {year.program}.", "Take it out."
    )


def _fault(rule: DocumentRule, path: str, message: str, mend: str) -> DocumentFault:
    return DocumentFault(rule=rule, path=path, message=message, mend=mend)
