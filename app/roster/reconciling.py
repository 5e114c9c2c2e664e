"""Compares what cases say of TINs and NPIs with the roster: the rows of the report."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.identifiers import Npi, Tin, parse_npi
from app.domain.reconciliation import (
    NO_NPI,
    Doubts,
    RowKey,
    RowKind,
    SeenInCases,
    SeenStaff,
    SeenTin,
    Stretch,
)
from app.domain.roster import Clinician, Employment, RegisteredTins
from app.domain.spans import Span

_ORDER: Final = {kind: place for place, kind in enumerate(RowKind)}
_NEVER: Final = Span(first=date.max, last=date.min)
"""Of a TIN that is not registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """`cases` are those that the row is about, `held` of them do not count for want of the TIN.

    `tins` are those of an NPI with several. Days are dates of service, or the first and last of
    months with such; None without cases.
    """

    key: RowKey
    cases: int
    held: int = 0
    first_day: date | None = None
    last_day: date | None = None
    tins: tuple[Tin, ...] = ()
    clinician: Clinician | None = None

    @property
    def stretch(self) -> Stretch | None:
        """Where the days of an NPI's cases are to be looked for.

        None without cases, and for a TIN: its cases are held, and those have their days.
        """
        if self.key.npi == NO_NPI or self.first_day is None or self.last_day is None:
            return None
        return Stretch(
            tin=self.key.tin, npi=self.key.npi, first_day=self.first_day, last_day=self.last_day
        )

    def with_ends(self, ends: Mapping[Stretch, Span]) -> "ReportRow":
        """With the days of its first and last case, as far as `ends` has them."""
        if self.stretch is None or self.stretch not in ends:
            return self
        days = ends[self.stretch]
        return replace(self, first_day=days.first, last_day=days.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What the roster says that cases are compared with."""

    tins: RegisteredTins
    clinicians: Sequence[Clinician]
    employments: Sequence[Employment]

    def employed(self) -> Mapping[tuple[Npi, Tin], list[Employment]]:
        npis: dict[UUID, Npi] = {each.id: each.npi for each in self.clinicians}
        found: dict[tuple[Npi, Tin], list[Employment]] = defaultdict(list)
        for each in self.employments:
            found[npis[each.clinician_id], each.tin].append(each)
        return found


def reconcile(performance_year: int, seen: SeenInCases, roster: Roster) -> list[ReportRow]:
    """Return every row, by kind, TIN and NPI."""
    clinicians = {each.npi: each for each in roster.clinicians}
    employed = roster.employed()
    by_place: dict[tuple[Npi, Tin], list[SeenStaff]] = defaultdict(list)
    for each in seen.staff:
        by_place[each.npi, each.tin].append(each)
    rows = [
        *_unknown_tins(seen, roster.tins),
        *_at_places(by_place, employed, clinicians),
        *_without_cases(performance_year, by_place, employed, clinicians),
        *_of_npis(seen, by_place, clinicians),
    ]
    return sorted(rows, key=lambda row: (_ORDER[row.key.kind], row.key.tin, row.key.npi))


def doubts_about(seen: SeenInCases, roster: Roster) -> Doubts:
    """Whose cases lie in months of which the roster covers a part."""
    employed, spans = roster.employed(), roster.tins.spans
    tins = [each for each in seen.tins if _is_doubtful(each, [spans.get(each.tin, _NEVER)])]
    return Doubts(
        npis=frozenset(
            each.npi
            for each in seen.staff
            if _is_doubtful(each, [job.span for job in employed.get((each.npi, each.tin), [])])
        ),
        tins=frozenset(each.tin for each in tins),
        first_day=min((each.first_day for each in tins), default=None),
        last_day=max((each.last_day for each in tins), default=None),
    )


def _is_doubtful(seen: SeenStaff | SeenTin, spans: Sequence[Span]) -> bool:
    days = Span(first=seen.first_day, last=seen.last_day)
    return any(span.overlaps(days) for span in spans) and not _is_covered(seen, spans)


def _is_covered(seen: SeenStaff | SeenTin, spans: Iterable[Span]) -> bool:
    return any(span.covers(seen.first_day) and span.covers(seen.last_day) for span in spans)


def _unknown_tins(seen: SeenInCases, tins: RegisteredTins) -> Iterator[ReportRow]:
    unknown = defaultdict(list)
    for each in seen.tins:
        if not _is_covered(each, [tins.spans.get(each.tin, _NEVER)]):
            unknown[each.tin].append(each)
    for tin, days in unknown.items():
        yield ReportRow(
            key=RowKey(kind=RowKind.UNKNOWN_TIN, tin=tin),
            cases=sum(each.cases for each in days),
            held=sum(each.held for each in days),
            first_day=min(each.first_day for each in days),
            last_day=max(each.last_day for each in days),
        )


def _at_places(
    by_place: Mapping[tuple[Npi, Tin], list[SeenStaff]],
    employed: Mapping[tuple[Npi, Tin], list[Employment]],
    clinicians: Mapping[Npi, Clinician],
) -> Iterator[ReportRow]:
    """NPIs that do not work under the TIN, or not on all of these days."""
    for (npi, tin), days in by_place.items():
        jobs = employed.get((npi, tin), [])
        outside = [each for each in days if not _is_covered(each, [job.span for job in jobs])]
        if outside and _is_valid(npi):
            kind = RowKind.OUTSIDE_EMPLOYMENT if jobs else RowKind.NOT_ON_LIST
            yield _row(RowKey(kind=kind, tin=tin, npi=npi), outside, clinicians.get(npi))


def _without_cases(
    performance_year: int,
    by_place: Mapping[tuple[Npi, Tin], list[SeenStaff]],
    employed: Mapping[tuple[Npi, Tin], list[Employment]],
    clinicians: Mapping[Npi, Clinician],
) -> Iterator[ReportRow]:
    for (npi, tin), jobs in employed.items():
        works = any(job.span.within(performance_year) for job in jobs)
        if works and (npi, tin) not in by_place:
            key = RowKey(kind=RowKind.WITHOUT_CASES, tin=tin, npi=npi)
            yield ReportRow(key=key, cases=0, clinician=clinicians.get(npi))


def _of_npis(
    seen: SeenInCases,
    by_place: Mapping[tuple[Npi, Tin], list[SeenStaff]],
    clinicians: Mapping[Npi, Clinician],
) -> Iterator[ReportRow]:
    """NPIs under several TINs, and those that cannot be any."""
    places: dict[Npi, list[Tin]] = defaultdict(list)
    for npi, tin in by_place:
        places[npi].append(tin)
    for npi, tins in places.items():
        for kind, holds in (
            (RowKind.SEVERAL_TINS, len(tins) > 1),
            (RowKind.INVALID_NPI, not _is_valid(npi)),
        ):
            if holds:
                days = [each for tin in tins for each in by_place[npi, tin]]
                yield ReportRow(
                    key=RowKey(kind=kind, npi=npi),
                    cases=seen.cases_of[npi],
                    first_day=min(each.first_day for each in days),
                    last_day=max(each.last_day for each in days),
                    tins=tuple(sorted(tins)),
                    clinician=clinicians.get(npi),
                )


def _row(key: RowKey, days: Iterable[SeenStaff], clinician: Clinician | None) -> ReportRow:
    days = list(days)
    return ReportRow(
        key=key,
        cases=sum(each.cases for each in days),
        first_day=min(each.first_day for each in days),
        last_day=max(each.last_day for each in days),
        clinician=clinician,
    )


def _is_valid(npi: Npi) -> bool:
    try:
        parse_npi(npi)
    except ValueError:
        return False
    return True
