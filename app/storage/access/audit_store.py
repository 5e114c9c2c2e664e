"""The audit trail as it is written: each event a link behind the newest of its chain."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.types.json import Jsonb

from app.domain.audit import Actor, AuditAction, AuditEvent, ChainHead
from app.domain.audit_chain import FIRST_HASH, link_hash
from app.domain.identifiers import PracticeId

NO_PRACTICE: Final = ""

_INSERT: Final = """
    INSERT INTO audit_entries (practice_id, number, at, actor, key_id, role, label, address,
        request_id, sandbox, action, about, about_id, reason, details, user_id, hash)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


class AuditStore:
    """What is recorded is written by the commit of its transaction, just before its end.

    So the head of a chain is locked for the time of one commit and no longer, and always last,
    where no two transactions can wait for each other. A transaction that shows one moment records
    nothing: it would not see what others appended since.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._recorded: list[AuditEvent] = []

    def record(
        self,
        actor: Actor,
        action: AuditAction,
        *,
        practice: PracticeId | None,
        about: tuple[str, object] | None = None,
        reason: str | None = None,
        **details: object,
    ) -> None:
        """Record that `actor` did `action`, if this transaction is committed.

        `about` is a kind of thing and an id of ours. Neither it nor a detail is ever a TIN, an NPI,
        a patient's value or a key.
        """
        kind, id_ = about or (None, None)
        event = AuditEvent(
            actor=actor,
            action=action,
            practice_id=practice,
            about=kind,
            about_id=None if id_ is None else str(id_),
            reason=reason,
            details={name: str(value) for name, value in details.items()},
        )
        self._recorded.append(event)

    def write(self) -> None:
        """Append what was recorded to its chains, which stay locked until the commit."""
        chains: dict[str, list[AuditEvent]] = defaultdict(list)
        for event in self._recorded:
            chains[event.practice_id or NO_PRACTICE].append(event)
        self._recorded = []
        for chain in sorted(chains):  # everybody locks them in the same order
            self._append(chain, chains[chain])

    def _append(self, chain: str, events: list[AuditEvent]) -> None:
        head = self._locked_head(chain)
        at = datetime.now(UTC)
        number, hash_ = head.number, head.hash
        rows = []
        for event in events:
            number += 1
            hash_ = link_hash(hash_, number, at, event)
            rows.append((chain, number, at, *_columns(event), hash_))
        with self._connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
            cursor.execute(
                "UPDATE audit_heads SET number = %s, hash = %s WHERE practice_id = %s",
                (number, hash_, chain),
            )

    def _locked_head(self, chain: str) -> ChainHead:
        found = self._find_locked(chain)
        if found is None:
            self._connection.execute(
                """INSERT INTO audit_heads (practice_id, number, hash) VALUES (%s, 0, %s)
                   ON CONFLICT DO NOTHING""",
                (chain, FIRST_HASH),
            )
            found = self._find_locked(chain)
        assert found is not None, "a head is never removed"
        return found

    def _find_locked(self, chain: str) -> ChainHead | None:
        row = self._connection.execute(
            "SELECT number, hash FROM audit_heads WHERE practice_id = %s FOR UPDATE", (chain,)
        ).fetchone()
        if row is None:
            return None
        return ChainHead(practice_id=chain_of(chain), number=row[0], hash=bytes(row[1]))


def chain_of(practice_id: str) -> PracticeId | None:
    """The practice that a row of the trail belongs to."""
    return None if practice_id == NO_PRACTICE else PracticeId(practice_id)


def _columns(event: AuditEvent) -> tuple[Any, ...]:
    actor = event.actor
    return (
        actor.kind,
        actor.key_id,
        actor.role,
        actor.label,
        actor.address,
        actor.request_id,
        actor.sandbox,
        event.action,
        event.about,
        event.about_id,
        event.reason,
        Jsonb(event.details),
        actor.user_id,
    )
