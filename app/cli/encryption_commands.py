"""The commands about what is encrypted; what they do is imported late."""

from typing import Annotated

import typer

encryption_app = typer.Typer(help="The keys of what is stored.", no_args_is_help=True)


@encryption_app.command("status")
def print_status() -> None:
    """Print which master keys are known and what needs them, by their names."""
    from app.cli.encryption import print_status as print_all

    print_all()


@encryption_app.command("rotate")
def rotate_keys(
    re_encrypt: Annotated[
        bool,
        typer.Option(
            "--re-encrypt", help="Seal all records and files with new data keys, too: takes long."
        ),
    ] = False,
) -> None:
    """Wrap every data key with the first of the master keys, so that the others can go.

    Intake goes on meanwhile. Broken off, it goes on when it is started again. Exit 1: something
    does not open.
    """
    from app.cli.encryption import rotate

    raise typer.Exit(0 if rotate(re_encrypt=re_encrypt) else 1)
