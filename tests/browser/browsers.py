"""A browser to test with, and the service as it looks from there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.served import served_port

VARIABLE = "NACOR_TEST_BROWSER"
"""The program of a Chromium. Absent: one of those below, if it is installed."""

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ANSWER_MILLISECONDS = 60_000  # on a machine that has other things to do


def browser_program() -> str:
    """Return where a Chromium is; without one the test is skipped, but fails in CI."""
    found = os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found:
        return found
    missing = f"no Chromium is installed: apt-get install chromium, or set {VARIABLE}"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def running_browser() -> Iterator[Browser]:
    # Chromium's own sandbox refuses to run as root, as which CI runs in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=arguments)
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port; the value is its address."""
    with served_port(app) as port:
        yield f"http://127.0.0.1:{port}"


@dataclass
class Complaints:
    """What a browser has to say about pages: errors of scripts, and breaches of the policy."""

    texts: list[str] = field(default_factory=list)

    def listen_to(self, context: BrowserContext) -> None:
        context.on("console", self._note)
        context.on("weberror", lambda error: self.texts.append(str(error.error)))

    def _note(self, message: ConsoleMessage) -> None:
        is_refusal = "the server responded with a status of" in message.text
        if message.type in ("error", "warning") and not is_refusal:
            self.texts.append(message.text)


@contextmanager
def visit(
    browser: Browser, address: str, *, session: str | None = None, **options: object
) -> Iterator[Page]:
    """A page of a new visitor, who ends up with nothing to complain about.

    `session`: the secret of a session, of a service that lets cookies come without TLS.
    """
    complaints = Complaints()
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(_ANSWER_MILLISECONDS)
    expect.set_options(timeout=_ANSWER_MILLISECONDS)
    complaints.listen_to(context)
    if session is not None:
        context.add_cookies([{"name": "nacor", "value": session, "url": address}])
    yield context.new_page()
    context.close()
    assert complaints.texts == []
