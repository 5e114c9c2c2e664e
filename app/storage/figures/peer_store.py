"""The comparisons with peers as they were last made, and what they were made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from sqlalchemy import Connection as Session
from sqlalchemy import Row, Select, and_, bindparam, select

from app.domain.identifiers import Npi, PracticeId, Tin
from app.storage.copying import copy_json, copy_rows, copy_text
from app.storage.locks import PEERS
from app.storage.tables.figures import peer_comparisons, peer_refreshes
from app.storage.tables.practices import practices

_NO_GROUP: Final = UUID(int=0)
_COLUMNS: Final = tuple(column.name for column in peer_comparisons.columns)
_FINGERPRINTS: Final = """
    WITH parts (performance_year, part) AS (
        SELECT performance_year, hash_record_extended(m, 1) FROM measure_counts m
        UNION ALL
        SELECT performance_year, hash_record_extended(c, 2)
        FROM group_counts c JOIN subgroups g
            ON g.practice_id = c.practice_id AND g.id = c.group_id
        UNION ALL
        SELECT performance_year, hash_record_extended(c, 3)
        FROM group_counts c JOIN virtual_groups g
            ON g.practice_id = c.practice_id AND g.id = c.group_id
        UNION ALL
        SELECT performance_year, hash_record_extended(g, 4) FROM virtual_groups g
    ), traits AS (
        SELECT coalesce(bit_xor(hash_record_extended(p, 5)), 0) AS part
        FROM (SELECT id, peers_opted_out, clinicians, addresses #> '{0,state}' FROM practices) p
    )
    SELECT performance_year, bit_xor(parts.part) || ' ' || traits.part
    FROM parts, traits
    WHERE performance_year IN (SELECT performance_year FROM measure_counts)
    GROUP BY performance_year, traits.part
"""
"""By year: what figures and rosters are compared from, in two numbers. Rows are unlike each other,
so no two of them cancel each other out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerTraits:
    """What the roster tells of a practice, as peers are chosen by it."""

    practice: PracticeId
    clinicians: int | None
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptComparison:
    """How an entity stands among its peers; `cuts` as they are shown."""

    practice: PracticeId
    performance_year: int
    level: str
    measure_id: str
    stratum: str
    tin: Tin | None
    npi: Npi | None
    group_id: UUID | None
    performance_rate: Decimal
    data_completeness: Decimal
    cuts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStanding:
    """`as_of`: when the comparisons of the year were made, None before the first time."""

    as_of: datetime | None
    opted_out: bool
    comparisons: tuple[KeptComparison, ...]


class PeerStore:
    def __init__(self, session: Session, connection: Connection) -> None:
        self._session = session
        self._connection = connection

    def lock(self) -> bool:
        """Let one transaction at a time make comparisons; return whether this is the one."""
        row = self._connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('', %s))", (PEERS,)
        ).fetchone()
        return row is not None and bool(row[0])

    def fingerprints(self) -> dict[int, str]:
        """By performance year with cases: changes with whatever comparisons are made from."""
        return {row[0]: row[1] for row in self._connection.execute(_FINGERPRINTS)}

    def made_from(self) -> dict[int, str]:
        """By performance year: the fingerprint of what the kept comparisons were made from."""
        rows = self._session.execute(select(peer_refreshes))
        return {row.performance_year: row.fingerprint for row in rows}

    def as_of(self, performance_year: int) -> datetime | None:
        return self._session.execute(
            select(peer_refreshes.c.as_of).where(
                peer_refreshes.c.performance_year == performance_year
            )
        ).scalar()

    def taking_part(self) -> list[PeerTraits]:
        """Every practice that has not opted out."""
        rows = self._session.execute(
            select(
                practices.c.id,
                practices.c.clinicians,
                practices.c.addresses[0]["state"].astext.label("state"),
            )
            .where(practices.c.peers_opted_out.is_(False))
            .order_by(practices.c.id)
        )
        return [
            PeerTraits(practice=PracticeId(row.id), clinicians=row.clinicians, state=row.state)
            for row in rows
        ]

    def has_opted_out(self, practice: PracticeId) -> bool:
        """Whether a registered practice takes no part."""
        return bool(
            self._session.execute(
                select(practices.c.peers_opted_out).where(practices.c.id == practice)
            ).scalar()
        )

    def opt(self, practice: PracticeId, *, out: bool) -> None:
        """What was kept of a practice that opts out is forgotten."""
        self._session.execute(
            practices.update().where(practices.c.id == practice).values(peers_opted_out=out)
        )
        if out:
            self._session.execute(
                peer_comparisons.delete().where(peer_comparisons.c.practice_id == practice)
            )

    def replace(
        self,
        performance_year: int,
        fingerprint: str,
        comparisons: Iterable[KeptComparison],
        *,
        as_of: datetime,
    ) -> None:
        """Let these be the comparisons of a year."""
        self._connection.execute(
            "DELETE FROM peer_comparisons WHERE performance_year = %s", (performance_year,)
        )
        copy_rows(self._connection, peer_comparisons.name, _COLUMNS, map(_line, comparisons))
        self._connection.execute(
            """INSERT INTO peer_refreshes (performance_year, as_of, fingerprint)
               VALUES (%s, %s, %s)
               ON CONFLICT (performance_year) DO UPDATE
               SET as_of = excluded.as_of, fingerprint = excluded.fingerprint""",
            (performance_year, as_of, fingerprint),
        )

    def compared(
        self, practice: PracticeId, performance_year: int, level: str, **equal: object
    ) -> PeerStanding:
        """How a registered practice takes part, with the comparisons that are kept of it."""
        asked = {"practice": practice, "year": performance_year, "of_level": level, **equal}
        rows = self._session.execute(_compared(frozenset(equal)), asked).all()
        return PeerStanding(
            as_of=rows[0].as_of if rows else None,
            opted_out=bool(rows and rows[0].peers_opted_out),
            comparisons=tuple(_kept(row) for row in rows if row.practice_id is not None),
        )

    def comparisons(
        self, practice: PracticeId, performance_year: int, level: str, **equal: object
    ) -> list[KeptComparison]:
        """Those whose columns are as in `equal`, in the order of measure, stratum and entity."""
        columns = peer_comparisons.c
        rows = self._session.execute(
            select(peer_comparisons)
            .where(
                columns.practice_id == practice,
                columns.performance_year == performance_year,
                columns.level == level,
                *(columns[name] == value for name, value in equal.items()),
            )
            .order_by(
                columns.measure_id, columns.stratum, columns.tin, columns.npi, columns.group_id
            )
        )
        return [_kept(row) for row in rows]


