"""What the decisions of several measures share."""

from collections.abc import Iterator, Set
from datetime import datetime

from app.domain.asc import Landing
from app.domain.cases import AnesthesiaCase

Found = tuple[Landing, str]
"""Where a case landed, and the reason."""

_ICD_10 = "10"


def with_modifier(case: AnesthesiaCase, procedures: Set[str], modifiers: Set[str]) -> bool:
    """Whether one of `procedures` was done with one of `modifiers`."""
    return any(
        code.value.upper() in procedures and (code.modifier or "").upper() in modifiers
        for code in case.procedure_codes
    )


def diagnoses_of(case: AnesthesiaCase) -> Iterator[str]:
    """Yield the ICD-10-CM codes from before and after surgery, without their points."""
    for diagnosis in (*case.diagnoses, *case.postoperative_diagnoses):
        if diagnosis.version == _ICD_10:
            yield without_point(diagnosis.value)


def without_point(code: str) -> str:
    return code.replace(".", "").upper()


def to_the_minute(moment: datetime) -> datetime:
    """Cut the seconds: the clock times of a manual are whole minutes (assumed)."""
    return moment.replace(second=0, microsecond=0)
