"""The questions of the dashboards and of billing, asked as the routers ask them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.identifiers import Npi, PracticeId, Tin
from app.storage.cases.case_filter import CaseFilter
from app.storage.cases.case_queries import BehindQuestion
from app.storage.figures.count_queries import CountGroup, CountQuestion
from app.storage.figures.group_queries import GroupQuestion
from app.storage.unit_of_work import UnitOfWork

YEARS: Final = (2023, 2024)
_PAGE: Final = 51  # one more than is shown, as the routers ask
_MEASURE: Final = "424"

Ask = Callable[[UnitOfWork], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a question is about: a practice in a year, one of its clinicians, a case halfway."""

    practice: PracticeId
    year: int
    tin: Tin
    npi: Npi
    halfway: UUID


def questions(subject: Subject) -> Iterator[tuple[str, Ask]]:
    """Yield what is asked, and how."""
    yield from _counts(subject)
    yield from _results(subject)
    yield from _lists(subject)


def _counts(of: Subject) -> Iterator[tuple[str, Ask]]:
    year = CaseFilter(practice=of.practice, performance_year=of.year)
    clinician = CaseFilter(practice=of.practice, performance_year=of.year, tin=of.tin, npi=of.npi)
    tin, npi, month = CountGroup.TIN, CountGroup.NPI, CountGroup.MONTH
    yield "counts of a year", _count(CountQuestion(of=year))
    for name, groups in {
        "month": (month,),
        "TIN": (tin,),
        "TIN and month": (tin, month),
        "TIN and NPI": (tin, npi),
        "NPI and month": (npi, month),
        "facility": (CountGroup.FACILITY,),
    }.items():
        yield f"counts of a year by {name}", _count(CountQuestion(of=year, group_by=groups))
    yield "counts of a TIN and NPI by month", _count(CountQuestion(of=clinician, group_by=(month,)))


def _count(question: CountQuestion) -> Ask:
    return lambda work: (work.counts.total(question), work.counts.groups(question))


def _results(of: Subject) -> Iterator[tuple[str, Ask]]:
    yield "results of a year by TIN", _measure_totals(of, individual=False)
    yield "results of a year by TIN and NPI", _measure_totals(of, individual=True)
    yield "results of a subgroup", _subgroup(of)
    yield "results of a TIN and NPI", _measure_totals(of, individual=True, tin=of.tin, npi=of.npi)
    yield (
        "results of a measure by TIN and NPI",
        _measure_totals(of, individual=True, measure_id=_MEASURE),
    )


def _subgroup(of: Subject) -> Ask:
    asked = GroupQuestion(practice=of.practice, performance_year=of.year)
    return lambda work: work.groups.subgroup_totals(asked)


def _measure_totals(
    of: Subject,
    *,
    individual: bool,
    tin: Tin | None = None,
    npi: Npi | None = None,
    measure_id: str | None = None,
) -> Ask:
    return lambda work: work.counts.measure_totals(
        of.practice, of.year, individual=individual, tin=tin, npi=npi, measure_id=measure_id
    )


def _lists(of: Subject) -> Iterator[tuple[str, Ask]]:
    practice = CaseFilter(practice=of.practice)
    year = practice.in_year(of.year)
    clinician = CaseFilter(practice=of.practice, performance_year=of.year, tin=of.tin, npi=of.npi)
    yield "cases, first page", _page(practice)
    yield "cases, a page halfway", _page(practice, after=of.halfway)
    yield "cases of a year, first page", _page(year)
    yield "cases of a year, a page halfway", _page(year, after=of.halfway)
    yield "cases of a TIN and NPI, first page", _page(clinician)
    yield "cases behind a result, first page", _behind(of)
    yield "cases behind a result of a TIN and NPI", _behind(of, tin=of.tin, npi=of.npi)


def _page(asked: CaseFilter, *, after: UUID | None = None) -> Ask:
    return lambda work: work.cases.listed(
        asked, status="active", sandbox=False, after=after, limit=_PAGE
    )


def _behind(of: Subject, *, tin: Tin | None = None, npi: Npi | None = None) -> Ask:
    question = BehindQuestion(
        practice=of.practice,
        performance_year=of.year,
        measure_id=_MEASURE,
        tins=() if tin is None else (tin,),
        npis=() if npi is None else (npi,),
    )
    return lambda work: work.cases.behind_number(question, after=None, limit=_PAGE)
