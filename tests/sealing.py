"""What tests look at and do behind the doors, where records and files are sealed."""

from uuid import UUID

from app.domain.identifiers import PracticeId
from app.intake.recomputing import Recomputing
from app.intake.verifying import verify_practice
from app.storage.recomputing.derived_rows import RECORDS
from app.storage.sealing.data_keys import KeysOf
from app.storage.sealing.records import RecordSeals
from tests.registry import PRACTICE, Registry, library

_SEALED = {"case_payloads": "data", "case_versions": "payload"}


def execute(registry: Registry, statement: str, *values: object) -> None:
    with registry.engine.begin() as connection:
        connection.exec_driver_sql(statement, tuple(values))


def keys_used(registry: Registry) -> dict[int | None, int]:
    """How many records of all versions each data key has sealed; None: those in clear."""
    rows = registry.ask_database(
        """SELECT data_key, count(*) FROM (
               SELECT data_key FROM case_payloads UNION ALL SELECT data_key FROM case_versions
           ) sealed GROUP BY 1"""
    )
    return {row[0]: row[1] for row in rows}


def unreadable_records(registry: Registry) -> int:
    found = verify_practice(
        PracticeId(PRACTICE),
        recomputing=Recomputing(measures=library().measures),
        open_work=registry.open_work,
    )
    return found.rows[RECORDS]


def unseal(registry: Registry) -> None:
    """Put the records of the practice back into the clear, as they were before it was begun."""
    seals = RecordSeals(PracticeId(PRACTICE), KeysOf(registry.intake.keys, PRACTICE))
    for table, column in _SEALED.items():
        rows = registry.ask_database(f"SELECT ctid::text, case_id, data_key, {column} FROM {table}")
        for place, case_id, data_key, stored in rows:
            payload = seals.open(UUID(str(case_id)), data_key, bytes(stored))
            execute(
                registry,
                f"UPDATE {table} SET {column} = %s, data_key = NULL WHERE ctid = %s::tid",
                payload,
                place,
            )
