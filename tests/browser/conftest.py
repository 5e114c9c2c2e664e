"""A real Chromium in front of the real service on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal
from browsers import browser_program, running_browser, served, visit
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from tests.databases import emptied
from tests.registry import Registry


@pytest.fixture(scope="module")
def live_registry(
    connections: Engine, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    registry = Registry(emptied(connections), tmp_path_factory.mktemp("registry"), portal)
    yield registry
    registry.check_invariants()


@pytest.fixture(scope="module")
def address(live_registry: Registry) -> Iterator[str]:
    with served(live_registry.app) as address:
        yield address


@pytest.fixture(scope="module")  # its event loop must not outlive the tests of pages
def browser() -> Iterator[Browser]:
    browser_program()
    with running_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with visit(browser, address) as page:
        yield page


@pytest.fixture
def page_without_scripts(browser: Browser, address: str) -> Iterator[Page]:
    with visit(browser, address, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a sender's files are, and where downloads go."""
    return tmp_path
