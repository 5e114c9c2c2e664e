"""The migrations make the tables that the code expects, and can be taken back."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import URL, inspect

from app.storage.database import create_database_engine, migrate_to_head
from app.storage.tables import metadata
from tests.databases import connect, new_database, text_of

PROJECT = Path(__file__).parents[2]


def alembic(url: URL, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *words],
        cwd=PROJECT,
        env={**os.environ, "NACOR_DATABASE_URL": text_of(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tables_in(url: URL) -> set[str]:
    engine = create_database_engine(text_of(url))
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_up_down_and_up_again(cluster: URL) -> None:
    with new_database(cluster) as url:
        alembic(url, "upgrade", "head")
        assert tables_in(url) == set(metadata.tables)
        alembic(url, "downgrade", "base")
        assert tables_in(url) == set()
        alembic(url, "upgrade", "head")
        assert "No new upgrade operations" in alembic(url, "check")


def test_migrating_what_is_at_head_changes_nothing(database_url: URL) -> None:
    engine = create_database_engine(text_of(database_url))
    migrate_to_head(engine)
    engine.dispose()
    assert tables_in(database_url) == set(metadata.tables)


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
