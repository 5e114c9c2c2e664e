"""The entries of a roster: each kind a table whose columns are the fields of its dataclass."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from app.domain.identifiers import PracticeId, Tin
from app.domain.roster import (
    Agreement,
    AgreementKind,
    Clinician,
    Credentials,
    Employment,
    Facility,
    PracticeDetails,
    PracticeTin,
    RosterEntry,
    Subgroup,
    VirtualGroup,
)
from app.domain.spans import year_span
from app.storage.locks import PROVIDER_LISTS, ROSTER_OF_A_PRACTICE
from app.storage.tables.practices import practice_tins, practices
from app.storage.tables.reporting import agreements
from app.storage.tables.roster import clinicians, employments, facilities, subgroups, virtual_groups

E = TypeVar("E", bound=RosterEntry)

_TABLES: Final[Mapping[type[RosterEntry], Table]] = {
    PracticeTin: practice_tins,
    Facility: facilities,
    Clinician: clinicians,
    Employment: employments,
    Subgroup: subgroups,
    VirtualGroup: virtual_groups,
    Agreement: agreements,
}
_WORDS: Final[Mapping[type[RosterEntry], tuple[str, type[StrEnum]]]] = {
    Clinician: ("credentials", Credentials),
    Agreement: ("kind", AgreementKind),
}
"""The columns that hold a word of a closed list."""
_CLINICIAN_COUNTS: Final = (
    select(
        practices.c.clinicians.label("told"),
        practice_tins.c.id,
        practice_tins.c.tin,
        func.count(employments.c.clinician_id.distinct()).label("clinicians"),
    )
    .select_from(practices)
    .outerjoin(practice_tins, practice_tins.c.practice_id == practices.c.id)
    .outerjoin(
        employments,
        (employments.c.practice_id == practices.c.id)
        & (employments.c.tin == practice_tins.c.tin)
        & (employments.c.starts_on <= bindparam("last"))
        & ((employments.c.ends_on >= bindparam("first")) | employments.c.ends_on.is_(None)),
    )
    .where(practices.c.id == bindparam("practice"))
    .group_by(practices.c.clinicians, practice_tins.c.id, practice_tins.c.tin)
)


class ClinicianCounts(NamedTuple):
    """`told`: what the practice tells of itself, None where it tells nothing.

    `tin_ids`: the entry of each TIN of the roster. `by_tin` has those with any clinician.
    """

    told: int | None
    tin_ids: dict[Tin, UUID]
    by_tin: dict[Tin, int]


class RosterStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, practice: PracticeId) -> None:
        """Let one transaction at a time change it, while no provider list is locked or unlocked."""
        lists = func.hashtextextended("", PROVIDER_LISTS)
        self._connection.execute(select(func.pg_advisory_xact_lock_shared(lists)))
        hashed = func.hashtextextended(practice, ROSTER_OF_A_PRACTICE)
        self._connection.execute(select(func.pg_advisory_xact_lock(hashed)))

    def get(self, kind: type[E], practice: PracticeId, entry_id: UUID) -> E | None:
        row = self._connection.execute(
            select(*_columns(kind)).where(*_is(kind, practice, entry_id))
        )
        found = row.first()
        return None if found is None else entry_of(kind, found)

    def all(self, kind: type[E], practice: PracticeId, **equal: object) -> list[E]:
        """Every entry whose fields are as in `equal`, in the order in which they were added."""
        return self.page(kind, practice, after=None, limit=None, **equal)

    def page(
        self,
        kind: type[E],
        practice: PracticeId,
        *,
        after: UUID | None,
        limit: int | None,
        **equal: object,
    ) -> list[E]:
        """Those behind the entry `after`, in the order in which they were added."""
        table = _TABLES[kind]
        asked = [table.c[name] == value for name, value in equal.items()]
        if after is not None:
            asked.append(table.c.id > after)
        rows = self._connection.execute(
            select(*_columns(kind))
            .where(table.c.practice_id == practice, *asked)
            .order_by(table.c.id)
            .limit(limit)
        )
        return [entry_of(kind, row) for row in rows]

    def clinician_counts(self, practice: PracticeId, year: int) -> ClinicianCounts:
        """How many clinicians bill under each TIN of the roster on some day of a calendar year."""
        whole = year_span(year)
        asked = {"practice": practice, "first": whole.first, "last": whole.last}
        rows = self._connection.execute(_CLINICIAN_COUNTS, asked).all()
        return ClinicianCounts(
            told=next((row.told for row in rows), None),
            tin_ids={Tin(row.tin): row.id for row in rows if row.tin is not None},
            by_tin={Tin(row.tin): row.clinicians for row in rows if row.clinicians},
        )

    def add(self, entry: RosterEntry) -> None:
        self.add_all([entry])

    def add_all(self, entries: list[Any]) -> None:
        """Entries of one kind."""
        if entries:
            rows = [_values(entry) for entry in entries]
            self._connection.execute(insert(_TABLES[type(entries[0])]), rows)

    def replace(self, entry: RosterEntry) -> None:
        """Let the entry of this id be as `entry`."""
        self._connection.execute(
            update(_TABLES[type(entry)])
            .where(*_is(type(entry), entry.practice_id, entry.id))
            .values(**_values(entry))
        )

    def remove(self, entry: RosterEntry) -> None:
        kind = type(entry)
        self._connection.execute(
            delete(_TABLES[kind]).where(*_is(kind, entry.practice_id, entry.id))
        )

    def agreements_of(self, practices: Collection[PracticeId]) -> list[Agreement]:
        rows = self._connection.execute(
            select(*_columns(Agreement)).where(agreements.c.practice_id.in_(practices))
        )
        return [entry_of(Agreement, row) for row in rows]

    def details(self, practice: PracticeId) -> PracticeDetails | None:
        row = self._connection.execute(_DETAILS.where(practices.c.id == practice)).first()
        return None if row is None else _details(row)

    def details_page(
        self, within: frozenset[PracticeId] | None, *, after: PracticeId | None, limit: int
    ) -> list[PracticeDetails]:
        """Practices in the order of their ids, only those of `within` unless it is None."""
        asked: list[ColumnElement[bool]] = []
        if within is not None:
            asked.append(practices.c.id.in_(within))
        if after is not None:
            asked.append(practices.c.id > after)
        rows = self._connection.execute(
            _DETAILS.where(*asked).order_by(practices.c.id).limit(limit)
        )
        return [_details(row) for row in rows]

    def save_details(self, details: PracticeDetails) -> None:
        values = {field.name: getattr(details, field.name) for field in fields(details)}
        for name in ("addresses", "contacts"):
            values[name] = list(values[name])
        self._connection.execute(
            update(practices).where(practices.c.id == details.id).values(**values)
        )


_DETAILS: Final = select(*(practices.c[field.name] for field in fields(PracticeDetails)))


def _is(
    kind: type[RosterEntry], practice: PracticeId, entry_id: UUID
) -> tuple[ColumnElement[bool], ...]:
    table = _TABLES[kind]
    return table.c.practice_id == practice, table.c.id == entry_id


def _columns(kind: type[RosterEntry]) -> list[ColumnElement[Any]]:
    return [_TABLES[kind].c[field.name] for field in fields(kind)]


def _values(entry: RosterEntry) -> dict[str, Any]:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def entry_of(kind: type[E], row: Row[Any]) -> E:
    """Return the entry in `row`, which holds its columns and no others."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row._mapping.items()
    }
    if kind in _WORDS:
        name, word = _WORDS[kind]
        values[name] = word(values[name])
    return kind(**values)


def _details(row: Row[Any]) -> PracticeDetails:
    return PracticeDetails(
        id=PracticeId(row.id),
        name=row.name,
        version=row.version,
        addresses=tuple(row.addresses),
        contacts=tuple(row.contacts),
        clinicians=row.clinicians,
    )
