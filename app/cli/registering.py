"""`nacor practice add`, `nacor organization add` and `nacor key`."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import typer

from app.access.grant_service import register_organization
from app.access.grant_wire import OrganizationOut
from app.access.key_service import create_key as give_out
from app.access.key_service import list_keys as list_all_keys
from app.access.key_service import revoke_key as revoke
from app.access.key_service import rotate_key as give_new_secret
from app.access.key_wire import KeyOut
from app.access.operators import operator
from app.access.revoked_key_wire import RevokedKeyOut
from app.cli.databases import open_database
from app.cli.parsing import parsed
from app.cli.serving import migrate_database
from app.domain.grants import OrganizationKind
from app.domain.identifiers import parse_practice_id, parse_tin
from app.domain.principals import parse_role
from app.roster.service import register_practice
from app.storage.access.key_store import NewKey


def add_practice(practice_id: str, *, name: str, tins: list[str]) -> None:
    practice = parsed(practice_id, parse_practice_id)
    parsed_tins = [parsed(tin, parse_tin) for tin in tins]
    migrate_database()
    with open_database() as open_work:
        registered = register_practice(
            practice, name=name, tins=parsed_tins, open_work=open_work, by=operator()
        )
    typer.echo(orjson.dumps(registered).decode())


def create_key(
    role: str,
    *,
    practices: list[str],
    sandbox: bool,
    label: str | None,
    organization: UUID | None = None,
    expires: datetime | None = None,
) -> None:
    by = operator()
    new = NewKey(
        role=parsed(role, parse_role),
        practice_ids=tuple(parsed(practice, parse_practice_id) for practice in practices),
        sandbox=sandbox,
        label=label,
        organization_id=organization,
        expires_at=None if expires is None else expires.replace(tzinfo=UTC),
        created_by=by.label,
    )
    migrate_database()
    with open_database() as open_work:
        given = give_out(new, by, open_work=open_work)
    typer.echo(given.key)


def list_keys() -> None:
    with open_database() as open_work:
        records = list_all_keys(before=None, limit=None, open_work=open_work)
    for record in records:
        typer.echo(KeyOut.of(record).model_dump_json())


def rotate_key(key_id: UUID, *, overlap_hours: int) -> None:
    overlap = timedelta(hours=overlap_hours)
    with open_database() as open_work:
        given = give_new_secret(key_id, operator(), overlap=overlap, open_work=open_work)
    typer.echo(given.key)


def revoke_key(key_id: UUID, *, reason: str | None, with_grants: bool) -> None:
    with open_database() as open_work:
        revoked = revoke(
            key_id, operator(), reason=reason, with_grants=with_grants, open_work=open_work
        )
    typer.echo(RevokedKeyOut.left_by(revoked).model_dump_json())


def add_organization(name: str, *, kind: str) -> None:
    migrate_database()
    with open_database() as open_work:
        added = register_organization(name, OrganizationKind(kind), operator(), open_work=open_work)
    typer.echo(OrganizationOut.of(added).model_dump_json())
