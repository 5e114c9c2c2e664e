"""Places where a process can be stopped from outside while it takes in a case file.

A test holds something in the database that the file needs next: the transaction that wants it waits
at exactly this place, for as long as the test likes. The service knows nothing of it.
"""

from dataclasses import dataclass

import psycopg
from sqlalchemy import URL

from tests.databases import connect


@dataclass(frozen=True, kw_only=True)
class Seam:
    """`holds` is the statement whose locks stop a file there, with `%(practice)s` and others."""

    name: str
    holds: str


RECORDING = Seam(
    name="the file is kept, its receipt is not committed",
    holds="SELECT FROM practices WHERE id = %(practice)s FOR UPDATE",
)
BEGUN = Seam(
    name="the attempt is counted",
    holds="SELECT pg_advisory_xact_lock(hashtextextended('cases of ' || %(practice)s, 0))",
)
COPYING = Seam(
    name="in the middle of COPY: the rows of one case are there already",
    holds="""
        INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c)
            || jsonb_build_object('case_id', gen_random_uuid(),
                                  'anesthesia_record_id', %(new_record)s::text))).*
        FROM cases c WHERE practice_id = %(practice)s LIMIT 1
    """,
)
KEEPING_VERSIONS = Seam(
    name="in the middle of moving replaced cases into their history",
    holds="""
        INSERT INTO case_versions (practice_id, case_id, version, ended_at, ended_by,
                                   "row", staff, payload)
        SELECT practice_id, case_id, version, now(), '', '{}', '[]', ''
        FROM cases WHERE practice_id = %(practice)s
            AND anesthesia_record_id = %(replaced_record)s
    """,
)
COUNTING = Seam(
    name="all cases are loaded, the totals are brought into step",
    holds="""
        INSERT INTO measure_counts
        SELECT (jsonb_populate_record(NULL::measure_counts,
                to_jsonb(m) || jsonb_build_object('practice_id', %(practice)s::text))).*
        FROM measure_counts m WHERE practice_id = %(reference)s AND NOT EXISTS (
            SELECT FROM measure_counts known WHERE known.practice_id = %(practice)s
            AND (known.performance_year, known.measure_id, known.stratum, known.tin, known.npi)
              = (m.performance_year, m.measure_id, m.stratum, m.tin, m.npi))
        LIMIT 1
    """,
)
ENDING = Seam(
    name="everything is loaded and counted, nothing is committed",
    holds="""
        INSERT INTO submission_finding_counts
        SELECT practice_id, id, %(code)s, %(severity)s, 1, 0
        FROM submissions WHERE practice_id = %(practice)s AND finished_at IS NULL
    """,
)


class Gate:
    """Keeps whatever comes to a seam of one practice's file waiting until it is opened."""

    def __init__(self, url: URL, seam: Seam, **where: str) -> None:
        self.seam = seam
        self._connection = connect(url)
        self._pid = self._connection.info.backend_pid
        self._connection.execute("BEGIN")
        held = self._connection.execute(seam.holds.encode(), where)
        assert held.rowcount == 1, f"nothing to hold for: {seam.name}"

    def waiting(self, looker: psycopg.Connection) -> list[int]:
        """The backends that have come to it."""
        return [
            row[0]
            for row in looker.execute(
                "SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
                (self._pid,),
            )
        ]

    def open(self) -> None:
        self._connection.close()


def is_committed_untold(looker: psycopg.Connection, lock: str, *, seed: int) -> bool:
    """Whether a transaction that has the advisory lock is written and waits to be told so."""
    found = looker.execute(
        """SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
           WHERE l.locktype = 'advisory' AND l.granted AND a.wait_event = 'SyncRep'
             AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(%s, %s)""",
        (lock, seed),
    )
    return found.rowcount > 0
