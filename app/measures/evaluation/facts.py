"""What the rules of every measure ask of a case, worked out once per case."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from app.domain.cases import AnesthesiaCase
from app.measures.catalogue.terms import code_token

_SPEAKS_ALONE: Final = re.compile(r"(\d{4}F|[A-Z]\d{4}|\d{2}[A-Z]\d{2})(-\dP)?", re.ASCII)
"""CPT category II, HCPCS, and registry codes. Others (036, 1081, 52A) may mean a diagnosis."""


@dataclass(slots=True, kw_only=True)
class CaseFacts:
    """A case, its CPT codes, and the quality codes reported for each measure.

    `unnamed`: quality codes that came as CPT or ICD codes, where no measure is named; they count
    for every measure. `named`: the same together with those that named the measure, by measure id.
    """

    case: AnesthesiaCase
    procedures: Set[str]
    unnamed: Set[str]
    named: Mapping[str, Set[str]]

    def reported(self, measure_id: str) -> Set[str]:
        return self.named.get(measure_id, self.unnamed)


Predicate = Callable[[CaseFacts, Set[str]], bool]
"""Gets the facts of a case, and the quality codes reported for the measure at hand."""


def codes_that_speak_alone(tokens: Set[str]) -> frozenset[str]:
    """Return those that need no measure beside them, and so may stand among other codes."""
    return frozenset(filter(speaks_alone, tokens))


def speaks_alone(token: str) -> bool:
    return not token.isdigit() and _SPEAKS_ALONE.fullmatch(token) is not None


def facts_of(
    case: AnesthesiaCase, *, measure_by_alias: Mapping[str, str], unnamed_codes: frozenset[str]
) -> CaseFacts:
    """Return the facts of `case`.

    Of its CPT and ICD codes only `unnamed_codes` are taken for quality codes.
    """
    procedures = {code.value.upper() for code in case.anesthesia_codes + case.procedure_codes}
    unnamed = unnamed_codes.intersection(_unnamed_codes(case))
    return CaseFacts(
        case=case,
        procedures=procedures,
        unnamed=unnamed,
        named=_named_codes(case, measure_by_alias, unnamed) if case.quality_codes else {},
    )


def _unnamed_codes(case: AnesthesiaCase) -> list[str]:
    procedures = case.anesthesia_codes + case.procedure_codes
    diagnoses = case.diagnoses + case.postoperative_diagnoses
    return [
        *[code_token(procedure.value.upper(), procedure.modifier) for procedure in procedures],
        *[diagnosis.value.upper() for diagnosis in diagnoses],
    ]


def _named_codes(
    case: AnesthesiaCase, measure_by_alias: Mapping[str, str], unnamed: frozenset[str]
) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for entry in case.quality_codes:
        measure_id = measure_by_alias.get(entry.measure.upper())
        if measure_id is not None:
            codes = named.setdefault(measure_id, set(unnamed))
            codes.add(code_token(entry.code.upper(), entry.modifier))
    return named
