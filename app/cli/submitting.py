"""`nacor submit`: sends case files, shows progress, prints the receipts."""

import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import typer
from rich.progress import Progress

from app.cli.inputs import case_files, opened, size_of
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE
from app.cli.progress import WatchedSource, progress_bar
from app.domain.submissions import OnError, SubmissionStatus
from app.xsd.window import Source

_CHUNK: Final = 1 << 20
_TRIES: Final = 4
_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_TRY_AGAIN: Final = frozenset({429, 502, 503, 504})
_TIMEOUT: Final = httpx.Timeout(30.0, read=3600.0)


class NotSent(Exception):
    """The file was not taken; the text says why."""


def submit_paths(
    paths: list[str], *, practice: str, url: str, on_error: OnError, wait: bool
) -> int:
    """Send every file and return the exit code: that of the worst."""
    key = os.environ.get("NACOR_API_KEY")
    if not key:
        typer.echo("nacor submit: set NACOR_API_KEY to an API key of the registry", err=True)
        return UNREADABLE
    code = NO_ERROR
    headers = {"Authorization": f"Bearer {key}"}
    parameters = {"practice_id": practice, "on_error": on_error.value}
    with (
        httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT) as client,
        progress_bar() as progress,
    ):
        for path in case_files(paths):
            try:
                receipt = _send(path, client, parameters, progress)
                if wait:
                    receipt = _awaited(receipt, client)
            except (NotSent, OSError, EOFError, zlib.error) as error:
                typer.echo(f"{path}: {error}", err=True)
                code = UNREADABLE
                continue
            typer.echo(orjson.dumps(receipt, option=orjson.OPT_INDENT_2).decode())
            code = max(code, _code_of(receipt))
    return code


def _send(
    path: str, client: httpx.Client, parameters: dict[str, str], progress: Progress
) -> dict[str, Any]:
    """Return the receipt. A try that failed is repeated: the same bytes are never stored twice."""
    for attempt in range(1, _TRIES + 1):
        try:
            answer = _post(path, client, parameters, progress)
        except httpx.TransportError as error:
            if attempt == _TRIES or path == "-":
                raise NotSent(f"the registry cannot be reached: {type(error).__name__}") from None
            time.sleep(_PAUSE_SECONDS * attempt)
            continue
        if answer.status_code in _TRY_AGAIN and attempt < _TRIES and path != "-":
            time.sleep(_pause(answer))
            continue
        return _receipt_of(answer)
    raise AssertionError("the last try returns or raises")


def _post(
    path: str, client: httpx.Client, parameters: dict[str, str], progress: Progress
) -> httpx.Response:
    with opened(path) as file:
        watched = WatchedSource(file, progress, size_of(path), path)
        try:
            return client.post(
                "/v1/submissions",
                params=parameters,
                content=_chunks(watched),
                headers={
                    "Content-Type": "application/xml",
                    "Content-Disposition": f'attachment; filename="{Path(path).name}"',
                },
            )
        finally:
            watched.done()


def _chunks(source: Source) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _pause(answer: httpx.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_SECONDS) if asked.isdigit() else _PAUSE_SECONDS


def _receipt_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        body: dict[str, Any] = answer.json()
    except ValueError:
        raise NotSent(f"HTTP {answer.status_code} from what is not the registry") from None
    if answer.is_success:
        return body
    raise NotSent(f"HTTP {answer.status_code}: {body.get('title')}. {body.get('detail', '')}")


def _awaited(receipt: dict[str, Any], client: httpx.Client) -> dict[str, Any]:
    while not SubmissionStatus(receipt["status"]).is_final:
        time.sleep(_PAUSE_SECONDS)
        receipt = _receipt_of(client.get(f"/v1/submissions/{receipt['id']}"))
    return receipt


def _code_of(receipt: dict[str, Any]) -> int:
    status = SubmissionStatus(receipt["status"])
    if status is SubmissionStatus.FAILED:
        return UNREADABLE
    return ERRORS_FOUND if receipt["findings"]["error"] else NO_ERROR
