"""What practices with many cases have beside them: their rosters, and a case file a month."""

from typing import Final

import psycopg

from app.storage.tables import metadata
from bench.fixed import PRACTICE

# The numbers of clinicians, TINs and facilities are those by which the cases are dealt out.
_TINS: Final = """
    INSERT INTO practice_tins (practice_id, tin, valid_from)
    SELECT practice_id, lpad((rank * 10 + n)::text, 9, '0'), '2015-01-01'
    FROM plan, generate_series(0, tins - 1) n
"""
_FACILITIES: Final = """
    INSERT INTO facilities (practice_id, id, version, facility_id, name, place_of_service)
    SELECT practice_id, uuidv7(), 1, 'F-' || n, 'Facility ' || n, 22
    FROM plan, generate_series(0, facilities - 1) n
"""
_CLINICIANS: Final = """
    INSERT INTO clinicians (practice_id, id, version, npi, name, credentials, asa_member_years)
    SELECT practice_id, uuidv7(), 1, '1' || lpad(rank::text, 3, '0') || lpad(n::text, 6, '0'),
           'Clinician ' || n,
           CASE n % 2 WHEN 0 THEN 'Anesthesiologist'
                      ELSE 'Certified Registered Nurse Anesthetist' END,
           CASE n % 3 WHEN 0 THEN '{}' ELSE '{2022,2023,2024}'::smallint[] END
    FROM plan, generate_series(0, clinicians - 1) n
"""
_EMPLOYMENTS: Final = """
    INSERT INTO employments (practice_id, id, version, clinician_id, tin, starts_on)
    SELECT practice_id, uuidv7(), 1, c.id,
           lpad((p.rank * 10 + right(c.npi, 6)::integer % p.tins)::text, 9, '0'), '2015-01-01'
    FROM clinicians c JOIN plan p USING (practice_id)
"""
_SUBGROUPS: Final = """
    INSERT INTO subgroups (practice_id, id, version, tin, performance_year, name, npis)
    SELECT practice_id, uuidv7(), 1, lpad((rank * 10)::text, 9, '0'), year, 'Bench', (
               SELECT array_agg('1' || lpad(rank::text, 3, '0') || lpad((k * tins)::text, 6, '0'))
               FROM generate_series(0, 19) k WHERE k * tins < clinicians)
    FROM plan CROSS JOIN (VALUES (2023), (2024)) years (year)
"""
"""Twenty clinicians of the first TIN of each practice."""

# A file of the sample was for a year; here it stands for each week of its months.
_SENT: Final = """
    CREATE TEMPORARY TABLE sent AS
    SELECT practice_id, sample_id, uuidv7(sent_at - now()) AS id, sent_at,
           cases / (SELECT count(*) FROM files) AS created
    FROM (SELECT p.practice_id, p.cases, f.id AS sample_id, f.sent_at FROM plan p, files f) all_
"""
_FILES: Final = """
    CREATE TEMPORARY TABLE files AS
    SELECT submission_id AS id, month + interval '1 month' + week * interval '7 days' AS sent_at
    FROM (SELECT DISTINCT submission_id, date_trunc('month', date_of_service) AS month
          FROM cases WHERE practice_id = '{practice}') months,
         generate_series(0, 3) week
"""
_COPIED: Final = {
    "submissions": {
        "practice_id": "t.practice_id",
        "id": "t.id",
        "received_at": "t.sent_at",
        "finished_at": "t.sent_at + interval '1 minute'",
        "created": "t.created",
        "valid": "t.created",
    },
    "submission_finding_counts": {"practice_id": "t.practice_id", "submission_id": "t.id"},
}
"""By table: the columns that a copy has of its own; all others are those of the sample."""


def fill_rosters(connection: psycopg.Connection) -> None:
    """For the practices of the table `plan`."""
    for statement in (_TINS, _FACILITIES, _CLINICIANS, _EMPLOYMENTS, _SUBGROUPS):
        connection.execute(statement)


def fill_submissions(connection: psycopg.Connection) -> None:
    """Of the same practices: four case files a month."""
    connection.execute(_FILES.format(practice=PRACTICE))
    connection.execute(_SENT)
    for table, made in _COPIED.items():
        key = "id" if table == "submissions" else "submission_id"
        columns = [column.name for column in metadata.tables[table].columns]
        values = [made.get(column, f's."{column}"') for column in columns]
        connection.execute(
            f"""INSERT INTO {table} ({", ".join(f'"{column}"' for column in columns)})
                SELECT {", ".join(values)} FROM sent t
                JOIN {table} s ON s.practice_id = '{PRACTICE}' AND s."{key}" = t.sample_id"""  # noqa: S608 - names of ours
        )
