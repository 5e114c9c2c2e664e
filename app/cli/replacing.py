"""`nacor submit --replace-period`: shows what would happen and asks whether it is to."""

import sys
from dataclasses import dataclass
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table

ONE_FILE_ONLY: Final = "--replace-period takes one file: a second one would replace the first"

_ROWS: Final = {
    "stored_now": "stored for the period now",
    "would_delete": "of them not in the file: would disappear",
    "created": "would be created",
    "replaced": "would be replaced",
    "unchanged": "stay as they are",
    "held": "would be held",
    "rejected": "records with an error: their stored cases stay",
}

Preview = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacing:
    """`yes` confirms unasked; a share above the limit only with `above_limit`."""

    period: str
    yes: bool
    above_limit: bool


def replacing(period: str | None, *, yes: bool, above_limit: bool) -> Replacing | None:
    return None if period is None else Replacing(period=period, yes=yes, above_limit=above_limit)


def is_agreed(preview: Preview, replacing: Replacing) -> bool:
    """Show the preview and return whether it is to be done; if not, say what can be done."""
    Console(stderr=True).print(_table(preview))
    is_large = preview["share"] > preview["limit"]
    agreed = _answer(replacing, is_large=is_large)
    if agreed:
        return True
    too_large = " (a share above the limit needs --above-limit too)" if is_large else ""
    typer.echo(
        f"Nothing is replaced: confirm it with --yes{too_large}, or by POST .../confirm"
        f" until {preview['expires_at']}.",
        err=True,
    )
    return False


def _answer(replacing: Replacing, *, is_large: bool) -> bool:
    if replacing.yes:
        return replacing.above_limit or not is_large
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    if is_large and not typer.confirm("That is more than is usual. Is it right?", err=True):
        return False
    return typer.confirm(f"Replace {replacing.period}?", err=True)


def _table(preview: Preview) -> Table:
    table = Table(title=f"Replacing {preview['period']}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, words in _ROWS.items():
        table.add_row(words, str(preview[name]))
    share, limit = preview["share"], preview["limit"]
    table.add_row("share that would disappear", f"{share:.1%} (limit {limit:.0%})")
    return table
