"""Totals are joined in time that grows as the file does, though nobody has figures of its rows."""

import json
from typing import Any
from uuid import uuid4

import pytest

from app.domain.identifiers import PracticeId
from app.storage.database import driver_connection
from app.storage.figures.totals import TOTALS, Totals, joining_by_hash
from tests.registry import PRACTICE, Registry

MANY = [uuid4() for _ in range(5_000)]


def nodes(plan: dict[str, Any]) -> list[str]:
    return [plan["Node Type"], *(node for each in plan.get("Plans", []) for node in nodes(each))]


@pytest.mark.parametrize("totals", TOTALS, ids=lambda totals: totals.table)
def test_no_row_is_compared_with_every_other_one(registry: Registry, totals: Totals) -> None:
    """The tables are empty, as they are to the planner when the first large file comes."""
    parameters = {"practice": PracticeId(PRACTICE), "cases": MANY, "sign": 1}
    statements = [totals.change, totals.change_and_find_empty, totals.count_differing]
    with registry.engine.begin() as sqlalchemy_connection:
        connection = driver_connection(sqlalchemy_connection)
        with joining_by_hash(connection):
            for statement in statements:
                explained = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                row = explained.fetchone()
                assert row is not None
                joins = [
                    node for node in nodes(row[0][0]["Plan"]) if "Join" in node or "Loop" in node
                ]
                assert joins, json.dumps(row[0])
                assert "Nested Loop" not in joins
