"""`nacor submit`: sends case files, shows progress, prints the receipts."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import orjson
import typer

from app import VERSION
from app.cli.inputs import (
    NO_CASE_FILES,
    NOT_READ,
    STDIN,
    case_files,
    is_read_again,
    opened,
    shown,
    size_of,
    why_not_read,
)
from app.cli.outcome import ERRORS_FOUND, NO_ERROR, UNREADABLE
from app.cli.progress import taken_in, watched
from app.cli.replacing import ONE_FILE_ONLY, Replacing, is_agreed
from app.domain.submissions import OnError, SubmissionStatus
from app.xsd.window import Source

_SOFTWARE: Final = f"nacor/{VERSION}"
_CHUNK: Final = 1 << 20
_TRIES: Final = 4
_PAUSE_SECONDS: Final = 2.0
_LOOK_AGAIN_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 60.0
_TRY_AGAIN: Final = frozenset({429, 502, 503, 504})
_TIMEOUT: Final = httpx.Timeout(30.0, read=3600.0)

Receipt = dict[str, Any]


class NotSent(Exception):
    """The file was not taken, or its end is not known; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How files are sent. `replacing` is for one that is the whole truth about a period."""

    practice: str
    on_error: OnError
    wait: bool
    replacing: Replacing | None = None

    @property
    def parameters(self) -> dict[str, str]:
        asked = {"practice_id": self.practice, "on_error": self.on_error.value}
        return (
            asked if self.replacing is None else asked | {"replace_period": self.replacing.period}
        )


def submit_paths(paths: list[str], sending: Sending, *, url: str) -> int:
    """Send every file and return the exit code: that of the worst."""
    key = os.environ.get("NACOR_API_KEY", "").strip()
    fault = _fault_of(key, url)
    if fault:
        typer.echo(f"nacor submit: {fault}", err=True)
        return UNREADABLE
    files = list(case_files(paths))
    if sending.replacing is not None and len(files) > 1:
        typer.echo(f"nacor submit: {ONE_FILE_ONLY}", err=True)
        return UNREADABLE
    headers = {"Authorization": f"Bearer {key}", "User-Agent": _SOFTWARE}
    with httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT) as client:
        codes = [_submit(path, client, sending) for path in files]
    if not codes:
        typer.echo(f"nacor submit: {NO_CASE_FILES}", err=True)
    return max(codes, default=UNREADABLE)


def _fault_of(key: str, url: str) -> str | None:
    if not key:
        return "set NACOR_API_KEY to an API key of the registry"
    if not (key.isascii() and key.isprintable()):
        return "NACOR_API_KEY is not an API key"
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        return "--url must be the address of a registry, as https://registry.example"
    return None


def _submit(path: str, client: httpx.Client, sending: Sending) -> int:
    """Send one file, print the newest receipt of it and return the exit code."""
    code = NO_ERROR
    try:
        receipt = _sent(path, client, sending.parameters)
    except NOT_READ as error:
        return _failed(path, f"cannot be read: {why_not_read(error)}")
    except NotSent as error:
        return _failed(path, str(error))
    if sending.wait:
        try:
            receipt = await_end(receipt, client, label=shown(path))
            if sending.replacing is not None:
                receipt = _settled(receipt, client, sending.replacing, label=shown(path))
        except NotSent as error:
            code = _failed(path, f"sent, but its end is not known: {error}")
    typer.echo(orjson.dumps(receipt, option=orjson.OPT_INDENT_2).decode())
    return max(code, _code_of(receipt))


def _failed(path: str, reason: str) -> int:
    typer.echo(f"{shown(path)}: {reason}", err=True)
    return UNREADABLE


def _sent(path: str, client: httpx.Client, parameters: dict[str, str]) -> Receipt:
    """Return the receipt. A try that failed is repeated: the same bytes are never stored twice."""
    tries = _TRIES if is_read_again(path) else 1
    return _receipt_of(_answered(lambda: _post(path, client, parameters), tries))


def _answered(ask: Callable[[], httpx.Response], tries: int) -> httpx.Response:
    for attempt in range(1, tries + 1):
        try:
            answer = ask()
        except httpx.TransportError as error:
            if attempt == tries:
                raise NotSent(f"the registry cannot be reached: {type(error).__name__}") from None
            time.sleep(_PAUSE_SECONDS * attempt)
            continue
        if answer.status_code not in _TRY_AGAIN or attempt == tries:
            return answer
        time.sleep(_pause(answer))
    raise AssertionError("the last try returns or raises")


def _post(path: str, client: httpx.Client, parameters: dict[str, str]) -> httpx.Response:
    with (
        opened(path) as file,
        watched(file, label=shown(path), total=size_of(path)) as source,
    ):
        return client.post(
            "/v1/submissions",
            params=parameters,
            content=_chunks(source),
            headers={"Content-Type": "application/xml", **disposition_of(path)},
        )


def disposition_of(path: str) -> dict[str, str]:
    """The header that tells the name of a file, in ASCII. Source: RFC 6266 and RFC 8187."""
    if path == STDIN:
        return {}
    name = quote(os.fsencode(Path(path).name), safe="")
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}


def _chunks(source: Source) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _pause(answer: httpx.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE_SECONDS) if asked.isdecimal() else _PAUSE_SECONDS


def _receipt_of(answer: httpx.Response) -> Receipt:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.is_success and isinstance(body, dict) and "status" in body:
        return body
    if answer.is_error and isinstance(body, dict) and "title" in body:
        raise NotSent(f"HTTP {answer.status_code}: {body['title']}. {body.get('detail', '')}")
    raise NotSent(f"HTTP {answer.status_code} from what is not the registry")


def await_end(
    receipt: Receipt,
    client: httpx.Client,
    *,
    label: str,
    pause_seconds: float = _LOOK_AGAIN_SECONDS,
) -> Receipt:
    """Ask until the submission has its end state, or awaits its confirmation.

    Raises: NotSent when nobody answers any more.
    """
    if not _status_of(receipt).is_under_way:
        return receipt
    address = f"/v1/submissions/{receipt['id']}"
    with taken_in(label, receipt["bytes"]) as display:
        while _status_of(receipt).is_under_way:
            display.show(receipt["status"], **_read_of(receipt))
            time.sleep(pause_seconds)
            receipt = _receipt_of(_answered(lambda: client.get(address), _TRIES))
    return receipt


def _settled(
    receipt: Receipt, client: httpx.Client, replacing: Replacing, *, label: str
) -> Receipt:
    """Confirm what the preview shows, each time anew when other files came between."""
    while _status_of(receipt) is SubmissionStatus.AWAITING_CONFIRMATION:
        if not is_agreed(receipt["replacement"], replacing):
            return receipt
        receipt = await_end(_confirmed(receipt, client), client, label=label)
    return receipt


def _confirmed(receipt: Receipt, client: httpx.Client) -> Receipt:
    address = f"/v1/submissions/{receipt['id']}/confirm"
    seen = {"would_delete": receipt["replacement"]["would_delete"], "above_limit": True}
    return _receipt_of(_answered(lambda: client.post(address, json=seen), _TRIES))


def _read_of(receipt: Receipt) -> dict[str, int]:
    read = receipt["progress"]
    return {"records": read["records_read"], "bytes_read": read["bytes_read"]}


def _status_of(receipt: Receipt) -> SubmissionStatus:
    return SubmissionStatus(receipt["status"])


def _code_of(receipt: Receipt) -> int:
    status = _status_of(receipt)
    if status in (SubmissionStatus.FAILED, SubmissionStatus.AWAITING_CONFIRMATION):
        return UNREADABLE
    refused = status in (SubmissionStatus.REJECTED, SubmissionStatus.PARTIALLY_ACCEPTED)
    return ERRORS_FOUND if refused or receipt["findings"]["error"] else NO_ERROR
