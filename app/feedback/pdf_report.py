"""A feedback report on paper: the same bytes for the same report and the same cases."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Final

from app.feedback.opened import OpenedReport
from app.feedback.shown import MONTH_COLUMNS, PEER_COLUMNS, SUMMARY_COLUMNS, shown
from app.web.typesetting import typeset

_TEMPLATE: Final = Path(__file__).parent / "data" / "report.typ"
_COLUMNS: Final = {"summary": SUMMARY_COLUMNS, "month": MONTH_COLUMNS, "peers": PEER_COLUMNS}


def report_as_pdf(opened: OpenedReport) -> bytes:
    return typeset(_template(), {**asdict(shown(opened)), "columns": _COLUMNS})


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
