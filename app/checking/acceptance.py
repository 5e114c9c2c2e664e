"""Decides which findings a practice has accepted, and which it can accept."""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from app.domain.acceptances import Acceptance
from app.domain.findings import Finding, FindingCode, Severity

DEFAULT_DAYS: Final = 90
MOST_IN_FORCE: Final = 500  # of a practice, on each side of the sandbox
_LONGEST: Final = timedelta(days=366)  # the same day of next year, leap years too

_POSITION: Final = re.compile(r"\[\d+\]")
_ABOVE: Final = re.compile(r"^/?(AnesthesiaRecords/(AnesthesiaRecord/)?)?")
_PLACE: Final = re.compile(r"[A-Za-z_][\w.-]*(/[A-Za-z_][\w.-]*)*", re.ASCII)


class InForce:
    """The acceptances that hold while a submission is processed."""

    def __init__(self, newest_first: Iterable[Acceptance]) -> None:
        self._by_place: dict[tuple[FindingCode, str | None], Acceptance] = {}
        for acceptance in newest_first:
            self._by_place.setdefault((acceptance.code, acceptance.path), acceptance)
        self._codes = {code for code, _ in self._by_place}

    def covering(self, finding: Finding) -> Acceptance | None:
        """Return what accepts `finding`: for its place before anywhere, newer before older.

        An error is never accepted, whatever was graded a warning when its code was.
        """
        if finding.code not in self._codes or finding.is_error:
            return None
        of_place = self._by_place.get((finding.code, place_of(finding)))
        return of_place or self._by_place.get((finding.code, None))


NOTHING_ACCEPTED: Final = InForce(())


def place_of(finding: Finding) -> str:
    """Return where `finding` is, alike in all records; of something missing, where it would be."""
    place = place_at(finding.path)
    return f"{place}/{finding.missing}" if finding.missing else place


def place_at(path: str) -> str:
    """Return the names of `path` from below its record, or else from below the root.

    "/AnesthesiaRecords/AnesthesiaRecord[3]/Procedure/CPTSet" gives "Procedure/CPTSet".
    """
    return _ABOVE.sub("", _POSITION.sub("", path))


def parse_place(text: str) -> str:
    """Return the place that `text` names; it may be a whole path as a report shows it.

    Raises: ValueError, naming the rule that failed and never the value.
    """
    place = place_at(text)
    if not _PLACE.fullmatch(place):
        raise ValueError("a path is names of elements with a slash between, as Procedure/CPTSet")
    return place


def last_day(asked: date | None, *, day: date) -> date:
    """Return the day that an acceptance made on `day` ends with.

    Raises: ValueError, naming the rule that failed.
    """
    if asked is None:
        return day + timedelta(days=DEFAULT_DAYS)
    if not day <= asked <= day + _LONGEST:
        raise ValueError("an acceptance ends today at the earliest and in a year at the latest")
    return asked


def is_acceptable(severities: Collection[Severity], graded: Severity | None) -> bool:
    """Whether findings of a code can be accepted: those of some severity but error.

    `severities` are those that the code is published with; `graded` is what this deployment makes
    of them, None where it leaves them as they are.
    """
    if graded is not None:
        return graded is not Severity.ERROR
    return set(severities) != {Severity.ERROR}
