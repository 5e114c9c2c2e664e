"""A chain of the audit trail as anybody can prove it, with nothing but SHA-256 and JSON."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from app.domain.audit import MEANINGS, Actor, ActorKind, AuditAction, AuditEntry, AuditEvent
from app.domain.audit import ChainHead as Head
from app.domain.audit_chain import FIRST_HASH, canonical, link_hash, prove_chain
from app.domain.identifiers import PracticeId

PRACTICE = PracticeId("12345")
AT = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)
DELETION = AuditEvent(
    actor=Actor(
        kind=ActorKind.KEY,
        key_id=UUID("01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"),
        role="practice",
        label="Büro",
        address="203.0.113.7",
        request_id="9f0c1d2e3a4b5c6d",
    ),
    action=AuditAction.CASE_DELETED,
    practice_id=PRACTICE,
    about="case",
    about_id="01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24",
    reason='sent "twice"',
)
AS_JSON = (
    '{"about":"case","about_id":"01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f24","action":"case.deleted",'
    '"actor":"key","address":"203.0.113.7","at":"2026-11-21T10:00:00.123456Z",'
    '"key_id":"01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23","label":"Büro","number":1,'
    '"practice_id":"12345","reason":"sent \\"twice\\"","request_id":"9f0c1d2e3a4b5c6d",'
    '"role":"practice"}'
)


def a_chain(*events: AuditEvent) -> list[AuditEntry]:
    links, previous = [], FIRST_HASH
    for number, event in enumerate(events, start=1):
        previous = link_hash(previous, number, AT, event)
        links.append(AuditEntry(number=number, at=AT, event=event, hash=previous))
    return links


def head_of(links: list[AuditEntry]) -> Head:
    return Head(practice_id=PRACTICE, number=len(links), hash=links[-1].hash)


def test_a_link_is_hashed_as_its_description_says() -> None:
    assert canonical(1, AT, DELETION).decode() == AS_JSON
    assert link_hash(FIRST_HASH, 1, AT, DELETION) == (
        hashlib.sha256(bytes(32) + AS_JSON.encode()).digest()
    )


def test_what_is_absent_leaves_no_trace_so_that_fields_can_be_added() -> None:
    bare = AuditEvent(actor=Actor(kind="worker"), action="case.read", practice_id=None)
    assert canonical(7, AT, bare).decode() == (
        '{"action":"case.read","actor":"worker","at":"2026-11-21T10:00:00.123456Z","number":7}'
    )


def test_a_chain_that_nobody_touched_is_whole() -> None:
    links = a_chain(DELETION, DELETION, DELETION)
    proof = prove_chain(PRACTICE, links, head=head_of(links))
    assert (proof.entries, proof.fault) == (3, None)
    empty = Head(practice_id=PRACTICE, number=0, hash=FIRST_HASH)
    assert prove_chain(PRACTICE, [], head=empty).fault is None


def test_links_that_were_cut_off_with_the_head_are_missed_by_a_head_kept_elsewhere() -> None:
    links = a_chain(DELETION, DELETION, DELETION)
    kept, cut = head_of(links), links[:1]
    assert prove_chain(PRACTICE, cut, head=head_of(cut)).fault is None
    found = prove_chain(PRACTICE, cut, head=head_of(cut), known=[kept]).fault
    assert found is not None
    assert found.number == 2


def test_a_chain_that_was_written_anew_is_not_that_of_a_head_kept_elsewhere() -> None:
    links = a_chain(DELETION, DELETION)
    anew = a_chain(DELETION, AuditEvent(actor=DELETION.actor, action="x", practice_id=PRACTICE))
    assert prove_chain(PRACTICE, anew, head=head_of(anew)).fault is None
    found = prove_chain(PRACTICE, anew, head=head_of(anew), known=[head_of(links)]).fault
    assert found is not None
    assert found.number == 2


def test_every_action_says_what_it_means() -> None:
    assert set(MEANINGS) == set(AuditAction)
