"""A practice takes all of its data home: asked for, followed, downloaded."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.access.asked import PathPractice
from app.access.dependencies import Caller, Work, require_registered
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require_practice
from app.exports.service import ask_export, open_export, read_export
from app.exports.wire import ExportOut
from app.intake.dependencies import DeskDep
from app.web.paging import Page, Paged

router = APIRouter(
    prefix="/v1/practices/{practice_id}/exports", tags=["exports"], route_class=KeepsAnswers
)

_READ_BYTES: Final = 1 << 20
_ZIP: Final = "application/zip"
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("", status_code=202)
def start_export(
    practice: PathPractice, response: Response, caller: Caller, open_work: Work
) -> ExportOut:
    """Let everything that the practice has here be written into a ZIP file.

    Ask at `Location` until its `status` is `done`. While one is under way it is that one.
    """
    require_practice(caller, Right.EXPORT, practice)
    export = ask_export(practice, caller.actor, open_work=open_work)
    response.headers["Location"] = f"/v1/practices/{practice}/exports/{export.id}"
    return ExportOut.of(export)


@router.get("")
def list_exports(
    practice: PathPractice,
    caller: Caller,
    open_work: Work,
    paged: Paged,
) -> Page[ExportOut]:
    """The newest first, those too whose file is no longer kept."""
    require_practice(caller, Right.EXPORT, practice)
    require_registered(open_work, practice)
    with open_work() as work:
        found = work.exports.listed(practice, before=paged.uuid("before"), limit=paged.with_next)
    return paged.page(found, show=ExportOut.of, key_of=lambda each: {"before": each.id})


@router.get("/{export_id}")
def read_one_export(
    export_id: UUID, practice: PathPractice, caller: Caller, open_work: Work
) -> ExportOut:
    """How far an export is, and until when its file is kept."""
    require_practice(caller, Right.EXPORT, practice)
    require_registered(open_work, practice)
    return ExportOut.of(read_export(practice, export_id, open_work=open_work))


@router.get("/{export_id}/file", response_class=StreamingResponse, responses=_FILE)
def download_export(
    export_id: UUID, practice: PathPractice, caller: Caller, open_work: Work, desk: DeskDep
) -> StreamingResponse:
    """The ZIP file. `README.txt` in it says what each part is, `MANIFEST.json` proves it whole."""
    require_practice(caller, Right.EXPORT, practice)
    require_registered(open_work, practice)
    file = open_export(practice, export_id, caller.actor, blobs=desk.blobs, open_work=open_work)
    return StreamingResponse(
        _pieces_of(file),
        media_type=_ZIP,
        headers={"Content-Disposition": f'attachment; filename="practice-{practice}.zip"'},
    )


def _pieces_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_READ_BYTES):
            yield piece
