"""The result of a check as a page shows it: a verdict, the findings by record, the file."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from app.checking.report import ValidationReport
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import Finding, FindingCode, Severity
from app.portal.source_view import Fold, SourceRow, readable, source_view

COUNTED: Final = 10_000
"""Findings that a check for the page gathers; of those above it only their number is known."""

SHOWN: Final = 250
"""Findings that stand on the page, so that it stays small; a download has more."""

_CELLS: Final = 120  # of the strip, at most
_WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`number` counts from 1 on the page and names the card and its place in the file."""

    number: int
    finding: Finding
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one record; `record` is None for those about the file."""

    record: int | None
    anesthesia_record_id: str | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Neighboring records in the strip, both ends in. `worst` None: nothing was found in them.

    `leads_to` is the first of them that has findings on the page.
    """

    first: int
    last: int
    worst: Severity | None
    findings: int
    leads_to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`counts` are of all findings but for `uncounted`, which are warnings and remarks."""

    report: ValidationReport
    file_name: str
    counts: dict[Severity, int]
    uncounted: int
    codes: dict[FindingCode, int]
    groups: tuple[Group, ...]
    strip: tuple[Cell, ...]
    rows: tuple[SourceRow | Fold, ...]
    cards: tuple[Card, ...]
    lines: int

    @property
    def not_shown(self) -> int:
        return self.report.findings_total - len(self.cards)

    @property
    def verdict(self) -> str:
        if not self.report.is_valid:
            return "invalid"
        return "valid" if self.report.findings_total == 0 else "remarks"

    def worst_in(self, row: SourceRow) -> Severity | None:
        return _worst([self.cards[position].finding.severity for position in row.findings])

    @property
    def is_checked(self) -> bool:
        """Whether the schema could be held against the records at all."""
        return self.report.records_valid > 0 or any(group.record for group in self.groups)


def result_of(report: ValidationReport, content: bytes, file_name: str) -> Result:
    """Return what the page shows of `report`, which was made with up to COUNTED findings."""
    shown = sorted(report.findings[:SHOWN], key=_place)
    source = readable(content)
    titles = finding_catalogue()
    cards = tuple(
        Card(number=number, finding=finding, title=titles[finding.code].title)
        for number, finding in enumerate(shown, 1)
    )
    severities = Counter(finding.severity for finding in report.findings)
    severities[Severity.ERROR] = report.errors
    counts = {severity: severities[severity] for severity in _WORST_FIRST}
    return Result(
        report=report,
        file_name=file_name,
        counts=counts,
        uncounted=report.findings_total - sum(counts.values()),
        codes=dict(sorted(Counter(finding.code for finding in shown).items())),
        groups=tuple(_groups(cards)),
        strip=tuple(_strip(report.records_total, report.findings, shown)),
        rows=tuple(source_view(source, shown)),
        cards=cards,
        lines=source.count(b"\n") + (not source.endswith(b"\n")),
    )


def _place(finding: Finding) -> tuple[int, int]:
    """As they stand in the file: what is about the whole file first."""
    return finding.record or 0, finding.line or 0


def _groups(cards: Iterable[Card]) -> list[Group]:
    by_record: dict[int | None, list[Card]] = defaultdict(list)
    for card in cards:
        by_record[card.finding.record].append(card)
    return [
        Group(
            record=record,
            anesthesia_record_id=next(
                (c.finding.anesthesia_record_id for c in of_record if c.finding.record), None
            ),
            cards=tuple(of_record),
        )
        for record, of_record in by_record.items()
    ]


def _strip(records: int, counted: Iterable[Finding], shown: Sequence[Finding]) -> list[Cell]:
    by_record: dict[int, list[Severity]] = defaultdict(list)
    for finding in counted:
        if finding.record is not None:
            by_record[finding.record].append(finding.severity)
    on_page = {finding.record for finding in shown}
    size = max(1, ceil(records / _CELLS))
    return [
        _cell(first, min(first + size - 1, records), by_record, on_page)
        for first in range(1, records + 1, size)
    ]


def _cell(
    first: int, last: int, by_record: dict[int, list[Severity]], on_page: set[int | None]
) -> Cell:
    numbers = range(first, last + 1)
    severities = [each for number in numbers for each in by_record.get(number, ())]
    return Cell(
        first=first,
        last=last,
        worst=_worst(severities),
        findings=len(severities),
        leads_to=next((number for number in numbers if number in on_page), None),
    )


def _worst(severities: Sequence[Severity]) -> Severity | None:
    return next((each for each in _WORST_FIRST if each in severities), None)
