"""Diagnoses and anesthesia codes: whether a code is of the kind that it is sent as."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from app.domain.cases import DiagnosisCode
from app.rules.checks.places import anesthesia_codes_name
from app.rules.definition import Given, RecordFacts, Remark

# The forms of the schema, by the ICDVersion that they are for; the schema itself does not tie them.
# NACOR registry codes have a form of neither.
_FORMS: Final = {
    "9": re.compile(r"V\d{2}(\.\d{1,2})?|\d{3}(\.\d{1,2})?|E\d{3}(\.\d)?|\d{4}", re.ASCII),
    "10": re.compile(r"[A-TV-Z]\d[A-Z0-9](\.[A-Z0-9]{1,4})?|[A-Za-z0-9]{7}", re.ASCII),
}
_QUALITY: Final = re.compile(r"\d{4}F|[A-Z]\d{4}", re.ASCII | re.IGNORECASE)


def icd_version_disagrees(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A code whose form is that of the other version only."""
    for section, number, code in _diagnoses(facts):
        versions = _versions_of(code.value)
        if versions and code.version not in versions:
            place = f"{section}/ICDSet/ICD[{number}]/ICDVersion"
            yield Remark(place, suggestion=versions[0])


def icd_out_of_time(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A code goes by its form; ICDVersion decides where that is one of both."""
    day = facts.case.date_of_service
    number_of_day = day.year * 10_000 + day.month * 100 + day.day
    in_force = "10" if number_of_day >= given.numbers["icd_10_from"] else "9"
    for section, number, code in _diagnoses(facts):
        versions = _versions_of(code.value)
        version = versions[0] if len(versions) == 1 else code.version
        if versions and version != in_force:
            message = "too_old" if version == "9" else "too_new"
            yield Remark(f"{section}/ICDSet/ICD[{number}]/ICDValue", message=message)


def not_an_anesthesia_code(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """Neither an anesthesia code, nor one that is billed beside it, nor a quality code."""
    first, last, others = given.numbers["first"], given.numbers["last"], given.lists["others"]
    for number, code in enumerate(facts.case.anesthesia_codes, start=1):
        in_range = code.value.isdigit() and first <= int(code.value) <= last
        if not (in_range or is_listed(code.value, others) or is_quality_code(code.value)):
            codes = anesthesia_codes_name(facts.years)
            yield Remark(f"AnesthesiaCase/{codes}/CPTAnes[{number}]/CPTAnesValue")


@lru_cache(maxsize=10_000)
def is_listed(value: str, listed: tuple[str, ...]) -> bool:
    """Whether `listed` holds the CPT code `value`, alone or in a span such as "64400-64530"."""
    spans = (each.partition("-") for each in listed)
    return any(
        first <= value <= (last or first) and len(value) == len(first) for first, _, last in spans
    )


def is_quality_code(value: str) -> bool:
    """Whether `value` has the form of CPT category II or HCPCS; measures take both from any set."""
    return not value.isdigit() and _QUALITY.fullmatch(value) is not None


def _diagnoses(facts: RecordFacts) -> Iterator[tuple[str, int, DiagnosisCode]]:
    """Each code with its section and its place there."""
    for number, code in enumerate(facts.case.diagnoses, start=1):
        yield "PreOp", number, code
    for number, code in enumerate(facts.case.postoperative_diagnoses, start=1):
        yield "PostOp", number, code


@lru_cache(maxsize=10_000)
def _versions_of(value: str) -> tuple[str, ...]:
    return tuple(version for version, form in _FORMS.items() if form.fullmatch(value))
