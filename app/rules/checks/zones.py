"""Times that carry a zone: it is dropped, and the record is told so once."""

from collections.abc import Iterator
from typing import Final

from app.domain.clock import zone_of
from app.domain.findings import Severity
from app.rules.checks.places import path_in_record
from app.rules.definition import Given, RecordFacts, Remark
from app.rules.undecoded import TIMES

_GREENWICH: Final = frozenset(["Z"])
_NONE: Final = frozenset([None])


def zone_in_time(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """At the first time with a zone. Where all carry one, files of early versions may do so."""
    if facts.zones <= _NONE:
        return
    message = "one"
    if facts.zones_differ:
        message = "differ"
    elif facts.zones == _GREENWICH:
        message = "greenwich"
    is_usual = message == "one" and facts.years.first < given.numbers["unusual_from_version"]
    yield Remark(
        _first_with_zone(facts), message=message, severity=Severity.INFO if is_usual else None
    )


def _first_with_zone(facts: RecordFacts) -> str:
    in_order = (each for each in facts.record.iter(*TIMES) if each.text and zone_of(each.text))
    return path_in_record(next(in_order))
