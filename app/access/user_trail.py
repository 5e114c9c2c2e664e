"""What happens to users, in the audit trail of every practice that they act for."""

from app.domain.audit import Actor, AuditAction
from app.domain.identifiers import PracticeId
from app.domain.users import User
from app.storage.unit_of_work import UnitOfWork


def record_about(
    user: User, action: AuditAction, actor: Actor, work: UnitOfWork, **details: str
) -> None:
    """Every practice reads it in its own trail, and nothing of the others; nobody's address."""
    chains: tuple[PracticeId | None, ...] = tuple(sorted(user.given.practice_ids)) or (None,)
    for practice in chains:
        work.audit.record(actor, action, practice=practice, about=("user", user.id), **details)
