"""The commands about users; what they do is imported late."""

from typing import Annotated
from uuid import UUID

import typer

user_app = typer.Typer(help="People who sign in.", no_args_is_help=True)

Who = Annotated[
    str,
    typer.Argument(metavar="USER", help="Their address, or the id in `nacor user list`."),
]


@user_app.command("add")
def add_user(
    email: Annotated[str, typer.Argument(help="The name to sign in by.")],
    role: Annotated[str, typer.Option(help="vendor, practice, clinician, internal or admin")],
    name: Annotated[str, typer.Option(help="Shown with what they do.")],
    practice: Annotated[list[str] | None, typer.Option(help="May be repeated.")] = None,
    npi: Annotated[str | None, typer.Option(help="Of a clinician.")] = None,
    organization: Annotated[
        UUID | None, typer.Option(help="Its id; a vendor's people reach what is granted to it.")
    ] = None,
) -> None:
    """Let somebody sign in; print them as JSON, with the link to set a password with."""
    from app.cli.people import add

    add(
        email,
        role=role,
        name=name,
        practices=practice or [],
        npi=npi,
        organization=organization,
    )


@user_app.command("list")
def list_users() -> None:
    """Print every user as a line of JSON; the newest first."""
    from app.cli.people import list_all

    list_all()


@user_app.command("end")
def end_user(who: Who) -> None:
    """Let a user sign in no more, and end their sessions now."""
    from app.cli.people import end

    end(who)


@user_app.command("password")
def invite_user(who: Who) -> None:
    """Print a link, good once, by which a user sets a new password; nobody types one here."""
    from app.cli.people import invite

    invite(who)


@user_app.command("reset-totp")
def reset_second_step(who: Who) -> None:
    """Let a user sign in without codes, who has lost both the app and the recovery codes."""
    from app.cli.people import reset_second_step as reset

    reset(who)
