"""What is stored of a practice, without what differs from run to run: ids of ours and times."""

from hashlib import sha256
from typing import Any

import psycopg

from app.domain.identifiers import PracticeId
from app.storage.sealing.data_keys import DataKeys, KeysOf
from app.storage.sealing.records import RecordSeals

_OF_ITSELF = """to_jsonb({row}) - ARRAY['practice_id', 'case_id', 'submission_id', 'stored_at',
    'id', 'sha256', 'api_key_id', 'received_at', 'finished_at', 'attempts', 'ended_at', 'ended_by',
    'row', 'payload', 'acceptance_id', 'deleted_at', 'deleted_by']"""

_BY_TABLE = {
    "cases": "SELECT {itself} FROM cases t WHERE practice_id = %(practice)s",
    "case_staff": """
        SELECT jsonb_build_array(c.anesthesia_record_id, {itself}) FROM case_staff t
        JOIN cases c USING (practice_id, case_id) WHERE practice_id = %(practice)s""",
    "measure_outcomes": """
        SELECT jsonb_build_array(c.anesthesia_record_id, {itself}) FROM measure_outcomes t
        JOIN cases c USING (practice_id, case_id) WHERE practice_id = %(practice)s""",
    "asc_outcomes": """
        SELECT jsonb_build_array(c.anesthesia_record_id, {itself}) FROM asc_outcomes t
        JOIN cases c USING (practice_id, case_id) WHERE practice_id = %(practice)s""",
    "case_versions": """
        SELECT jsonb_build_array(
            {version_row}, t.version,
            (SELECT jsonb_agg(s - ARRAY['practice_id', 'case_id'])
             FROM jsonb_array_elements(t.staff) s))
        FROM case_versions t WHERE practice_id = %(practice)s""",
    "case_counts": "SELECT {itself} FROM case_counts t WHERE practice_id = %(practice)s",
    "measure_counts": "SELECT {itself} FROM measure_counts t WHERE practice_id = %(practice)s",
    "asc_counts": "SELECT {itself} FROM asc_counts t WHERE practice_id = %(practice)s",
    "field_counts": "SELECT {itself} FROM field_counts t WHERE practice_id = %(practice)s",
    "submissions": "SELECT {itself} FROM submissions t WHERE practice_id = %(practice)s",
    "submission_records": """
        SELECT jsonb_build_array(s.bytes, {itself}) FROM submission_records t
        JOIN submissions s ON s.id = t.submission_id WHERE t.practice_id = %(practice)s""",
    "submission_findings": """
        SELECT jsonb_build_array(s.bytes, {itself}) FROM submission_findings t
        JOIN submissions s ON s.id = t.submission_id WHERE t.practice_id = %(practice)s""",
    "submission_finding_counts": """
        SELECT jsonb_build_array(s.bytes, {itself}) FROM submission_finding_counts t
        JOIN submissions s ON s.id = t.submission_id WHERE t.practice_id = %(practice)s""",
    "submission_progress": """
        SELECT {itself} FROM submission_progress t WHERE practice_id = %(practice)s""",
}


_RECORDS = """
    SELECT anesthesia_record_id, 0, case_id, p.data_key, p.data
    FROM cases JOIN case_payloads p USING (practice_id, case_id)
    WHERE practice_id = %(practice)s
    UNION ALL
    SELECT anesthesia_record_id, v.version, case_id, v.data_key, v.payload
    FROM cases JOIN case_versions v USING (practice_id, case_id)
    WHERE practice_id = %(practice)s"""


def stored(connection: psycopg.Connection, practice: str, keys: DataKeys) -> dict[str, list[Any]]:
    """Each table with its rows of the practice, in an order that is always the same."""
    seals = RecordSeals(PracticeId(practice), KeysOf(keys, practice))
    records = sorted(
        f"{record_id} {version} {sha256(seals.open(case_id, data_key, data)).hexdigest()}"
        for record_id, version, case_id, data_key, data in connection.execute(
            _RECORDS, {"practice": practice}
        )
    )
    return {"the records": records} | {
        table: [
            row[0]
            for row in connection.execute(
                f"SELECT found::text FROM ({_filled(query)}) t(found) ORDER BY 1".encode(),
                {"practice": practice},
            )
        ]
        for table, query in _BY_TABLE.items()
    }


def differing(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> dict[str, Any]:
    """The tables that differ, each with its rows that stand in one of the two only."""
    return {
        table: sorted(set(rows) ^ set(expected[table]))[:4] or "doubled rows"
        for table, rows in found.items()
        if rows != expected[table]
    }


def _filled(query: str) -> str:
    return query.format(
        itself=_OF_ITSELF.format(row="t"), version_row=_OF_ITSELF.format(row='t."row"')
    )
