"""Fills a database with many cases: copies of a sample that went through the intake.

A copy keeps what a read does not look at; practice, staff, TINs and facilities are dealt out anew,
so that there are as many of them as so many cases would have. The totals are counted by the
service's own statements.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import psycopg

from app.domain.identifiers import PracticeId
from app.measures.catalogue.catalogue import load_catalogue
from app.measures.peers.refreshing import PeerRefreshing
from app.storage.figures.totals import recount_totals
from app.storage.tables import metadata
from app.storage.unit_of_work import UnitOfWork
from bench.database import BenchDatabase
from bench.fixed import PRACTICE
from bench.reads_roster import fill_rosters, fill_submissions

PRACTICES: Final = 200
_CASES_OF_A_CLINICIAN: Final = 1_200
"""In two years, each of them done by a team of nearly two."""
_CASES_OF_A_FACILITY: Final = 10_000
_MOST_FACILITIES: Final = 30
_MOST_TINS: Final = 5

Say = Callable[[str], None]

# The practice of rank n has 1/n of the cases of the first. Its id is that of its rank, so that
# the many stand before and behind the practice of the sample.
_PLAN: Final = """
    CREATE TEMPORARY TABLE plan AS
    SELECT rank, practice_id, cases,
           greatest(5, cases / {of_a_clinician}) AS clinicians,
           least({facilities}, 1 + cases / {of_a_facility}) AS facilities,
           least({tins}, 1 + cases / 20000) AS tins
    FROM (SELECT rank, (20000 + rank)::text AS practice_id,
                 greatest(1, round({cases} / rank / harmonic))::integer AS cases
          FROM generate_series(1, {practices}) rank,
               (SELECT sum(1.0 / rank) AS harmonic FROM generate_series(1, {practices}) rank) all_
         ) shares
"""
_SAMPLE: Final = """
    CREATE TEMPORARY TABLE sample AS
    SELECT row_number() OVER (ORDER BY date_of_service, case_id) - 1 AS n, case_id,
           date_trunc('month', date_of_service)::date AS month
    FROM cases WHERE practice_id = '{practice}'
"""
# Month after month as files come, so that the cases of a practice do not stand side by side.
_DEAL: Final = """
    CREATE TEMPORARY TABLE dealt AS
    SELECT p.practice_id, uuidv7() AS case_id, s.case_id AS sample_id, s.n || '-' || copy AS record,
           p.rank, p.clinicians, p.facilities, p.tins,
           (hashint8(p.rank * 1000003 + s.n * 1009 + copy) & 2147483647) % p.clinicians AS team
    FROM sample s CROSS JOIN (SELECT count(*) AS sampled FROM sample) all_
    CROSS JOIN plan p CROSS JOIN LATERAL generate_series(
        1, (s.n + 1) * p.cases / sampled - s.n * p.cases / sampled) copy
    WHERE s.month = '{month}'
"""
_CLINICIAN: Final = "(d.team + s.position * 7) % d.clinicians"
_MADE: Final = {
    "cases": {
        "case_id": "d.case_id",
        "practice_id": "d.practice_id",
        "anesthesia_record_id": "d.record",
        "facility_id": "'F-' || d.team % d.facilities",
    },
    "case_staff": {
        "case_id": "d.case_id",
        "practice_id": "d.practice_id",
        "npi": f"'1' || lpad(d.rank::text, 3, '0') || lpad(({_CLINICIAN})::text, 6, '0')",
        "tin": f"lpad((d.rank * 10 + ({_CLINICIAN}) % d.tins)::text, 9, '0')",
    },
    "measure_outcomes": {"case_id": "d.case_id", "practice_id": "d.practice_id"},
    "asc_outcomes": {"case_id": "d.case_id", "practice_id": "d.practice_id"},
    "case_payloads": {"case_id": "d.case_id", "practice_id": "d.practice_id"},
}
"""By table: the columns that a copy has of its own; all others are those of the sample."""

_STORED: Final = """
    SELECT (SELECT count(*) FROM cases), pg_database_size(current_database()),
           (SELECT count(*) FROM cases WHERE practice_id = %s)
