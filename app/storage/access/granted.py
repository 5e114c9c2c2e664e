"""What practices have granted to an organization, and is in force."""

from collections.abc import Mapping
from uuid import UUID

from psycopg import Connection

from app.domain.grants import GrantedRight
from app.domain.identifiers import PracticeId


def granted_to(
    connection: Connection, organization_id: UUID | None
) -> Mapping[PracticeId, frozenset[GrantedRight]]:
    granted: dict[PracticeId, frozenset[GrantedRight]] = {}
    if organization_id is None:
        return granted
    rows = connection.execute(
        """SELECT practice_id, rights FROM grants
           WHERE organization_id = %s AND withdrawn_at IS NULL
             AND valid_from <= now() AND (valid_until IS NULL OR valid_until > now())""",
        (organization_id,),
    )
    for practice_id, rights in rows:
        practice = PracticeId(practice_id)
        granted[practice] = granted.get(practice, frozenset()) | set(map(GrantedRight, rights))
    return granted
