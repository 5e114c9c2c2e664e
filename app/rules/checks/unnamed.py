"""Quality codes among CPT and ICD codes, where no measure is named."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from app.domain.cases import AnesthesiaCase, DiagnosisCode, ProcedureCode
from app.measures.catalogue.terms import code_token
from app.measures.evaluation.facts import speaks_alone
from app.rules.checks.places import anesthesia_codes_name
from app.rules.definition import RecordFacts


class UnnamedCode(NamedTuple):
    """`at` is the path of its element, `code` in upper case, `token` the code and its modifier."""

    at: str
    code: str
    token: str


def unnamed_codes(facts: RecordFacts) -> tuple[UnnamedCode, ...]:
    """Return those that have the form of a quality code; measures need not know them."""
    for codes in _sets_of(facts.case):
        for code in codes:
            if _has_the_form(code.value):  # most records have none, and paths cost more than a look
                return tuple(_unnamed(facts))
    return ()


def _sets_of(case: AnesthesiaCase) -> tuple[tuple[ProcedureCode | DiagnosisCode, ...], ...]:
    return (
        case.procedure_codes,
        case.anesthesia_codes,
        case.diagnoses,
        case.postoperative_diagnoses,
    )


def _unnamed(facts: RecordFacts) -> Iterator[UnnamedCode]:
    for place, code in _each_code(facts):
        if _has_the_form(code.value):
            value = code.value.upper()
            modifier = code.modifier if isinstance(code, ProcedureCode) else None
            yield UnnamedCode(place, value, code_token(value, modifier))


def _each_code(facts: RecordFacts) -> Iterator[tuple[str, ProcedureCode | DiagnosisCode]]:
    places = (
        "Procedure/CPTSet/CPT[{}]/CPTValue",
        f"AnesthesiaCase/{anesthesia_codes_name(facts.years)}/CPTAnes[{{}}]/CPTAnesValue",
        "PreOp/ICDSet/ICD[{}]/ICDValue",
        "PostOp/ICDSet/ICD[{}]/ICDValue",
    )
    for place, codes in zip(places, _sets_of(facts.case), strict=True):
        for number, code in enumerate(codes, start=1):
            yield place.format(number), code


@lru_cache(maxsize=10_000)
def _has_the_form(value: str) -> bool:
    return speaks_alone(value.upper())
