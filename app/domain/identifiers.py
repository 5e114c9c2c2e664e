"""Identifiers: text becomes a typed value once, at the edge."""

import re
from typing import NewType

Npi = NewType("Npi", str)
Tin = NewType("Tin", str)
PracticeId = NewType("PracticeId", str)

_TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)
_NINE_DIGITS = re.compile(r"\d{9}", re.ASCII)
_PRACTICE_ID = re.compile(r"\d{3,5}", re.ASCII)


def parse_npi(text: str) -> Npi:
    """Return `text` as a National Provider Identifier.

    Shape: ten ASCII digits; the last is a Luhn check digit over "80840" + NPI.
    Raises: ValueError, naming the rule that failed and never the value.
    Source: CMS, "Requirements for National Provider Identifier and NPI Check Digit".
    """
    if not _TEN_DIGITS.fullmatch(text):
        raise ValueError("an NPI has exactly ten digits")
    if _luhn_sum("80840" + text) % 10 != 0:
        raise ValueError("the NPI check digit does not match")
    return Npi(text)


def parse_tin(text: str) -> Tin:
    """Return `text` as a taxpayer identification number.

    Shape: nine ASCII digits, no hyphen.
    Raises: ValueError, naming the rule that failed and never the value.
    Source: NACOR TaxIdType.
    """
    if not _NINE_DIGITS.fullmatch(text):
        raise ValueError("a TIN has exactly nine digits and no hyphen")
    return Tin(text)


def parse_practice_id(text: str) -> PracticeId:
    """Return `text` as the practice id that AQI gives.

    Shape: three to five ASCII digits; leading zeros belong to it.
    Raises: ValueError, naming the rule that failed and never the value.
    Source: NACOR PracticeIdType, 2018V1.0 and later.
    """
    if not _PRACTICE_ID.fullmatch(text):
        raise ValueError("a practice id has three to five digits")
    return PracticeId(text)


def npi_check_digit(first_nine: str) -> str:
    """Return the digit that makes `first_nine` (nine ASCII digits) a valid NPI."""
    return str(-_luhn_sum("80840" + first_nine + "0") % 10)


def _luhn_sum(digits: str) -> int:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        if position % 2:
            value = value * 2 - 9 * (value > 4)
        total += value
    return total
