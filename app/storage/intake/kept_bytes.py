"""Whose bytes are kept: those that a submission or an export still needs."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from app.domain.submissions import SubmissionStatus
from app.storage.fixed_statements import FixedStatement
from app.storage.locks import BYTES_OF_A_FILE
from app.storage.tables.exports import exports
from app.storage.tables.submissions import submissions

_LOCK: Final = FixedStatement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("hash"), BYTES_OF_A_FILE)))
)


class KeptBytes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, sha256: str) -> None:
        """Let one transaction at a time keep these bytes or give up the file that holds them."""
        _LOCK.ask(self._connection, hash=sha256)

    def are_kept(self, sha256: str) -> bool:
        """Whether a submission or an export still needs these bytes; see `among`."""
        return bool(self.among([sha256]))

    def among(self, hashes: Sequence[str]) -> set[str]:
        """Those of `hashes` whose bytes a submission or an export still needs.

        Rejected and purged submissions need none, nor do exports that have expired.
        """
        rows = self._connection.execute(
            select(submissions.c.sha256)
            .where(
                submissions.c.sha256.in_(hashes),
                submissions.c.status != SubmissionStatus.REJECTED.value,
                submissions.c.purged_at.is_(None),
            )
            .distinct()
        )
        return {*rows.scalars(), *self._exported_among(hashes)}

    def _exported_among(self, hashes: Sequence[str]) -> set[str]:
        kept = exports.c.sha256.in_(hashes) & (exports.c.expires_at > func.now())
        return set(self._connection.execute(select(exports.c.sha256).where(kept)).scalars())
