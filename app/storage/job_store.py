"""Puts jobs into the queue, in the transaction of what they are about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Final

from psycopg import Connection

from app.domain.jobs import Job
from app.storage.locks import JOBS_OF_A_KIND

if TYPE_CHECKING:
    import procrastinate

_COME_SOONER: Final = """
    UPDATE procrastinate_jobs SET scheduled_at = %(at)s
    WHERE lock = %(lock)s AND status = 'todo' AND priority >= %(priority)s
      AND scheduled_at > coalesce(%(at)s, now())
"""
_HOLD_WAITING: Final = """
    SELECT id FROM procrastinate_jobs WHERE lock = %(lock)s AND status = 'todo' FOR UPDATE
"""


class JobStore:
    """A job is there if and only if the transaction of `connection` is committed.

    The queue is one for all practices, so it is used `unbound`, whoever the transaction is of.
    """

    def __init__(
        self, connection: Connection, unbound: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._unbound = unbound

    def add(self, job: Job) -> None:
        """Put `job` into the queue, behind all that have the same lock and are not done."""
        with self._unbound():
            self._defer(job, priority=self._priority_of(job))

    def add_once(self, job: Job) -> None:
        """Put `job` into the queue, unless one with its lock waits: that comes sooner, if need be.

        One of a lower priority keeps its time. One that waits is begun after this transaction, so
        that it sees what was written in it; one under way is no reason to leave `job` out.
        """
        assert job.lock is not None, "jobs are the same if their locks are"
        waiting = {"lock": job.lock, "priority": job.priority, "at": job.at}
        with self._unbound():
            self._connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (job.lock, JOBS_OF_A_KIND)
            )
            self._connection.execute(_COME_SOONER, waiting)
            if self._connection.execute(_HOLD_WAITING, waiting).fetchone() is None:
                self._defer(job, priority=job.priority)

    def _defer(self, job: Job, *, priority: int) -> None:
        deferrer = _deferring().configure_task(
            job.task.value,
            queue=job.queue.value,
            lock=job.lock,
            priority=priority,
            schedule_at=job.at,
            connection=self._connection,
        )
        deferrer.defer(**job.arguments)

    def _priority_of(self, job: Job) -> int:
        if job.lock is None:
            return job.priority
        row = self._connection.execute(
            """SELECT min(priority) FROM procrastinate_jobs
               WHERE lock = %s AND status IN ('todo', 'doing')""",
            (job.lock,),
        ).fetchone()
        lowest = None if row is None else row[0]
        return job.priority if lowest is None else min(job.priority, lowest)


@cache
def _deferring() -> "procrastinate.App":
    """It is never opened: every job goes through the connection that it is given with."""
    import procrastinate  # most commands put nothing into the queue, and it takes long to load

    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
