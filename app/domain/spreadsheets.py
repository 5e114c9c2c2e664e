"""Cells of CSV that a spreadsheet would run as a formula, and how they are kept from it.

Source: OWASP, "CSV Injection".
"""

import re
from typing import Final

_GUARD: Final = "'"
# At the beginning of a cell, and behind what a spreadsheet may be told to split at besides commas.
_BEGINS: Final = r"(?:^|(?<=[;\t\r\n|]))"
_RUN: Final = r"""(?=[ "']*+[=+\-@]|[\t\r])"""
_FORMULA: Final = re.compile(_BEGINS + _RUN)
_GUARDED: Final = re.compile(_BEGINS + _GUARD + _RUN)


def guarded_cell(text: str) -> str:
    """What begins like a formula gets a quote before it, which marks it as text."""
    return _FORMULA.sub(_GUARD, text)


def unguarded_cell(text: str) -> str:
    """Return what `guarded_cell` was given."""
    return _GUARDED.sub("", text)
