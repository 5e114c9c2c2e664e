"""`nacor practice add` and `nacor key create`."""

from collections.abc import Callable
from typing import TypeVar

import orjson
import typer

from app.access.keys import hash_of, new_key
from app.cli.outcome import UNREADABLE
from app.cli.serving import migrate_database, settings
from app.deployment import create_engine_for
from app.domain.identifiers import parse_practice_id, parse_tin
from app.roster.service import register_practice
from app.storage.key_store import Role
from app.storage.unit_of_work import UnitOfWork

T = TypeVar("T")


def add_practice(practice_id: str, *, name: str, tins: list[str]) -> None:
    practice = _parsed(practice_id, parse_practice_id)
    parsed_tins = [_parsed(tin, parse_tin) for tin in tins]
    migrate_database()
    engine = create_engine_for(settings())
    registered = register_practice(
        practice, name=name, tins=parsed_tins, open_work=lambda: UnitOfWork(engine)
    )
    typer.echo(orjson.dumps(registered).decode())


def create_key(role: str, *, practices: list[str], sandbox: bool, label: str | None) -> None:
    chosen_role = _parsed(role, Role)
    practice_ids = [_parsed(practice, parse_practice_id) for practice in practices]
    if chosen_role in (Role.VENDOR, Role.PRACTICE) and not practice_ids:
        _refuse(f"a {chosen_role} key needs --practice")
    migrate_database()
    key = new_key()
    with UnitOfWork(create_engine_for(settings())) as work:
        for practice in practice_ids:
            if not work.practices.exists(practice):
                _refuse("--practice names a practice that is not registered")
        work.keys.add(
            hash_of(key),
            role=chosen_role,
            practice_ids=practice_ids,
            sandbox=sandbox,
            label=label,
        )
        work.commit()
    typer.echo(key)


def _parsed(text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        _refuse(str(error))
        raise AssertionError("_refuse does not return") from error


def _refuse(reason: str) -> None:
    typer.echo(f"nacor: {reason}", err=True)
    raise typer.Exit(UNREADABLE)
