"""Brings what is kept of a practice into step with its records, by the code of today.

For a release that changes how a case is decoded or a measure decided. All of a practice or nothing;
its senders wait meanwhile, those of other practices do not.
"""

from app.domain.identifiers import PracticeId
from app.intake.differences import Differences
from app.intake.recomputing import Recomputing
from app.intake.verifying import Watch, tins_of, watch_nothing
from app.storage.unit_of_work import OpenWork


def rebuild_practice(
    practice: PracticeId,
    *,
    recomputing: Recomputing,
    open_work: OpenWork,
    watch: Watch = watch_nothing,
) -> Differences:
    """Return what differed, all of it replaced but for records that are lost.

    No version of a case ends by it: nobody sent another record. What is in step is not written.
    """
    found = Differences()
    with open_work() as work:
        work.practices.lock(practice)
        derived = work.derived_rows(practice)
        for page in recomputing.pages(derived, tins_of(practice, work)):
            differing = derived.differences(page)
            derived.replace(differing)
            found.add_cases(differing)
            watch(len(page.page.records))
        totals = derived.differing_totals()
        if any(totals.values()):
            derived.recount_totals()
            found.add_rows(totals)
        work.commit()
    return found
