"""How the files of a vendor fare: by the version of its software, fault by fault, until mended."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Final

from app.domain.findings import FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.sent_files import SentFile
from app.domain.submissions import SubmissionStatus

_UNREAD: Final = SubmissionStatus.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """`files` that ended, `whole` of them with every record stored; and the same of records."""

    files: int
    whole: int
    records: int
    stored: int

    @property
    def percent_of_records(self) -> Decimal | None:
        """With two decimals, cut off: 99.996 is no 100. None: there are none."""
        return _percent(self.stored, self.records)

    @property
    def percent_of_files(self) -> Decimal | None:
        return _percent(self.whole, self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKind:
    """In so many `files` of so many `practices`."""

    code: FindingCode
    severity: Severity
    findings: int
    files: int
    practices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareRow:
    """`name` None: the program did not say what it is. `kinds`: the most frequent first."""

    name: str | None
    versions: tuple[str, ...]
    success: Success
    kinds: tuple[FoundKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixRow:
    """An error that was in files of some practices, and when it was no more.

    `open_since`: of the practice that has had it for longest and still has it, None of none.
    Half of the times it was mended within `usual_seconds`, None when it is mended nowhere.
    """

    code: FindingCode
    fixed: int
    open: int
    usual_seconds: float | None
    open_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Of files received from `monday` on, UTC."""

    monday: date
    success: Success


def success_of(files: Iterable[SentFile]) -> Success:
    """Files that failed through a fault of the registry are left out."""
    read = [each for each in files if each.status is not _UNREAD]
    return Success(
        files=len(read),
        whole=sum(each.status is SubmissionStatus.ACCEPTED for each in read),
        records=sum(each.records.total for each in read),
        stored=sum(each.records.stored for each in read),
    )


def by_software(files: Sequence[SentFile]) -> tuple[SoftwareRow, ...]:
    """The program with the most records first."""
    groups: dict[str | None, list[SentFile]] = defaultdict(list)
    for each in files:
        groups[each.software].append(each)
    rows = (
        SoftwareRow(
            name=name,
            versions=tuple(sorted({each.schema_version or "" for each in group} - {""})),
            success=success_of(group),
            kinds=found_kinds(group),
        )
        for name, group in groups.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.success.records, row.name or "")))


def found_kinds(files: Iterable[SentFile]) -> tuple[FoundKind, ...]:
    """Errors before warnings, and the most frequent first."""
    findings: Counter[tuple[Severity, FindingCode]] = Counter()
    in_files: Counter[tuple[Severity, FindingCode]] = Counter()
    practices: dict[tuple[Severity, FindingCode], set[PracticeId]] = defaultdict(set)
    for each in files:
        for kind, number in each.found.items():
            findings[kind] += number
            in_files[kind] += 1
            practices[kind].add(each.practice_id)
    order = list(Severity)
    return tuple(
        FoundKind(
            code=kind[1],
            severity=kind[0],
            findings=number,
            files=in_files[kind],
            practices=len(practices[kind]),
        )
        for kind, number in sorted(
            findings.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    )


def fixes(files: Iterable[SentFile]) -> tuple[FixRow, ...]:
    """How long each error stayed in the files of a practice.

    From the first file that has it to the next one of the same practice, read to its end, that has
    it no more. Where it comes back, it is counted anew. The one that is open in most places first.
    """
    times: dict[FindingCode, list[timedelta]] = defaultdict(list)
    still_open: dict[FindingCode, list[datetime]] = defaultdict(list)
    for history in _by_practice(files):
        begun: dict[FindingCode, datetime] = {}
        for each in history:
            errors = {code for severity, code in each.found if severity is Severity.ERROR}
            for code in begun.keys() - errors:
                times[code].append(each.received_at - begun.pop(code))
            for code in errors - begun.keys():
                begun[code] = each.received_at
        for code, since in begun.items():
            still_open[code].append(since)
    rows = (_fix_row(code, times[code], still_open[code]) for code in {*times, *still_open})
    return tuple(sorted(rows, key=lambda row: (-row.open, -row.fixed, row.code)))


def by_week(files: Iterable[SentFile]) -> tuple[Week, ...]:
    """In their order; weeks without files are left out."""
    weeks: dict[date, list[SentFile]] = defaultdict(list)
    for each in files:
        day = each.received_at.date()
        weeks[day - timedelta(days=day.weekday())].append(each)
    return tuple(Week(monday=monday, success=success_of(weeks[monday])) for monday in sorted(weeks))


def _by_practice(files: Iterable[SentFile]) -> Iterable[list[SentFile]]:
    histories: dict[PracticeId, list[SentFile]] = defaultdict(list)
    for each in sorted(files, key=lambda each: (each.received_at, each.id)):
        if each.status is not _UNREAD:
            histories[each.practice_id].append(each)
    return histories.values()


def _fix_row(
    code: FindingCode, times: Sequence[timedelta], still_open: Sequence[datetime]
) -> FixRow:
    return FixRow(
        code=code,
        fixed=len(times),
        open=len(still_open),
        usual_seconds=median(each.total_seconds() for each in times) if times else None,
        open_since=min(still_open, default=None),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(10_000 * part // whole) / 100 if whole else None
