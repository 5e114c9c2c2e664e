"""The commands about keys, organizations and the audit trail; what they do is imported late."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

key_app = typer.Typer(help="API keys.", no_args_is_help=True)
organization_app = typer.Typer(help="Organizations that keys belong to.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit trail.", no_args_is_help=True)

KeyId = Annotated[UUID, typer.Argument(metavar="ID", help="As `nacor key list` shows it.")]
Practice = Annotated[
    str | None, typer.Option(help="Only this one, by its AQI id.", show_default="all")
]


class AuditFileFormat(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"


class OrganizationWord(StrEnum):
    VENDOR = "vendor"
    PRACTICE = "practice"
    REGISTRY = "registry"


@key_app.command("create")
def create_key(
    role: Annotated[str, typer.Option(help="vendor, practice, internal or admin")],
    practice: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox")] = False,
    label: Annotated[
        str | None, typer.Option(help="Whose key it is; shown with what it did.")
    ] = None,
    organization: Annotated[
        UUID | None, typer.Option(help="Its id; a vendor's keys reach what is granted to it.")
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first day of UTC without it."),
    ] = None,
) -> None:
    """Print a new API key, once; only its hash is stored."""
    from app.cli.registering import create_key as create

    create(
        role,
        practices=practice or [],
        sandbox=sandbox,
        label=label,
        organization=organization,
        expires=expires,
    )


@key_app.command("list")
def list_keys() -> None:
    """Print every key as a line of JSON, without itself; the newest first."""
    from app.cli.registering import list_keys as list_all

    list_all()


@key_app.command("rotate")
def rotate_key(
    key_id: KeyId,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long those before are good as well.")
    ] = 24,
) -> None:
    """Print a new secret of a key, once; it stays the same key, with its webhooks."""
    from app.cli.registering import rotate_key as rotate

    rotate(key_id, overlap_hours=overlap_hours)


@key_app.command("revoke")
def revoke_key(
    key_id: KeyId,
    reason: Annotated[str | None, typer.Option(help="Kept in the audit trail.")] = None,
    with_grants: Annotated[
        bool, typer.Option("--with-grants", help="End what the key granted to vendors, too.")
    ] = False,
) -> None:
    """Make a key worthless at once and for ever, and print it with what it granted as JSON."""
    from app.cli.registering import revoke_key as revoke

    revoke(key_id, reason=reason, with_grants=with_grants)


@organization_app.command("add")
def add_organization(
    name: str, kind: Annotated[OrganizationWord, typer.Option()] = OrganizationWord.VENDOR
) -> None:
    """Register an organization and print it as JSON."""
    from app.cli.registering import add_organization as add

    add(name, kind=kind.value)


@audit_app.command("verify")
def verify_audit(
    practice: Practice = None,
    heads: Annotated[
        Path | None,
        typer.Option(help="What `nacor audit head` printed before, kept where none can change it."),
    ] = None,
) -> None:
    """Prove the chains. Exit 0: whole, 1: not, with the first broken row, 2: not looked at."""
    from app.cli.audit import verify

    raise typer.Exit(0 if verify(practice, heads=heads) else 1)


@audit_app.command("head")
def print_audit_heads(practice: Practice = None) -> None:
    """Print the newest link of every chain, to be kept elsewhere and given to `verify`."""
    from app.cli.audit import print_heads

    print_heads(practice)


@audit_app.command("export")
def export_audit(
    practice: Practice = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, of UTC.")
    ] = None,
    to: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, of UTC.")
    ] = None,
    format_: Annotated[AuditFileFormat, typer.Option("--format")] = AuditFileFormat.NDJSON,
) -> None:
    """Write the trail to stdout, the newest first; that it was handed out is recorded."""
    from app.cli.audit import export

    export(
        practice,
        first_day=None if from_ is None else from_.date(),
        last_day=None if to is None else to.date(),
        format_=format_.value,
    )
