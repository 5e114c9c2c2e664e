"""`nacor export`: all that the registry has of a practice, in one file."""

import os
from pathlib import Path

import typer

from app.access.operators import operator
from app.cli.databases import open_sealed_database
from app.cli.outcome import UNREADABLE
from app.cli.serving import migrate_database, settings
from app.domain.identifiers import parse_practice_id
from app.exports.service import export_to
from app.opening import create_blob_store


def export_practice(practice: str, path: Path) -> None:
    """The file is for whoever runs the command alone: it holds patients' data."""
    try:
        chosen = parse_practice_id(practice)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    if path.exists():
        typer.echo(f"nacor: {path} is there already.", err=True)
        raise typer.Exit(UNREADABLE)
    migrate_database()
    part = path.with_name(f"{path.name}.part")
    with (
        open_sealed_database() as (keys, open_work),
        open(part, "wb", opener=_private) as file,
    ):
        blobs = create_blob_store(settings(), keys)
        export_to(chosen, file, operator(), blobs=blobs, open_work=open_work)
    part.replace(path)
    typer.echo(f"{path}: {path.stat().st_size} bytes")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
