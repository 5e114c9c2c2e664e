"""The audit trail as it is asked for, handed out and proved."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from app.access.audit_lines import AuditFormat
from app.domain.audit import Actor, AuditAction, AuditEntry, ChainHead
from app.domain.audit_chain import ChainProof, prove_chain
from app.domain.identifiers import PracticeId
from app.storage.access.audit_queries import AuditPlace, AuditQuestion
from app.storage.unit_of_work import OpenWork

_BATCH: Final = 1_000


def list_entries(
    question: AuditQuestion, *, before: AuditPlace | None, limit: int, open_work: OpenWork
) -> list[AuditEntry]:
    """Newest first."""
    with open_work() as work:
        return work.audit_trail.listed(question, before=before, limit=limit)


def export_entries(
    question: AuditQuestion, format_: AuditFormat, actor: Actor, *, open_work: OpenWork
) -> Iterator[Sequence[AuditEntry]]:
    """Write down who gets the trail, and return it newest first, some entries at a time.

    Between the batches no connection to the database is held, for whoever reads may be slow.
    Entries never change, so the batches fit together.
    """
    with open_work() as work:
        work.audit.record(
            actor, AuditAction.AUDIT_EXPORTED, practice=question.practice, format=format_
        )
        work.commit()
    return _batches(question, open_work)


def prove_chains(
    practices: Sequence[PracticeId | None], known: Sequence[ChainHead], *, open_work: OpenWork
) -> Iterator[ChainProof]:
    """Prove chain by chain, each as of one moment; a few entries at a time are in memory.

    `known`: heads that were written down elsewhere.
    """
    for practice in practices:
        of_chain = [head for head in known if head.practice_id == practice]
        with open_work() as work:
            work.show_one_moment()
            head = work.audit_trail.head(practice)
            with closing(work.audit_trail.chain(practice)) as entries:
                proof = prove_chain(practice, entries, head=head, known=of_chain)
        yield proof


def list_heads(practices: Sequence[PracticeId | None], *, open_work: OpenWork) -> list[ChainHead]:
    with open_work() as work:
        return [work.audit_trail.head(practice) for practice in practices]


def chains_of(
    practice: PracticeId | None, known: Sequence[ChainHead], *, open_work: OpenWork
) -> list[PracticeId | None]:
    """That of `practice`; without one every chain, also those that only `known` heads tell of."""
    if practice is not None:
        return [practice]
    with open_work() as work:
        found = work.audit_trail.chains()
    return list(dict.fromkeys([*found, *(head.practice_id for head in known)]))


def _batches(question: AuditQuestion, open_work: OpenWork) -> Iterator[Sequence[AuditEntry]]:
    before: AuditPlace | None = None
    while True:
        batch = list_entries(question, before=before, limit=_BATCH, open_work=open_work)
        yield batch
        if len(batch) < _BATCH:
            return
        before = AuditPlace.of(batch[-1])
