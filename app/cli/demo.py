"""`nacor demo`: everything on the embedded default, through the real API."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import Engine

from app.access.key_service import create_key
from app.access.operators import operator
from app.cli.outcome import UNREADABLE
from app.cli.serving import migrate_database, settings
from app.deployment import create_engine_for
from app.domain.identifiers import PracticeId
from app.domain.principals import Role
from app.domain.submissions import SubmissionStatus
from app.main import create_app
from app.roster.service import register_practice
from app.storage.key_store import NewKey
from app.storage.unit_of_work import UnitOfWork
from app.synthetic.generate import GenerationPlan, generate_case_file
from app.synthetic.practice import practice_tins
from app.web.http_server import server_options

_YEAR: Final = 2024
_VERSION: Final = "2023V1.0"
_SEED: Final = 1
_PRACTICES: Final = {
    PracticeId("12345"): "Lakeside Anesthesia",
    PracticeId("23456"): "Summit Anesthesia Partners",
    PracticeId("34567"): "Harbor Anesthesia Group",
}
_START_SECONDS: Final = 20.0
_LOOK_AGAIN_SECONDS: Final = 0.25

_console = Console(width=None if sys.stdout.isatty() else 120)


def run_demo(*, cases: int, port: int, stay: bool) -> None:
    """Register practices, send synthetic cases, print counts and results."""
    _console.print("Starting the database ...")
    migrate_database()
    engine = create_engine_for(settings())
    _register(engine)
    key = _key(engine, Role.PRACTICE)
    with _server(engine, port) as url, httpx.Client(base_url=url, timeout=600) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        _send_cases(client, cases)
        _print_counts(client)
        _print_results(client)
        _print_addresses(url, key)
        if stay:
            _stay()


def _register(engine: Engine) -> None:
    for practice, name in _PRACTICES.items():
        tins = list(practice_tins(practice, _SEED))
        register_practice(practice, name=name, tins=tins, open_work=lambda: UnitOfWork(engine))


def _key(engine: Engine, role: Role) -> str:
    by = operator()
    new = NewKey(
        role=role, practice_ids=tuple(_PRACTICES), sandbox=False, label="demo", created_by=by.label
    )
    given = create_key(new, by, open_work=lambda: UnitOfWork(engine))
    assert given.key is not None, "it was just made"
    return given.key


@contextmanager
def _server(engine: Engine, port: int) -> Iterator[str]:
    chosen = settings()
    app = create_app(chosen, engine, worker=True)
    options = server_options(trusted_proxies=chosen.trusted_proxies)
    config = uvicorn.Config(app, port=port, log_level="warning", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            typer.echo(f"nacor demo: port {port} cannot be used; choose another: --port", err=True)
            raise typer.Exit(UNREADABLE)
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _send_cases(client: httpx.Client, cases: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_console) as progress:
        for practice, name in _PRACTICES.items():
            task = progress.add_task(f"{name}: generating", total=cases)
            plan = GenerationPlan(
                cases=cases,
                version=_VERSION,
                practice_id=practice,
                year=_YEAR,
                seed=_SEED,
                detail="small",
            )
            chunks = []
            for chunk in generate_case_file(plan):
                chunks.append(chunk)
                progress.advance(task)
            progress.update(task, description=f"{name}: sending", completed=0)
            receipt = _submit(client, practice, b"".join(chunks))
            while not SubmissionStatus(receipt["status"]).is_final:
                read = receipt["progress"]["records_read"]
                progress.update(task, description=f"{name}: taken in", completed=read)
                time.sleep(_LOOK_AGAIN_SECONDS)
                receipt = _get(client, f"/v1/submissions/{receipt['id']}")
            progress.update(task, description=f"{name}: {_told(receipt)}", completed=cases)


def _submit(client: httpx.Client, practice: PracticeId, case_file: bytes) -> dict[str, Any]:
    answer = client.post(
        "/v1/submissions",
        params={"practice_id": practice},
        content=case_file,
        headers={"Content-Type": "application/xml"},
    )
    answer.raise_for_status()
    receipt: dict[str, Any] = answer.json()
    return receipt


def _told(receipt: dict[str, Any]) -> str:
    records = receipt["records"]
    return f"{receipt['status']}, {records['created']} new of {records['total']}"


def _print_counts(client: httpx.Client) -> None:
    table = Table(title=f"Cases of {_YEAR}", title_justify="left")
    for heading in ("Practice", "TIN", "Cases"):
        table.add_column(heading, justify="right" if heading == "Cases" else "left")
    for practice, name in _PRACTICES.items():
        counts = _get(
            client, "/v1/counts", practice_id=practice, performance_year=_YEAR, group_by="tin"
        )
        table.add_row(name, "all", str(counts["cases"]))
        for group in counts["groups"]:
            table.add_row("", group["tin"], str(group["cases"]))
    _console.print(table)


def _print_results(client: httpx.Client) -> None:
    table = Table(title=f"Quality measures of {_YEAR}, by TIN", title_justify="left")
    for heading in ("Practice", "TIN", "Measure"):
        table.add_column(heading)
    for heading in ("Eligible", "Met", "Not met", "Rate %", "Complete %", "Points"):
        table.add_column(heading, justify="right")
    for practice, name in _PRACTICES.items():
        answer = _get(client, "/v1/measures/results", practice_id=practice, performance_year=_YEAR)
        for result in answer["results"]:
            table.add_row(name, result["tin"], result["measure_id"], *_figures(result))
            name = ""
    _console.print(table)


def _figures(result: dict[str, Any]) -> tuple[str, ...]:
    names = (
        "eligible_population",
        "performance_met",
        "performance_not_met",
        "performance_rate",
        "data_completeness",
        "points",
    )
    return tuple("-" if result[name] is None else str(result[name]) for name in names)


def _get(client: httpx.Client, path: str, **parameters: str | int) -> dict[str, Any]:
    answer = client.get(path, params=parameters)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return body


def _print_addresses(url: str, key: str) -> None:
    _console.print("\nTo look further:")
    for path, what in (
        ("/", "start page"),
        ("/docs/findings", "every finding, and how to mend it"),
        ("/docs", "how to use the API"),
    ):
        _console.print(f"  {url}{path}  {what}")
    _console.print("\nA key for these practices, to ask the API with:", highlight=False)
    typer.echo(f"  export NACOR_API_KEY={key}")
    typer.echo(
        f'  curl -H "Authorization: Bearer $NACOR_API_KEY" '
        f'"{url}/v1/counts?practice_id=12345&performance_year={_YEAR}&group_by=month"'
    )


def _stay() -> None:
    _console.print("\nServing until Ctrl-C; `nacor serve` starts it again.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        _console.print("Stopped.")
