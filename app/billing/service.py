"""Counts cases: those that are asked about, or of a practice and year."""

from app.domain.identifiers import PracticeId
from app.storage.cases.case_filter import CaseFilter
from app.storage.figures.count_queries import CountQuestion, GroupCount
from app.storage.unit_of_work import OpenWork


def counted(question: CountQuestion, open_work: OpenWork) -> tuple[int, list[GroupCount]]:
    with open_work() as work:
        return work.counts.total(question), work.counts.groups(question)


def count_of_year(practice: PracticeId, performance_year: int, *, open_work: OpenWork) -> int:
    """How many cases count; held, deleted and sandbox cases do not."""
    of = CaseFilter(practice=practice).in_year(performance_year)
    total, _ = counted(CountQuestion(of=of), open_work)
    return total
