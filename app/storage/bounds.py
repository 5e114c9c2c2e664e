"""What the transactions of a request are bound to: the database shows them nothing beyond it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import Connection, sql

from app.domain.identifiers import PracticeId

REQUEST_ROLE: Final = "nacor_request"
"""The role of PostgreSQL that requests have. Row-level security holds for it, not for the owner."""
_EVERY_PRACTICE: Final = "*"
_BIND: Final = sql.SQL(
    """SET LOCAL nacor.practices = {practices};
       SET LOCAL nacor.sandbox = {sandbox};
       SET LOCAL nacor.caller = {caller};
       SET LOCAL ROLE {role}"""
)
_TAKE_ROLE: Final = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(REQUEST_ROLE))
_LEAVE_ROLE: Final = sql.SQL("SET LOCAL ROLE NONE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`practices` None: every one. `sandbox`: on which side of it. `caller`: the id of who asks."""

    practices: frozenset[PracticeId] | None
    sandbox: bool
    caller: UUID


def bind(connection: Connection, bounds: Bounds) -> None:
    """Bind the transaction that `connection` is in, until it ends.

    All at once, and by statements that read nothing: what the transaction sees is not settled yet.
    """
    practices = _EVERY_PRACTICE if bounds.practices is None else ",".join(sorted(bounds.practices))
    statements = _BIND.format(
        practices=sql.Literal(practices),
        sandbox=sql.Literal(str(bounds.sandbox)),
        caller=sql.Literal(str(bounds.caller)),
        role=sql.Identifier(REQUEST_ROLE),
    )
    connection.execute(statements, prepare=False)


def leave(connection: Connection) -> None:
    """Let what follows be done as by the owner; `come_back` ends it."""
    connection.execute(_LEAVE_ROLE)


def come_back(connection: Connection) -> None:
    connection.execute(_TAKE_ROLE)
