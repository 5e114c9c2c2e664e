"""Patients of measure 404 (smoking abstinence), whose codes are all known."""

from typing import Any, Final

from tests.case_files import a_record

_SMOKER: Final = ("G9642", "G9643", "G9497")  # smokes, elective surgery, was told not to smoke
ABSTAINED: Final = "G9644"
SMOKED: Final = "G9645"


def smoker(record_id: str, *answer: str, **facts: Any) -> str:
    """A patient who belongs to measure 404, with or without the answer of the day."""
    codes = [("PQRS404", code) for code in (*_SMOKER, *answer)]
    return a_record(record_id, quality=codes, **facts)


def only_smoker(record_id: str, *answer: str, **facts: Any) -> str:
    """One whom no other measure of the set is about: a short anesthetic for a colonoscopy."""
    return smoker(
        record_id,
        *answer,
        end="2024-03-01T08:15:00",
        anesthesia_codes=["00812"],
        procedure_codes=["45378"],
        **facts,
    )
