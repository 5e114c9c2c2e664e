"""A rule beyond the schema: what it looks at, what it says, and how a deployment grades it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

from app.domain.cases import AnesthesiaCase
from app.domain.findings import FindingCode, Severity
from app.measures.catalogue.register import MeasureRegister
from app.rules.undecoded import (
    Undecoded,
    WrittenTimes,
    undecoded_elements,
    zones_in,
)


class RulesFileWrong(ValueError):
    """The settings file of the rules cannot be followed; the text says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionYears:
    """Which dates of service a schema version is for.

    `last` is None as long as no newer version is known. `lenient_until` is the last day on which
    the newer version need not be sent yet, though its year has begun. `is_closed` tells that files
    of the version are not taken on the day, whatever is in them.
    """

    first: int
    last: int | None
    lenient_until: date | None
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What a rule may look at. `day` is today.

    `record` is for what a case does not hold; `undecoded` are the elements of it that rules ask
    for in every record, `times` what is written in those that are times. `zones` are those that
    its times carry, None for a time without one.
    """

    case: AnesthesiaCase
    record: etree._Element
    years: VersionYears
    day: date
    measures: MeasureRegister
    undecoded: Undecoded = field(init=False)
    times: WrittenTimes = field(init=False)
    zones: frozenset[str | None] = field(init=False)

    def __post_init__(self) -> None:
        undecoded, times = undecoded_elements(self.record)
        object.__setattr__(self, "undecoded", undecoded)
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "zones", zones_in(self.record, times))

    @property
    def zones_differ(self) -> bool:
        """Whether the clock times of the record cannot be compared with one another."""
        return len(self.zones) > 1


class Remark(NamedTuple):
    """What a rule has to say. `at` is the path of the element below the record.

    Of something missing it is the path that is missing. `words` fill the message of the code and
    quote no submitted value. `severity` is given only where it differs from that of the rule.
    """

    at: str
    words: Mapping[str, object] = {}
    message: str = "message"
    expected: tuple[str, ...] = ()
    suggestion: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The figures and lists that a rule is given: data/, or the deployment's own."""

    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Check = Callable[[RecordFacts, Given], Iterable[Remark]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`first_year` and `last_year` bound the performance years it holds for, both in.

    `echo_of`: when one of these has found the cause, what this one would say only repeats it.
    """

    code: FindingCode
    check: Check
    severity: Severity
    source: str
    assumed: bool
    given: Given
    echo_of: frozenset[FindingCode] = frozenset()
    first_year: int | None = None
    last_year: int | None = None

    def holds_in(self, year: int) -> bool:
        began = self.first_year is None or self.first_year <= year
        return began and (self.last_year is None or year <= self.last_year)