@cache
def _compared(narrowed: frozenset[str]) -> Select[Any]:
    """Put together once: every answer with peers asks it."""
    kept, refreshed = peer_comparisons.c, peer_refreshes.c
    is_kept = and_(
        kept.practice_id == practices.c.id,
        kept.performance_year == bindparam("year"),
        kept.level == bindparam("of_level"),
        *(kept[name] == bindparam(name) for name in sorted(narrowed)),
    )
    return (
        select(refreshed.as_of, practices.c.peers_opted_out, peer_comparisons)
        .select_from(practices)
        .outerjoin(peer_refreshes, refreshed.performance_year == bindparam("year"))
        .outerjoin(peer_comparisons, is_kept)
        .where(practices.c.id == bindparam("practice"))
    )


def _line(kept: KeptComparison) -> str:
    return "\t".join(
        (
            *(copy_text(value) for value in (kept.practice, kept.performance_year, kept.level)),
            *(copy_text(value or "") for value in (kept.tin, kept.npi)),
            str(kept.group_id or _NO_GROUP),
            *(copy_text(value) for value in (kept.measure_id, kept.stratum)),
            *(copy_text(value) for value in (kept.performance_rate, kept.data_completeness)),
            copy_json(kept.cuts),
        )
    )


def _kept(row: Row[Any]) -> KeptComparison:
    return KeptComparison(
        practice=PracticeId(row.practice_id),
        performance_year=row.performance_year,
        level=row.level,
        measure_id=row.measure_id,
        stratum=row.stratum,
        tin=Tin(row.tin) if row.tin else None,
        npi=Npi(row.npi) if row.npi else None,
        group_id=None if row.group_id == _NO_GROUP else row.group_id,
        performance_rate=row.performance_rate,
        data_completeness=row.data_completeness,
        cuts=row.cuts,
    )
