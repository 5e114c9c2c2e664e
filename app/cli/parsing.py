"""What is typed, parsed; what is not valid ends the command with the rule it breaks."""

from collections.abc import Callable
from typing import TypeVar

import typer

from app.cli.outcome import UNREADABLE

T = TypeVar("T")


def parsed(text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
