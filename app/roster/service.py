"""Registers practices and their TINs."""

import uuid_utils.compat as uuids

from app.domain.audit import SOME_OPERATOR, Actor, AuditAction
from app.domain.identifiers import PracticeId, Tin
from app.domain.roster import PracticeTin
from app.roster.changing import RosterWork
from app.storage.roster.practice_store import Practice
from app.storage.unit_of_work import OpenWork


def register_practice(
    practice: PracticeId,
    *,
    name: str,
    tins: list[Tin],
    open_work: OpenWork,
    by: Actor = SOME_OPERATOR,
) -> Practice:
    """Register a practice, or give a known one its new name and further TINs.

    Cases that were held for want of one of these TINs count from now on.
    """
    with open_work() as work:
        work.roster.lock(practice)
        is_known = work.practices.exists(practice)
        work.practices.save(practice, name=name)
        known = {each.tin for each in work.roster.all(PracticeTin, practice)}
        new = [tin for tin in dict.fromkeys(tins) if tin not in known]
        done = AuditAction.PRACTICE_CHANGED if is_known else AuditAction.PRACTICE_REGISTERED
        work.audit.record(by, done, practice=practice, about=("practice", practice))
        roster = RosterWork(work=work, practice=practice, actor=by)
        for tin in new:
            roster.add(PracticeTin(practice_id=practice, id=uuids.uuid7(), tin=tin))
        roster.follow_tins()
        registered = work.practices.get(practice)
        work.commit()
    assert registered is not None, "it was saved above"
    return registered
