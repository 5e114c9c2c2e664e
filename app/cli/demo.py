"""`nacor demo`: everything on the embedded default, through the real API."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import httpx
import typer
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from app.cli.outcome import UNREADABLE
from app.cli.serving import migrate_database, settings
from app.demo.billing_examples import bring_billing_examples
from app.demo.client import DemoClient
from app.demo.plan import LAKESIDE, PEOPLE, PRACTICES
from app.demo.sending import Moved
from app.demo.stage import Stage, Staged, set_stage
from app.main import create_app
from app.opening import create_engine_for
from app.settings import Settings
from app.storage.unit_of_work import UnitOfWork
from app.web.http_server import server_options

_START_SECONDS: Final = 20.0

_console = Console(width=None if sys.stdout.isatty() else 120)


def run_demo(*, cases: int, port: int, stay: bool, invoices: bool) -> None:
    """Register practices, send synthetic cases, print counts, results and how to sign in.

    `invoices`: bring the worked examples of billing too.
    """
    _console.print("Starting the database ...")
    migrate_database()
    # The server is on this machine alone and has no TLS: cookies have to come without it.
    chosen = settings().model_copy(update={"cookies_without_tls": True})
    engine = create_engine_for(chosen)
    app = create_app(chosen, engine, worker=True)
    with _server(app, chosen, port) as url, httpx.Client(base_url=url, timeout=600) as client:
        stage = Stage(app=app, client=client, open_work=partial(UnitOfWork, engine))
        staged = _staged(stage, cases)
        reader = DemoClient(client, staged.key)
        _print_counts(reader, staged.year)
        _print_results(reader, staged.year)
        if invoices:
            _print_invoices(url, bring_billing_examples(stage))
        _print_people(url, staged.password)
        _print_addresses(url, staged)
        if stay:
            _stay()


def _staged(stage: Stage, cases: int) -> Staged:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_console) as progress:

        def followed(what: str, records: int) -> tuple[Moved, Callable[[dict[str, Any]], None]]:
            task = progress.add_task(what, total=records)

            def moved(doing: str, done: int) -> None:
                progress.update(task, description=f"{what}: {doing}", completed=done)

            return moved, lambda receipt: moved(_told(receipt), records)

        return set_stage(stage, cases=cases, today=datetime.now(UTC).date(), followed=followed)


@contextmanager
def _server(app: FastAPI, chosen: Settings, port: int) -> Iterator[str]:
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


def _told(receipt: dict[str, Any]) -> str:
    records = receipt["records"]
    return f"{receipt['status']}, {records['created']} new of {records['total']}"


def _print_counts(client: DemoClient, year: int) -> None:
    table = Table(title=f"Cases of {year}", title_justify="left")
    for heading in ("Practice", "TIN", "Cases"):
        table.add_column(heading, justify="right" if heading == "Cases" else "left")
    for practice in PRACTICES:
        counts = client.get(
            "/v1/counts", practice_id=practice.id, performance_year=year, group_by="tin"
        )
        table.add_row(practice.name, "all", str(counts["cases"]))
        for group in counts["groups"]:
            table.add_row("", group["tin"], str(group["cases"]))
    _console.print(table)


def _print_results(client: DemoClient, year: int) -> None:
    table = Table(
        title=f"Quality measures of {LAKESIDE.name} in {year}, by TIN", title_justify="left"
    )
    for heading in ("TIN", "Measure"):
        table.add_column(heading)
    for heading in ("Eligible", "Met", "Not met", "Rate %", "Complete %", "Points"):
        table.add_column(heading, justify="right")
    answer = client.get("/v1/measures/results", practice_id=LAKESIDE.id, performance_year=year)
    for result in answer["results"]:
        table.add_row(result["tin"], _rate_of(result), *_figures(result))
    _console.print(table)


def _rate_of(result: dict[str, Any]) -> str:
    return " ".join(filter(None, (result["measure_id"], result["stratum"])))


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


def _print_invoices(url: str, paths: list[str]) -> None:
    """Of 5,000 cases ordered and 6,000 submitted, and of 10 nurses and 12."""
    _console.print("\nFinal invoices to look at and download, for the staff of the registry:")
    for path, what in zip(paths, ("1,000 cases beyond 5,000", "2 nurses beyond 10"), strict=True):
        _console.print(f"  {url}{path}  {what}", highlight=False)


def _print_people(url: str, password: str) -> None:
    table = Table(title=f"Sign in at {url}/sign-in", title_justify="left")
    for heading in ("As", "sees"):
        table.add_column(heading)
    for person in PEOPLE:
        table.add_row(person.email, person.sees)
    _console.print()
    _console.print(table)
    _console.print("\nThe password of all four, new with each demo:", highlight=False)
    typer.echo(f"  {password}")


def _print_addresses(url: str, staged: Staged) -> None:
    _console.print("\nTo look further:")
    for path, what in (
        ("/", "start page"),
        (f"/practices/{LAKESIDE.id}/feedback", "feedback reports of a practice, once signed in"),
        (f"/practices/{LAKESIDE.id}/cms?year={staged.year - 1}", "what goes to CMS of last year"),
        ("/docs/findings", "every finding, and how to mend it"),
        ("/docs", "how to use the API"),
    ):
        _console.print(f"  {url}{path}  {what}")
    _console.print("\nA key for these practices, to ask the API with:", highlight=False)
    typer.echo(f"  export NACOR_API_KEY={staged.key}")
    typer.echo(
        f'  curl -H "Authorization: Bearer $NACOR_API_KEY" '
        f'"{url}/v1/counts?practice_id={LAKESIDE.id}&performance_year={staged.year}&group_by=month"'
    )


def _stay() -> None:
    _console.print("\nServing until Ctrl-C; `nacor serve` starts it again.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        _console.print("Stopped.")
