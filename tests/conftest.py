"""A real PostgreSQL for every test that asks for one; nothing is started for those that do not.

Nor is anything loaded for them: the service takes seconds to load, a pure function none.
"""

import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.checking.settling import collect_seldom
from tests.cluster_folder import new_cluster_folder

if TYPE_CHECKING:
    import psycopg
    from anyio.from_thread import BlockingPortal
    from sqlalchemy import URL, Engine

    from tests.commands import Nacor
    from tests.receivers import MailServer
    from tests.registry import Registry
    from tests.rosters import Staff
    from tests.s3_server import S3Server

CLUSTER_FOLDER = pytest.StashKey[Path]()
_TOLD = "cluster_folder"
_HERE = Path(__file__).parent
_LONGEST_FIRST = (
    "browser/test_demo_in_browser.py",
    "integration/test_crashes.py",
    "integration/test_cli.py",
    "browser/test_dashboards_in_browser.py",
    "unit/xsd/test_hostile_files.py",
    *("integration", "browser", "api", "unit/xsd", "unit/cli", "unit/synthetic"),
)


def pytest_configure(config: pytest.Config) -> None:
    """The process that hands out the tests decides where the cluster is, and removes it last."""
    collect_seldom()
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[CLUSTER_FOLDER] = Path(told[_TOLD])
        return
    folder = new_cluster_folder()
    config.stash[CLUSTER_FOLDER] = folder
    config.add_cleanup(lambda: _remove_cluster(folder))


def _remove_cluster(folder: Path) -> None:
    if not any(folder.iterdir()):  # no test asked for one
        folder.rmdir()
        return
    from tests.databases import remove_cluster

    remove_cluster(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files and folders that take longest, or one process ends long after all."""
    items.sort(key=lambda item: _place_of(item.path))


@cache
def _place_of(file: Path) -> int:
    """Its place in the list, or that of its folder; all others are over in a second or two."""
    held = [file.is_relative_to(_HERE / each) for each in _LONGEST_FIRST]
    return held.index(True) if True in held else len(held)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """pytest-xdist is about to start a process that runs tests."""
    node.workerinput[_TOLD] = str(node.config.stash[CLUSTER_FOLDER])


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> "URL":
    from tests.databases import running_cluster

    return running_cluster(pytestconfig.stash[CLUSTER_FOLDER])


@pytest.fixture(scope="session")
def database_url(cluster: "URL") -> Iterator["URL"]:
    """A database made by the migrations alone, for the tests of this process."""
    from tests.databases import migrated_database

    with migrated_database(cluster) as url:
        yield url


@pytest.fixture(scope="session")
def connections(database_url: "URL") -> Iterator["Engine"]:
    from app.storage.database import create_database_engine
    from tests.databases import text_of

    engine = create_database_engine(text_of(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(connections: "Engine") -> "Engine":
    """The database without a row: emptying it takes a tenth of the time of making a new one."""
    from tests.databases import emptied

    return emptied(connections)


@pytest.fixture(scope="session")
def portal() -> Iterator["BlockingPortal"]:
    """The event loop that all services run in, so that their threads are kept between requests."""
    from anyio.from_thread import start_blocking_portal

    with start_blocking_portal() as running:
        yield running


@pytest.fixture
def registry(engine: "Engine", tmp_path: Path, portal: "BlockingPortal") -> Iterator["Registry"]:
    from tests.registry import Registry

    registry = Registry(engine, tmp_path, portal)
    yield registry
    registry.check_invariants()


@pytest.fixture
def staff(registry: "Registry") -> "Staff":
    """Those who keep the roster of the practice."""
    from tests.rosters import Staff

    return Staff(caller=registry.practice())


@pytest.fixture
def nacor(registry: "Registry", monkeypatch: pytest.MonkeyPatch) -> "Nacor":
    """The command line, on the database of the registry."""
    from tests.commands import nacor_on

    return nacor_on(registry.engine, monkeypatch)


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """It is heard here and by processes started here, also where a shell runs this beside it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def onlooker(database_url: "URL") -> Iterator["psycopg.Connection"]:
    """A connection besides those of the service."""
    from tests.databases import connect

    with connect(database_url) as connection:
        yield connection


@pytest.fixture
def mail_server() -> Iterator["MailServer"]:
    from tests.receivers import running_mail_server

    with running_mail_server() as running:
        yield running


@pytest.fixture(scope="session")
def s3_server() -> Iterator["S3Server"]:
    from tests.s3_server import running_s3_server

    with running_s3_server() as server:
        yield server


@pytest.fixture
def s3(s3_server: "S3Server", monkeypatch: pytest.MonkeyPatch) -> "S3Server":
    """The S3 server, and this process may use it."""
    for variable, value in s3_server.environment.items():
        monkeypatch.setenv(variable, value)
    return s3_server
