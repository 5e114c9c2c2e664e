"""The months as columns of totals."""

from typing import Final

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
"""Columns of a total: with a row for each month there would be twelve to read for one."""
