"""What stands in the chart of a case and in no case file, as whoever abstracts it tells."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

MONTHS_A_YEAR: Final = 12
_NUMBER: Final = r"(\d{1,3})"
_INTERVAL: Final = re.compile(
    rf"{_NUMBER}(?:\s*(?:-|\u2013|to|or)\s*{_NUMBER})?\+?\s*-?\s*(years?|yrs?|y|months?|mos?)\b",
    re.IGNORECASE,
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

    Shape: "10 years", "in 120 months", "7 to 10 years", "5-10 yrs", "at least 10 years".
    """
    found = _INTERVAL.search(text)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    months = 1 if found[3].lower().startswith("mo") else MONTHS_A_YEAR
    return Interval(least=min(first, last) * months, most=max(first, last) * months)
