"""The command of `nacor peers`: comparisons with peers, made anew."""

from typing import Annotated

import typer

peers_app = typer.Typer(help="Comparisons with peers.", no_args_is_help=True)


@peers_app.callback()
def peers() -> None:
    """Comparisons with peers."""


@peers_app.command("refresh")
def refresh_peers(
    changed: Annotated[
        bool, typer.Option("--changed", help="Only years whose figures or rosters have changed.")
    ] = False,
) -> None:
    """Make the comparisons of every year anew; a worker does so each hour where any changed."""
    from app.cli.peers import refresh

    refresh(only_changed=changed)
