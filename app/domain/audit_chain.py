"""The chain of the audit trail: how links are hashed, and how a chain is proved.

A link's hash is SHA-256 over the 32 bytes of the hash before (zeros before the first link) and the
link as JSON: UTF-8, keys sorted, no space between the parts, no escapes but those that JSON needs,
absent values left out, times in UTC with six digits of a second. Since absent values leave no
trace, a field that is added one day changes no hash of before.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.audit import AuditEntry, AuditEvent, ChainHead
from app.domain.identifiers import PracticeId

FIRST_HASH: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """The first link that is not as it was written; `what` says how that shows."""

    number: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProof:
    """`entries` were looked at, up to the first fault if there is one."""

    practice_id: PracticeId | None
    entries: int
    fault: ChainFault | None


def link_hash(previous: bytes, number: int, at: datetime, event: AuditEvent) -> bytes:
    return hashlib.sha256(previous + canonical(number, at, event)).digest()


def canonical(number: int, at: datetime, event: AuditEvent) -> bytes:
    """Return the bytes of a link that its hash covers, as this module describes them."""
    actor = event.actor
    told: dict[str, Any] = {
        "about": event.about,
        "about_id": event.about_id,
        "action": str(event.action),
        "actor": str(actor.kind),
        "address": actor.address,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "details": event.details or None,
        "key_id": None if actor.key_id is None else str(actor.key_id),
        "label": actor.label,
        "number": number,
        "practice_id": event.practice_id,
        "reason": event.reason,
        "request_id": actor.request_id,
        "role": actor.role,
        "sandbox": actor.sandbox or None,
        "user_id": None if actor.user_id is None else str(actor.user_id),
    }
    present = {name: value for name, value in told.items() if value is not None}
    return json.dumps(present, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def prove_chain(
    practice_id: PracticeId | None,
    entries: Iterable[AuditEntry],
    *,
    head: ChainHead,
    known: Sequence[ChainHead] = (),
) -> ChainProof:
    """Prove the links of a chain, in the order of their numbers, beside the head that is kept.

    `known` are heads of this chain that were written down elsewhere, at whatever time. Without
    them nobody can tell a chain whose newest links were cut off together with its head.
    """
    expected = {each.number: each.hash for each in known}
    previous, number = FIRST_HASH, 0
    for entry in entries:
        number += 1
        fault = _fault_of(entry, number, previous, expected.pop(number, None))
        if fault is not None:
            return ChainProof(practice_id=practice_id, entries=number, fault=fault)
        previous = entry.hash
    return ChainProof(
        practice_id=practice_id,
        entries=number,
        fault=_fault_at_end(number, previous, head=head, missing=expected),
    )


def _fault_of(
    entry: AuditEntry, number: int, previous: bytes, written_down: bytes | None
) -> ChainFault | None:
    if entry.number != number:
        return ChainFault(number=number, what="it is missing")
    if entry.hash != link_hash(previous, number, entry.at, entry.event):
        return ChainFault(number=number, what="it is not what was written behind the one before")
    if written_down is not None and written_down != entry.hash:
        return ChainFault(number=number, what="it is not the one whose hash was written down")
    return None


def _fault_at_end(
    number: int, last: bytes, *, head: ChainHead, missing: dict[int, bytes]
) -> ChainFault | None:
    if missing.pop(0, FIRST_HASH) != FIRST_HASH:
        return ChainFault(number=1, what="the hash that was written down is not that of a start")
    if number < head.number or missing:
        return ChainFault(number=number + 1, what="it is missing, and perhaps others behind it")
    if number > head.number:
        return ChainFault(number=head.number + 1, what="it stands behind the head of the chain")
    if last != head.hash:
        return ChainFault(number=number, what="its hash is not that of the head of the chain")
    return None
