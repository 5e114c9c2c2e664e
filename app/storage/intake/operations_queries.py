"""What waits and what was done, of all practices and of the sandbox too: the registry's own view.

So it is asked `unbound`, and only of whoever may see the registry as a whole.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, TextClause
from sqlalchemy import text as sql

from app.domain.identifiers import PracticeId
from app.domain.operations import (
    Activity,
    BackfillsStanding,
    FailedSubmission,
    JobsStanding,
    NoticesStanding,
    Standing,
    UnfinishedFiles,
    VersionInUse,
    WorkDone,
)
from app.storage.uuid_times import first_id_at

_SILENCE: Final = timedelta(minutes=2)
_MOST_FAILED: Final = 20
_LANES: Final = sql(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - :silence"
)
# The library's own table: what is done is deleted, so it holds what waits and what failed lately.
_JOBS: Final = sql("""
    SELECT queue_name AS queue, CAST(status AS text) AS state, count(*) AS jobs
    FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2
""")
_FILES: Final = sql("""
    SELECT status, count(*) AS files, CAST(sum(bytes) AS bigint) AS bytes,
           min(received_at) AS oldest
    FROM submissions WHERE finished_at IS NULL GROUP BY 1 ORDER BY 1
""")
_NOTICES: Final = sql("""
    SELECT 'webhook' AS kind, state, count(*) AS notices FROM webhook_deliveries GROUP BY 2
    UNION ALL
    SELECT 'mail', state, count(*) FROM submission_mails GROUP BY 2
    ORDER BY 1, 2
""")
_BACKFILLS: Final = sql("""
    SELECT status, count(*) AS backfills,
           coalesce(sum(greatest(coalesce(cases_total, 0) - cases_done, 0)), 0) AS cases_left
    FROM backfills WHERE ended_at IS NULL GROUP BY 1 ORDER BY 1
""")
_DONE: Final = sql("""
    SELECT date_bin(:step, finished_at, :since) AS begins, count(*) AS submissions,
           count(*) FILTER (WHERE status = 'failed') AS failed,
           sum(created + replaced + unchanged + held + rejected) AS records,
           CAST(sum(bytes) AS bigint) AS bytes,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
               ORDER BY extract(epoch FROM finished_at - received_at)) AS seconds
    FROM submissions WHERE id >= :first AND finished_at >= :since
    GROUP BY 1 ORDER BY 1
""")
_FAILED: Final = sql("""
    SELECT id, practice_id, received_at, attempts, failure_cause AS cause
    FROM submissions WHERE id >= :first AND status = 'failed'
    ORDER BY id DESC LIMIT :limit
""")
_VERSIONS: Final = sql("""
    SELECT schema_version, count(*) AS submissions,
           sum(created + replaced + unchanged + held + rejected) AS records,
           count(DISTINCT practice_id) AS practices
    FROM submissions WHERE id >= :first AND finished_at IS NOT NULL AND status <> 'failed'
    GROUP BY 1 ORDER BY 3 DESC, 1
""")


class OperationsQueries:
    def __init__(
        self, connection: Connection, unbound: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._unbound = unbound

    def standing(self) -> Standing:
        with self._unbound():
            lanes = self._connection.execute(_LANES, {"silence": _SILENCE}).scalar_one()
            return Standing(
                lanes=int(lanes),
                jobs=tuple(JobsStanding(**row) for row in self._rows(_JOBS)),
                files=tuple(UnfinishedFiles(**row) for row in self._rows(_FILES)),
                notices=tuple(NoticesStanding(**row) for row in self._rows(_NOTICES)),
                backfills=tuple(_backfills(row) for row in self._rows(_BACKFILLS)),
            )

    def activity(self, *, since: datetime, step: timedelta) -> Activity:
        """Submissions received since then; `step` is the length of each span of work done."""
        asked = {"first": first_id_at(since), "since": since, "step": step}
        with self._unbound():
            return Activity(
                done=tuple(_done(row) for row in self._rows(_DONE, **asked)),
                failed=tuple(
                    FailedSubmission(**{**row, "practice_id": PracticeId(row["practice_id"])})
                    for row in self._rows(_FAILED, first=asked["first"], limit=_MOST_FAILED)
                ),
                versions=tuple(
                    VersionInUse(**{**row, "records": int(row["records"])})
                    for row in self._rows(_VERSIONS, first=asked["first"])
                ),
            )

    def _rows(self, query: TextClause, **asked: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.execute(query, asked).mappings()]


def _backfills(row: dict[str, Any]) -> BackfillsStanding:
    return BackfillsStanding(
        status=row["status"],
        backfills=row["backfills"],
        cases_left=int(row["cases_left"]),
    )


def _done(row: dict[str, Any]) -> WorkDone:
    usual, slow = row["seconds"]
    return WorkDone(
        begins=row["begins"],
        submissions=row["submissions"],
        failed=row["failed"],
        records=int(row["records"]),
        bytes=row["bytes"],
        usual_seconds=float(usual),
        slow_seconds=float(slow),
    )
