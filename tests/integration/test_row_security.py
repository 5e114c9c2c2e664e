"""What PostgreSQL itself lets a request reach, whatever the code above it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Connection, Engine, Table, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ProgrammingError

from app.domain.identifiers import PracticeId
from app.storage.bounds import REQUEST_ROLE, Bounds, bind
from app.storage.database import driver_connection
from app.storage.queue_schema import PREFIX
from app.storage.tables.metadata import metadata
from tests.databases import emptied
from tests.filled_tables import PRACTICES, FilledTables
from tests.registry import OTHER_PRACTICE, PRACTICE

OF_PRACTICE: Final = [table for table in metadata.sorted_tables if "practice_id" in table.columns]
WITH_SANDBOX: Final = [table for table in OF_PRACTICE if "sandbox" in table.columns]
OF_KEY: Final = {"idempotency_keys", "webhook_deliveries"}
FOR_THE_REGISTRY_ALONE: Final = {"submission_mails", "data_keys"}
REFUSED: Final = psycopg.errors.InsufficientPrivilege


def names(tables: list[Table]) -> Any:
    return pytest.mark.parametrize("table", tables, ids=lambda table: table.name)


class Scene:
    """Every table has the same of two practices in it; nothing of it outlives the tests."""

    def __init__(self, connection: Connection) -> None:
        self.tables = FilledTables(connection)
        self.tables.fill()
        self._connection = connection

    def bounds(self, *practices: str, sandbox: bool = False, of: str = PRACTICE) -> Bounds:
        return Bounds(
            practices=frozenset(map(PracticeId, practices)),
            sandbox=sandbox,
            caller=self.tables.owners["api_keys", of],
        )

    def staff(self) -> Bounds:
        return Bounds(
            practices=None, sandbox=False, caller=self.tables.owners["api_keys", PRACTICE]
        )

    @contextmanager
    def within(self, bounds: Bounds | None) -> Iterator[Connection]:
        """As a request; without bounds it was told nothing."""
        with self._connection.begin_nested() as savepoint:
            driver = driver_connection(self._connection)
            bind(driver, bounds or self.bounds())
            if bounds is None:
                for setting in ("practices", "sandbox", "caller"):
                    driver.execute(f"SET LOCAL nacor.{setting} = ''".encode())
            yield self._connection
            savepoint.rollback()

    def may(self, privilege: str, table: Table) -> bool:
        answer = self._connection.execute(
            text("SELECT has_table_privilege(:role, :name, :privilege)"),
            {"role": REQUEST_ROLE, "name": table.name, "privilege": privilege},
        )
        return bool(answer.scalar_one())

    def read(self, table: Table, bounds: Bounds | None, column: str = "practice_id") -> set[Any]:
        if not self.may("SELECT", table):
            self.refuses(bounds, f"SELECT FROM {table.name}")
            return set()
        with self.within(bounds) as connection:
            return set(connection.execute(text(f"SELECT {column} FROM {table.name}")).scalars())

    def touched(self, bounds: Bounds | None, statement: str) -> int:
        with self.within(bounds) as connection:
            return connection.execute(text(statement)).rowcount

    def refuses(self, bounds: Bounds | None, statement: str) -> None:
        with self.within(bounds) as connection, pytest.raises(ProgrammingError) as raised:
            connection.execute(text(statement))
        assert isinstance(raised.value.orig, REFUSED)

    def takes(self, table: Table, practice: str, bounds: Bounds | None, *, sandbox: bool) -> bool:
        row = self.tables.row(table, practice, sandbox=sandbox, is_new=True)
        with self.within(bounds) as connection:
            try:
                connection.execute(insert(table).values(row).on_conflict_do_nothing())
            except ProgrammingError as error:
                if not isinstance(error.orig, REFUSED):
                    raise
                return False
        return True


@pytest.fixture(scope="module")
def scene(connections: Engine) -> Iterator[Scene]:
    with emptied(connections).connect() as connection, connection.begin() as transaction:
        yield Scene(connection)
        transaction.rollback()


def shown(table: Table, *practices: str) -> set[str]:
    """Of the rows of `practices`; of what belongs to a key, only those of the key that asks."""
    if table.name in FOR_THE_REGISTRY_ALONE:
        return set()
    return {PRACTICE} if table.name in OF_KEY else set(practices)


@names(OF_PRACTICE)
def test_a_practice_reads_its_own_rows_alone(scene: Scene, table: Table) -> None:
    assert scene.read(table, scene.bounds(PRACTICE)) == shown(table, PRACTICE)


@names(OF_PRACTICE)
def test_a_vendor_reads_those_of_its_practices(scene: Scene, table: Table) -> None:
    bounds = scene.bounds(PRACTICE, OTHER_PRACTICE, "34567")
    assert scene.read(table, bounds) == shown(table, PRACTICE, OTHER_PRACTICE)


@names(OF_PRACTICE)
def test_staff_reads_those_of_every_practice(scene: Scene, table: Table) -> None:
    assert scene.read(table, scene.staff()) == shown(table, PRACTICE, OTHER_PRACTICE)


@names(list(metadata.sorted_tables))
def test_who_was_told_nothing_reads_nothing(scene: Scene, table: Table) -> None:
    is_open_to_all = table.name in {"organizations", "peer_refreshes", "provider_list_orders"}
    assert bool(scene.read(table, None, column="1")) == is_open_to_all


@names(WITH_SANDBOX)
def test_each_side_of_the_sandbox_reads_its_own(scene: Scene, table: Table) -> None:
    read = scene.read(table, scene.bounds(PRACTICE), column="sandbox")
    assert read == ({False, True} if table.name == "audit_entries" else {False})
    read = scene.read(table, scene.bounds(PRACTICE, sandbox=True), column="sandbox")
    assert read == {True}


@names(OF_PRACTICE)
def test_a_row_is_added_for_an_own_practice_alone(scene: Scene, table: Table) -> None:
    for practice, may in ((PRACTICE, scene.may("INSERT", table)), (OTHER_PRACTICE, False)):
        bounds = scene.bounds(PRACTICE, of=practice)  # even with the key of the other one
        assert scene.takes(table, practice, bounds, sandbox=False) == may


@names(WITH_SANDBOX)
def test_a_row_is_added_on_the_own_side_alone(scene: Scene, table: Table) -> None:
    for sandbox in (False, True):
        bounds = scene.bounds(PRACTICE, sandbox=not sandbox)
        assert not scene.takes(table, PRACTICE, bounds, sandbox=sandbox)


@names(OF_PRACTICE)
def test_own_rows_alone_are_changed_and_removed(scene: Scene, table: Table) -> None:
    changed = "number = number + 1" if table.name == "audit_heads" else "practice_id = practice_id"
    every = {
        "UPDATE": f"UPDATE {table.name} SET {changed}",
        "DELETE": f"DELETE FROM {table.name}",
    }
    for privilege, statement in every.items():
        if scene.may(privilege, table):
            assert scene.touched(scene.bounds(PRACTICE), statement) == 1
            assert scene.touched(scene.bounds("34567"), statement) == 0
            assert scene.touched(None, statement) == 0
        else:
            scene.refuses(scene.staff(), statement)


@names([table for table in OF_PRACTICE if table.name != "audit_entries"])
def test_a_row_is_not_given_to_another_practice(scene: Scene, table: Table) -> None:
    scene.refuses(
        scene.bounds(PRACTICE), f"UPDATE {table.name} SET practice_id = '{OTHER_PRACTICE}'"
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [("api_keys", "id"), ("api_key_secrets", "api_key_id"), ("webhooks", "api_key_id")],
)
def test_a_key_reaches_what_is_its_own(scene: Scene, table: str, key: str) -> None:
    of_own, of_other = (scene.tables.owners["api_keys", practice] for practice in PRACTICES)
    found = metadata.tables[table]
    assert scene.read(found, scene.bounds(PRACTICE), column=key) == {of_own}
    of_staff = scene.read(found, scene.staff(), column=key)
    assert of_staff == ({of_own} if table == "webhooks" else {of_own, of_other})


def test_practices_are_known_to_who_reaches_them(scene: Scene) -> None:
    practices = metadata.tables["practices"]
    assert scene.read(practices, scene.bounds(PRACTICE), column="id") == {PRACTICE}
    assert scene.read(practices, scene.staff(), column="id") == set(PRACTICES)


def test_what_nobody_asks_for_is_closed(scene: Scene) -> None:
    for table in ("procrastinate_jobs", "alembic_version"):
        scene.refuses(scene.staff(), f"SELECT FROM {table}")


def test_every_table_has_a_policy_or_is_the_queues(connections: Engine) -> None:
    """Whoever adds a table says in its migration what requests reach of it (`row_security`)."""
    with connections.connect() as connection:
        lacking = connection.execute(
            text(
                """SELECT relname FROM pg_class c
                   WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
                     AND NOT (relrowsecurity AND EXISTS (
                         SELECT FROM pg_policy p WHERE p.polrelid = c.oid
                            AND CAST(:role AS regrole) = ANY (p.polroles)))"""
            ).bindparams(role=REQUEST_ROLE)
        ).scalars()
        without = {name for name in lacking if not name.startswith(PREFIX)}
    assert without == {"alembic_version"}
