"""Who acted, as the tables keep it that show it beside what was done."""

from typing import Any

from sqlalchemy import Column, Row, Text, Uuid

from app.domain.audit import Actor, ActorKind


def actor_columns() -> tuple[Column[object], ...]:
    """`by_role` of who is neither a key nor a user is the kind of who acted, as `operator`."""
    return (
        Column("by_key", Uuid),
        Column("by_role", Text, nullable=False),
        Column("by_label", Text),
        Column("by_user", Uuid),
    )


def actor_values(actor: Actor) -> dict[str, Any]:
    role = actor.role or str(actor.kind)
    return {
        "by_key": actor.key_id,
        "by_user": actor.user_id,
        "by_role": role,
        "by_label": actor.label,
    }


def actor_of(row: Row[Any]) -> Actor:
    """Who acted as far as such a row tells; from where stands in the audit trail."""
    if row.by_key is not None:
        return Actor(kind=ActorKind.KEY, key_id=row.by_key, role=row.by_role, label=row.by_label)
    if row.by_user is not None:
        return Actor(kind=ActorKind.USER, user_id=row.by_user, role=row.by_role, label=row.by_label)
    return Actor(kind=ActorKind(row.by_role), label=row.by_label)
