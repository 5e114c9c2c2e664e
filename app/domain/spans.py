"""Spans of days whose ends may be open: how long a TIN is valid, when somebody works where."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Both days belong to it. None: it has no beginning, or no end yet."""

    first: date | None = None
    last: date | None = None

    @property
    def is_possible(self) -> bool:
        return self.first is None or self.last is None or self.first <= self.last

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: "Span") -> bool:
        return _begins_by_end(self, other) and _begins_by_end(other, self)

    def within(self, year: int) -> "Span | None":
        """The part of it that lies in a calendar year; None when there is none."""
        whole = year_span(year)
        if not self.overlaps(whole):
            return None
        assert whole.first is not None, "a year has a first day"
        assert whole.last is not None, "a year has a last day"
        return Span(
            first=max(self.first or whole.first, whole.first),
            last=min(self.last or whole.last, whole.last),
        )


def year_span(year: int) -> Span:
    return Span(first=date(year, 1, 1), last=date(year, 12, 31))


def _begins_by_end(one: Span, other: Span) -> bool:
    return one.first is None or other.last is None or one.first <= other.last
