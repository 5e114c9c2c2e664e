"""Proves that all that is kept of a practice follows from its records as received.

A practice is looked at as of one moment, while the intake goes on. Memory is that of a few pages
of cases, however many there are.
"""

from collections.abc import Callable

from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.roster import RegisteredTins
from app.intake.differences import Differences
from app.intake.recomputing import Recomputing
from app.storage.unit_of_work import OpenWork, UnitOfWork

Watch = Callable[[int], None]
"""Told how many cases more are done."""


def watch_nothing(_: int) -> None:
    """For those who do not look on."""


def practices_to_prove(practice: PracticeId | None, open_work: OpenWork) -> list[PracticeId]:
    """The practice that is asked for, or all of them.

    Raises: PracticeUnknown.
    """
    with open_work() as work:
        practices = work.practices_with_rows()
    if practice is None:
        return practices
    if practice not in practices:
        raise PracticeUnknown("No practice of this id is registered.")
    return [practice]


def count_cases(practices: list[PracticeId], open_work: OpenWork) -> int:
    with open_work() as work:
        return sum(work.derived_rows(practice).count_cases() for practice in practices)


def verify_practice(
    practice: PracticeId,
    *,
    recomputing: Recomputing,
    open_work: OpenWork,
    watch: Watch = watch_nothing,
) -> Differences:
    """Recompute everything from the records, and the totals from what is kept of the cases."""
    found = Differences()
    with open_work() as work:
        work.show_one_moment()
        derived = work.derived_rows(practice)
        for page in recomputing.pages(derived, tins_of(practice, work)):
            found.add_cases(derived.differences(page))
            watch(len(page.page.records))
        found.add_rows(derived.differing_totals())
    return found


def verify_totals_of(practice: PracticeId, *, open_work: OpenWork) -> Differences:
    """Recount the totals from what is kept of the cases, and recompute nothing else."""
    found = Differences()
    with open_work() as work:
        work.show_one_moment()
        found.add_rows(work.derived_rows(practice).differing_totals())
    return found


def tins_of(practice: PracticeId, work: UnitOfWork) -> RegisteredTins:
    """The registered TINs; none of a practice that is not registered, so all its cases are held."""
    return work.practices.registered_tins(practice)
