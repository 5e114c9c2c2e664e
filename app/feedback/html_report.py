"""A feedback report as a page that stands alone: no script, nothing loaded, fit for printing."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from app.feedback.opened import OpenedReport
from app.feedback.shown import MONTH_COLUMNS, PEER_COLUMNS, SUMMARY_COLUMNS, shown
from app.reports.printable import printable

_TEMPLATES: Final = Path(__file__).parent / "templates"


def report_as_html(opened: OpenedReport) -> bytes:
    page = (
        _environment()
        .get_template("report.html")
        .render(
            report=shown(opened),
            style=Markup(_style()),  # noqa: S704 - a file of ours
            summary_columns=SUMMARY_COLUMNS,
            month_columns=MONTH_COLUMNS,
            peer_columns=PEER_COLUMNS,
        )
    )
    return page.encode()


@cache
def content_policy() -> str:
    """What a browser may do with the page: show it, with the one style that stands in it."""
    style = b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["printable"] = printable
    return made