"""
_PRACTICES: Final = "SELECT id FROM practices WHERE name LIKE 'Bench %' ORDER BY id"  # by rank
_WHILE_FILLING: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "'16GB'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`practices` from the largest to the smallest; `cases` of all, `largest` of the first."""

    cases: int
    largest: int
    bytes: int
    practices: tuple[PracticeId, ...]


def fill(database: BenchDatabase, cases: int, practices: int, say: Say) -> Filled:
    """Add about `cases`, of so many `practices`, to the sample that is stored."""
    with psycopg.connect(database.conninfo("postgres"), autocommit=True) as connection:
        _set(connection, _WHILE_FILLING)
        connection.execute("SET work_mem = '256MB'")
        months = _prepare(connection, cases, practices)
        for month in months:
            say(f"cases of {month:%B %Y}")
            _copy_month(connection, month)
        fill_rosters(connection)
        fill_submissions(connection)
        connection.execute("ANALYZE")  # the recount of a practice is planned by it
        derive(database, connection, _practices(connection), say)
        _set(connection, dict.fromkeys(_WHILE_FILLING, "DEFAULT"))
        connection.execute("CHECKPOINT")
    return filled_before(database)


def derive(
    database: BenchDatabase,
    connection: psycopg.Connection,
    practices: Sequence[PracticeId],
    say: Say,
) -> None:
    """What is kept beside cases, made from them: totals, comparisons, and the planner's figures."""
    say("totals")
    for practice in practices:
        with connection.transaction():
            recount_totals(connection, practice)
    say("comparisons with peers")
    PeerRefreshing(
        open_work=lambda: UnitOfWork(database.engine), catalogue=load_catalogue()
    ).refresh_all()
    say("statistics, as autovacuum would have made them")
    connection.execute("VACUUM ANALYZE")


def filled_before(database: BenchDatabase) -> Filled:
    """What an earlier run filled a database with that was kept."""
    with psycopg.connect(database.conninfo("postgres")) as connection:
        practices = [PracticeId(row[0]) for row in connection.execute(_PRACTICES)]
        stored = connection.execute(_STORED, practices[:1]).fetchone()
    assert stored is not None, "counts are one row"
    cases, size, largest = stored
    return Filled(cases=cases, largest=largest, bytes=size, practices=tuple(practices))


def _prepare(connection: psycopg.Connection, cases: int, practices: int) -> list[date]:
    """Make the plan and number the sample; return its months."""
    connection.execute(
        _PLAN.format(
            cases=cases,
            practices=practices,
            of_a_clinician=_CASES_OF_A_CLINICIAN,
            of_a_facility=_CASES_OF_A_FACILITY,
            facilities=_MOST_FACILITIES,
            tins=_MOST_TINS,
        )
    )
    connection.execute(_SAMPLE.format(practice=PRACTICE))
    connection.execute("CREATE INDEX ON sample (month); ANALYZE sample; ANALYZE plan")
    connection.execute(
        "INSERT INTO practices (id, name) SELECT practice_id, 'Bench ' || rank FROM plan"
    )
    months = connection.execute("SELECT DISTINCT month FROM sample ORDER BY month")
    return [row[0] for row in months]


def _copy_month(connection: psycopg.Connection, month: date) -> None:
    connection.execute("DROP TABLE IF EXISTS dealt")
    connection.execute(_DEAL.format(month=month))
    connection.execute("ANALYZE dealt")
    for table, made in _MADE.items():
        columns = [column.name for column in metadata.tables[table].columns]
        values = [made.get(column, f's."{column}"') for column in columns]
        connection.execute(
            f"""INSERT INTO {table} ({", ".join(f'"{column}"' for column in columns)})
                SELECT {", ".join(values)} FROM dealt d
                JOIN {table} s ON s.practice_id = '{PRACTICE}' AND s.case_id = d.sample_id
                ORDER BY d.case_id"""  # noqa: S608 - names of ours
        )


def _practices(connection: psycopg.Connection) -> list[PracticeId]:
    rows = connection.execute("SELECT practice_id FROM plan ORDER BY rank")
    return [PracticeId(row[0]) for row in rows]


def _set(connection: psycopg.Connection, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute(f"ALTER SYSTEM SET {name} = {value}")
    connection.execute("SELECT pg_reload_conf()")
