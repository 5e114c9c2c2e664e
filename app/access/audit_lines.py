"""The audit trail as a file: a line of JSON or a row for a spreadsheet for each entry."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from app.access.audit_wire import AuditEntryOut
from app.domain.audit import AuditEntry
from app.domain.spreadsheets import guarded_cell

_COLUMNS: Final = (
    *("practice_id", "number", "at", "actor", "key_id", "role", "label", "address"),
    *("request_id", "sandbox", "action", "about", "about_id", "reason", "details", "hash"),
    "user_id",
)


class AuditFormat(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8" if self is AuditFormat.CSV else "application/x-ndjson"


def audit_lines(batches: Iterable[Sequence[AuditEntry]], format_: AuditFormat) -> Iterator[bytes]:
    """Yield the file in pieces, one for each batch."""
    if format_ is AuditFormat.CSV:
        yield _rows([_COLUMNS])
    for batch in batches:
        shown = [AuditEntryOut.of(entry) for entry in batch]
        if format_ is AuditFormat.CSV:
            yield _rows(map(_cells, shown))
        else:
            yield b"".join(each.model_dump_json().encode() + b"\n" for each in shown)


def _cells(entry: AuditEntryOut) -> list[str]:
    told = {**entry.model_dump(mode="json"), **entry.actor.model_dump(mode="json")}
    told |= {"actor": entry.actor.kind}
    told |= {"details": json.dumps(entry.details, sort_keys=True) if entry.details else None}
    return ["" if told[name] is None else guarded_cell(str(told[name])) for name in _COLUMNS]


def _rows(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()
