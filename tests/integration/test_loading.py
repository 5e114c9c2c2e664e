"""Rows arrive alike, whether a few are inserted or many are loaded by COPY."""

import pytest
from sqlalchemy import URL

from app.storage.copying import Rows, copy_text, load_rows
from tests.databases import connect

A_FEW, MANY = 1, 300
VALUES = ["", "plain", "\\N", "\\.", "a\tb\nc\rd\\e", "\\t", "$1 %s", "é😀", None]


@pytest.mark.parametrize("times", [A_FEW, MANY], ids=["a few", "many"])
def test_values_arrive_as_they_were(database_url: URL, times: int) -> None:
    lines = [f"{copy_text(value)}\t{copy_text(b'&#0;' + bytes(range(256)))}" for value in VALUES]
    with connect(database_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE loaded (said text, data bytea)")
        rows = Rows(table="loaded", columns=("said", "data"), lines=iter(lines * times))
        load_rows(connection, rows, few=times == A_FEW)
        found = connection.execute("SELECT said, data FROM loaded").fetchall()
    assert found == [(value, b"&#0;" + bytes(range(256))) for value in VALUES] * times


@pytest.mark.parametrize("few", [True, False])
def test_a_table_without_rows_stands_in_nobodys_way(database_url: URL, few: bool) -> None:
    with connect(database_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE one (said text)")
        connection.execute("CREATE TEMPORARY TABLE other (said text)")
        load_rows(
            connection,
            Rows(table="one", columns=("said",), lines=[]),
            Rows(table="other", columns=("said",), lines=["here"]),
            few=few,
        )
        assert connection.execute("SELECT * FROM one").fetchall() == []
        assert connection.execute("SELECT * FROM other").fetchall() == [("here",)]
