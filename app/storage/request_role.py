"""The role that requests have: one for all databases of a server, made by the first migration."""

from typing import Final

from psycopg import Connection, sql
from psycopg.errors import InsufficientPrivilege

from app.storage.bounds import REQUEST_ROLE

# Databases of one server may be migrated at once: then another one has just made it.
_MAKE: Final = sql.SQL(
    """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN
            CREATE ROLE {role} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
    """
).format(name=sql.Literal(REQUEST_ROLE), role=sql.Identifier(REQUEST_ROLE))
_JOIN: Final = sql.SQL(
    """
    DO $$ BEGIN
        IF NOT pg_has_role(current_user, {name}, {privilege}) THEN
            GRANT {role} TO CURRENT_USER;
        END IF;
    EXCEPTION WHEN unique_violation THEN NULL;
    END $$
    """
)
_SET_IS_A_PRIVILEGE: Final = 16_00_00


class RequestRoleMissing(Exception):
    """The account that migrates may not make the role, or not take it."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"the account {account} may not create the role {REQUEST_ROLE} or use it."
            f" Let an administrator run: CREATE ROLE {REQUEST_ROLE} NOLOGIN;"
            f' GRANT {REQUEST_ROLE} TO "{account}"; - the first one unless the role exists'
        )


def ensure_request_role(connection: Connection) -> None:
    """Make the role unless the server has it, and let this account take it.

    Raises: RequestRoleMissing.
    """
    # Since PostgreSQL 16 who makes a role is a member of it that may not take it yet.
    is_told_apart = connection.info.server_version >= _SET_IS_A_PRIVILEGE
    join = _JOIN.format(
        name=sql.Literal(REQUEST_ROLE),
        role=sql.Identifier(REQUEST_ROLE),
        privilege=sql.Literal("SET" if is_told_apart else "MEMBER"),
    )
    try:
        with connection.transaction():
            connection.execute(_MAKE)
            connection.execute(join)
    except InsufficientPrivilege:
        row = connection.execute("SELECT current_user").fetchone()
        assert row is not None, "somebody is the user"
        raise RequestRoleMissing(row[0]) from None
