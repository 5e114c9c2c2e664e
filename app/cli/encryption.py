"""`nacor encryption`: what is sealed with which keys, and new keys for it."""

import typer

from app.access.operators import operator
from app.cli.databases import open_sealed_database
from app.cli.progress import counted_by_many
from app.cli.serving import settings
from app.intake.key_rotation import ReEncrypted, Rotation
from app.opening import create_blob_store
from app.storage.sealing.data_key_store import KeyUse
from app.storage.sealing.data_keys import DataKeys


def print_status() -> None:
    """Print which master keys are known, what needs them, and what is not sealed."""
    with open_sealed_database() as (keys, open_work):
        with open_work() as work:
            use = work.data_keys.use()
        for name in sorted(keys.masters.names | use.masters):
            typer.echo(_told(name, keys, use))
        typer.echo(f"{use.unsealed} records are not sealed.")


def rotate(*, re_encrypt: bool) -> bool:
    """Wrap the data keys anew, and with `re_encrypt` seal everything with new ones.

    Return whether all of it could be opened.
    """
    with open_sealed_database() as (keys, open_work):
        keys.check()
        rotation = Rotation(
            open_work=open_work,
            keys=keys,
            blobs=create_blob_store(settings(), keys),
            by=operator(),
        )
        typer.echo(f"{rotation.wrap_anew()} data keys are wrapped anew, by {keys.masters.newest}.")
        if not re_encrypt:
            return True
        return _re_encrypt(rotation)


def _re_encrypt(rotation: Rotation) -> bool:
    under_way = rotation.begin()
    if under_way.is_resumed:
        typer.echo("Going on with what was begun before.")
    with counted_by_many("records", rotation.count_records()) as watch:
        records = rotation.seal_records(watch)
    with counted_by_many("files", rotation.count_files()) as watch:
        files = rotation.seal_files(watch)
    done = rotation.finish(under_way, ReEncrypted(records=records, files=files))
    typer.echo(f"{done.records.sealed} records and {done.files.sealed} files are sealed anew.")
    if done.damaged:
        typer.echo(
            f"{done.records.damaged} records and {done.files.damaged} files do not open, and were"
            " left as they are; `nacor verify` names the cases.",
            err=True,
        )
    return not done.damaged


def _told(name: str, keys: DataKeys, use: KeyUse) -> str:
    """A name of a master key says nothing about it."""
    known = "known" if name in keys.masters.names else "MISSING"
    seals = ", seals what is new" if name == keys.masters.newest else ""
    return (
        f"master key {name}: {known}{seals}; wraps {use.data_keys.get(name, 0)} data keys,"
        f" {use.webhook_secrets.get(name, 0)} secrets of webhooks and"
        f" {use.second_steps.get(name, 0)} authenticator apps come from it"
    )
