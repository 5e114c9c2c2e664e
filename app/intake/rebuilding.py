"""Brings what is kept of a practice into step with its records, by the code of today.

For a release that changes how a case is decoded or a measure decided. All of a practice or nothing;
its senders wait meanwhile, those of other practices do not.
"""

from app.domain.identifiers import PracticeId
from app.intake.differences import Differences
from app.intake.recomputing import Recomputing
from app.intake.verifying import Watch, tins_of, watch_nothing
from app.measures.catalogue.catalogue import Catalogue
from app.measures.catalogue.version import catalogue_version
from app.storage.unit_of_work import OpenWork, UnitOfWork


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
        _note_versions(practice, recomputing.measures, work)
        work.commit()
    return found


def _note_versions(practice: PracticeId, measures: Catalogue, work: UnitOfWork) -> None:
    for year in work.outcome_versions.years_of(practice):
        work.outcome_versions.begin_leaving(practice, year, catalogue_version(measures, year))
        work.outcome_versions.leave(practice, year)
