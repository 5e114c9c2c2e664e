"""What became of each record as JSON Lines: all records of a submission in one answer."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request

from app.domain.submissions import RecordOutcome, Submission
from app.intake.receipt_wire import RecordResultOut
from app.storage.unit_of_work import OpenWork

_BATCH: Final = 1_000


class RecordsFormat(StrEnum):
    JSON = "json"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        return "application/json" if self is RecordsFormat.JSON else "application/x-ndjson"


RECORDS_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A page, or a line of JSON for each record, in the order of the file.",
        "content": {RecordsFormat.NDJSON.media_type: {"schema": {"type": "string"}}},
    }
}


def _asked_format(
    request: Request,
    format: Annotated[  # noqa: A002 - the name is that of the parameter in the query
        RecordsFormat | None,
        Query(description="Without it, `Accept: application/x-ndjson` asks for lines."),
    ] = None,
) -> RecordsFormat:
    accepted = request.headers.get("accept", "").partition(";")[0].strip().lower()
    is_lines = accepted == RecordsFormat.NDJSON.media_type
    return format or (RecordsFormat.NDJSON if is_lines else RecordsFormat.JSON)


AskedRecordsFormat = Annotated[RecordsFormat, Depends(_asked_format)]


def record_lines(
    submission: Submission, open_work: OpenWork, *, outcome: RecordOutcome | None
) -> Iterator[bytes]:
    """Yield the lines of all records, or of those of one outcome, some at a time.

    Between the batches no connection to the database is held, for whoever reads may be slow. What
    became of a record never changes, so they fit together as if they were read at once.
    """
    with open_work() as work:
        codes = work.receipts.codes_of(submission)
    after = 0
    while True:
        with open_work() as work:
            results = work.receipts.results_of(
                submission, after=after, limit=_BATCH, outcome=outcome
            )
        shown = (RecordResultOut.of(each, codes.of(each.number)) for each in results)
        yield b"".join(each.model_dump_json().encode() + b"\n" for each in shown)
        if len(results) < _BATCH:
            return
        after = results[-1].number
