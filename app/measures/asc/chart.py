"""What stands in the chart of a case and in no case file, as whoever abstracts it tells."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

MONTHS_A_YEAR: Final = 12
_UNIT: Final = r"years?|yrs?|y|months?|mos?"
_INTERVAL: Final = re.compile(
    rf"(?P<first>\d{{1,3}})(?:\s*-?\s*(?P<unit_of_first>{_UNIT})\b)?"
    r"(?:\s*(?:-|\u2013|to|or)\s*(?P<last>\d{1,3}))?"
    rf"\+?\s*-?\s*(?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\bbetween\s+(.{1,20}?)\s+and\b", re.IGNORECASE)
_LESS_THAN: Final = re.compile(
    r"(?:(?<!\bno )(?<!\bnot )\b(?:less than|fewer than|sooner than|under|before)|<)\s*$",
    re.IGNORECASE,
)
_NOT_BEFORE: Final = re.compile(
    r"\b(?:no|not)\b[^.,;:]*\b(?:before|sooner than)\s*$", re.IGNORECASE
)
_AT_MOST: Final = re.compile(
    r"(?:\b(?:up to|within(?: the next)?|at (?:the )?most|less than or equal to"
    r"|(?:no|not) (?:more|longer|later) than)|\u2264|<=)\s*$",
    re.IGNORECASE,
)
_OR_LESS: Final = re.compile(
    r"\s*(?:or\s+(?:less|fewer|sooner|earlier)|at\s+(?:the\s+)?most)\b", re.IGNORECASE
)


class Interval(NamedTuple):
    """A recommended follow-up interval in months, from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """None, or "": the chart has not been looked at, or does not say.

    `follow_up_interval` is as the colonoscopy report has it. `hypothermia_documented_by` is who
    documented that hypothermia was intended.
    """

    follow_up_interval: str | None = None
    medical_reason: bool = False
    no_follow_up_needed: bool = False
    life_expectancy_under_10_years: bool = False
    both_surveys_completed: bool | None = None
    sight_improved: bool | None = None
    unplanned_vitrectomy: bool | None = None
    hypothermia_documented_by: str | None = None


NOT_LOOKED_AT: Final = Chart()


def parse_interval(text: str) -> Interval | None:
    """Return the interval that a report recommends; None for "as needed", "many years", nothing.

    Shape: "10 years", "in 120 months", "7 to 10 years", "between 5 years and 10 years", "5-10 yrs",
    "at least 10 years", "up to 10 years", "less than 10 years", "10 years or sooner".
    """
    told = _BETWEEN.sub(r"\1 to", text)
    found = _INTERVAL.search(told)
    if found is None:
        return None
    last = _months(found["last"] or found["first"], found["unit"])
    first = _months(found["first"], found["unit_of_first"] or found["unit"])
    before, after = told[: found.start()], told[found.end() :]
    if _LESS_THAN.search(before) and not _NOT_BEFORE.search(before):
        return Interval(least=0, most=last - 1)
    if _AT_MOST.search(before) or _OR_LESS.match(after):
        return Interval(least=0, most=last)
    return Interval(least=min(first, last), most=max(first, last))


def _months(number: str, unit: str) -> int:
    return int(number) * (1 if unit.lower().startswith("mo") else MONTHS_A_YEAR)
