"""Whether a practice takes part in the comparison with peers: counted in it, and shown it."""

from typing import Final

from app.domain.audit import AuditAction
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.jobs import Job, Queue, Task
from app.domain.principals import Principal
from app.domain.roster_changes import ChangeAction
from app.roster.changing import RosterWork
from app.storage.unit_of_work import OpenWork

_KIND: Final = "peer-comparison"


def has_opted_out(practice: PracticeId, *, open_work: OpenWork) -> bool:
    """Raises: PracticeUnknown."""
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
        return work.peers.has_opted_out(practice)


def opt(practice: PracticeId, caller: Principal, *, out: bool, open_work: OpenWork) -> None:
    """What is kept of a practice that opts out is forgotten at once; others follow by a job.

    Raises: PracticeUnknown.
    """
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
        work.roster.lock(practice)
        before = work.peers.has_opted_out(practice)
        if before == out:
            return
        work.peers.opt(practice, out=out)
        RosterWork(work=work, practice=practice, actor=caller.actor).tell_of(
            _KIND,
            ChangeAction.CHANGED,
            before={"opted_out": before},
            after={"opted_out": out},
        )
        action = AuditAction.PEERS_OPTED_OUT if out else AuditAction.PEERS_OPTED_IN
        work.audit.record(caller.actor, action, practice=practice, about=("practice", practice))
        work.jobs.add_once(
            Job(
                task=Task.REFRESH_PEERS,
                queue=Queue.ERRANDS,
                arguments={"timestamp": 0},
                lock=Task.REFRESH_PEERS.value,
            )
        )
        work.commit()
