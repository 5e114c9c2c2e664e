"""The migrations make the tables that the code expects, and can be taken back."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, inspect

from app.storage.access.key_store import KeyStore
from app.storage.database import create_database_engine
from app.storage.migrating import is_at_head, migrate_to_head
from app.storage.queue_schema import PREFIX
from app.storage.tables.metadata import metadata
from tests.databases import connect, new_database, text_of

PROJECT = Path(__file__).parents[2]


def alembic(url: URL, what: str, *words: str) -> str:
    """What the command says, run as an administrator does but in the process of the test."""
    said = io.StringIO()
    config = Config(PROJECT / "alembic.ini", stdout=said)
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NACOR_DATABASE_URL", text_of(url))
        getattr(command, what)(config, *words)
    return said.getvalue()


def tables_in(url: URL) -> set[str]:
    """Those of ours; the queue has its own, which a test of it looks at."""
    engine = create_database_engine(text_of(url))
    try:
        names = set(inspect(engine).get_table_names()) - {"alembic_version"}
        return {name for name in names if not name.startswith(PREFIX)}
    finally:
        engine.dispose()


def is_ready(url: URL) -> bool:
    """Whether the service takes the database for one at head; Alembic is not asked."""
    engine = create_database_engine(text_of(url))
    with engine.connect() as connection:
        ready = is_at_head(connection)
    engine.dispose()
    return ready


def test_up_down_and_up_again(cluster: URL) -> None:
    with new_database(cluster) as url:
        assert not is_ready(url)
        alembic(url, "upgrade", "head")
        assert tables_in(url) == set(metadata.tables)
        assert is_ready(url)
        alembic(url, "downgrade", "base")
        assert tables_in(url) == set()
        assert not is_ready(url)
        alembic(url, "upgrade", "head")
        assert "No new upgrade operations" in alembic(url, "check")


def test_migrating_what_is_at_head_changes_nothing(database_url: URL) -> None:
    engine = create_database_engine(text_of(database_url))
    migrate_to_head(engine)
    engine.dispose()
    assert tables_in(database_url) == set(metadata.tables)


def test_who_may_not_make_roles_is_told_what_an_administrator_runs(cluster: URL) -> None:
    account = f"nacor_test_{uuid4().hex}"
    with new_database(cluster) as url, account_without_rights(url, account) as poor:
        engine = create_database_engine(text_of(poor))
        with pytest.raises(CommandError, match="GRANT nacor_request TO") as raised:
            migrate_to_head(engine)
        assert f'"{account}"' in str(raised.value)
        assert tables_in(url) == set()
        with connect(url) as connection:
            connection.execute(f'GRANT nacor_request TO "{account}"'.encode())
        migrate_to_head(engine)
        engine.dispose()
        assert tables_in(url) == set(metadata.tables)


@contextmanager
def account_without_rights(url: URL, account: str) -> Iterator[URL]:
    """It may make tables in this database, and nothing else."""
    with connect(url) as connection:
        connection.execute(f"CREATE ROLE \"{account}\" LOGIN PASSWORD 'plain'".encode())
        connection.execute(f'GRANT CREATE ON SCHEMA public TO "{account}"'.encode())
    try:
        yield url.set(username=account, password="plain")
    finally:
        with connect(url) as connection:
            connection.execute(f'GRANT "{account}" TO CURRENT_USER'.encode())
            connection.execute(f'DROP OWNED BY "{account}"'.encode())
            connection.execute(f'DROP ROLE "{account}"'.encode())


def test_findings_from_before_they_were_counted_by_code_are_counted(cluster: URL) -> None:
    with new_database(cluster) as url:
        alembic(url, "upgrade", "0001")
        with connect(url) as connection:
            connection.execute(
                """INSERT INTO submission_findings
                   SELECT '12345', '01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21', number,
                          jsonb_build_object('code', code, 'severity', severity)
                   FROM (VALUES (1, 'AR201', 'error'), (2, 'AR401', 'warning'),
                                (3, 'AR401', 'warning')) AS found (number, code, severity)"""
            )
        alembic(url, "upgrade", "head")
        with connect(url) as connection:
            counted = connection.execute(
                """SELECT code, severity, findings, accepted
                   FROM submission_finding_counts ORDER BY code"""
            ).fetchall()
        assert counted == [("AR201", "error", 1, 0), ("AR401", "warning", 2, 0)]


def test_keys_from_before_they_had_secrets_with_an_end_go_on_working(cluster: URL) -> None:
    key_hash = bytes(range(32))
    with new_database(cluster) as url:
        alembic(url, "upgrade", "0007")
        with connect(url) as connection:
            connection.execute(
                """INSERT INTO api_keys (id, key_hash, role, practice_ids, sandbox)
                   VALUES ('01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f21', %s, 'vendor', '{12345}', false)
                """,
                (key_hash,),
            )
        alembic(url, "upgrade", "head")
        with connect(url) as connection:
            found = KeyStore(connection).find(key_hash)
        assert found is not None
        assert (found.role, found.practice_ids) == ("vendor", {"12345"})
        alembic(url, "downgrade", "0007")
        with connect(url) as connection:
            kept = connection.execute("SELECT key_hash FROM api_keys").fetchall()
        assert kept == [(key_hash,)]


def test_counts_from_before_months_stood_side_by_side_are_kept(cluster: URL) -> None:
    counts = "SELECT month::text, facility_id, cases FROM case_counts ORDER BY 1, 2"
    months = "SELECT facility_id, january, february, december FROM case_counts ORDER BY 1"
    with new_database(cluster) as url:
        alembic(url, "upgrade", "0008")
        with connect(url) as connection:
            connection.execute(
                """INSERT INTO case_counts
                   SELECT '12345', 2024, '', '', month::date, facility, cases
                   FROM (VALUES ('2024-01-01', 'F-01', 3), ('2024-12-01', 'F-01', 5),
                                ('2024-02-01', 'F-02', 7)) AS counted (month, facility, cases)"""
            )
            before = connection.execute(counts).fetchall()
        alembic(url, "upgrade", "0009")
        with connect(url) as connection:
            assert connection.execute(months).fetchall() == [("F-01", 3, 0, 5), ("F-02", 0, 7, 0)]
        alembic(url, "downgrade", "0008")
        with connect(url) as connection:
            assert connection.execute(counts).fetchall() == before
