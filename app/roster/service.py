"""Registers practices and their TINs."""

from app.domain.identifiers import PracticeId, Tin
from app.storage.practice_store import Practice
from app.storage.unit_of_work import OpenWork


def register_practice(
    practice: PracticeId, *, name: str, tins: list[Tin], open_work: OpenWork
) -> Practice:
    """Register a practice, or give a known one its new name and further TINs.

    Cases that were held for want of one of these TINs count from now on.
    """
    with open_work() as work:
        work.practices.save(practice, name=name)
        for tin in tins:
            work.practices.add_tin(practice, tin)
        work.practices.lock(practice)
        work.practices.release_held(practice)
        registered = work.practices.get(practice)
        work.commit()
    assert registered is not None, "it was saved above"
    return registered
