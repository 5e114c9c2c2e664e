"""The database that runs without being installed: real servers, most of them made for one test."""

import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.storage.embedded.account import account_for_a_new_cluster
from app.storage.embedded.database import (
    EmbeddedServerError,
    embedded_database_url,
    embedded_home,
    stop_embedded,
)
from app.storage.embedded.places import ServerInstall, binaries_for, wheel_install

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root must take care of")

PROJECT = Path(__file__).parents[2]
PRINT_SERVER_ID = """
import sys
from pathlib import Path
from tests.integration.test_embedded import embedded_database_url, server_id
print(server_id(embedded_database_url(Path(sys.argv[1]))))
"""
# The interpreter may itself be closed to nobody, so it loads what it needs before it changes.
BECOME_NOBODY = """
import os, pwd
import sqlalchemy.dialects.postgresql.psycopg, psycopg
from tests.integration.test_embedded import ask, embedded_database_url, server_id
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
"""


def ask(url: str, *statements: str) -> list[object]:
    """Run the statements, each for itself, and return the first column of the last."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.execute(text(statement))
        return list(connection.execute(text(statements[-1])).scalars())


def server_id(url: str) -> str:
    """The time of its start tells one run of a server from another."""
    return str(ask(url, "select pg_postmaster_start_time()")[0])


def postmaster_pid(data_dir: Path) -> int:
    home = embedded_home(data_dir)
    assert home is not None
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def in_a_process(code: str, data_dir: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def modes(folder: Path) -> dict[Path, tuple[int, int]]:
    """Permissions and owner of `folder` and of everything above it."""
    found = {path: path.stat() for path in (folder, *folder.parents)}
    return {path: (stat.S_IMODE(entry.st_mode), entry.st_uid) for path, entry in found.items()}


def clean_up(data_dir: Path) -> None:
    if not data_dir.exists():
        return
    home = embedded_home(data_dir)
    stop_embedded(data_dir)
    if home is not None:
        shutil.rmtree(home)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """As root it lies where the server's account cannot go: pytest closes its folders."""
    path = tmp_path / "var"
    yield path
    clean_up(path)


@pytest.fixture(scope="module")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of the tests that need any server, however it was left."""
    path = tmp_path_factory.mktemp("shared") / "var"
    yield path
    clean_up(path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, as the home of a service is."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_a_new_data_dir_gets_a_database_of_its_own(data_dir: Path) -> None:
    url = embedded_database_url(data_dir)
    assert ask(url, "select current_database()") == ["nacor"]
    assert ask(url, "create table cases (id int)", "select count(*) from cases") == [0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("server_encoding", "UTF8"),
        ("is_superuser", "off"),
    ],
)
def test_what_is_stored_is_safe(shared_dir: Path, setting: str, value: str) -> None:
    url = embedded_database_url(shared_dir)
    assert ask(url, f"select current_setting('{setting}')") == [value]


def test_the_second_caller_attaches_to_the_running_server(shared_dir: Path) -> None:
    first = server_id(embedded_database_url(shared_dir))
    assert server_id(embedded_database_url(shared_dir)) == first


def test_stopping_keeps_the_data_and_says_whether_there_was_a_server(data_dir: Path) -> None:
    assert stop_embedded(data_dir) is False
    ask(embedded_database_url(data_dir), "create table kept (id int)", "select 1")
    assert stop_embedded(data_dir) is True
    assert stop_embedded(data_dir) is False
    assert ask(embedded_database_url(data_dir), "select count(*) from kept") == [0]


def test_the_server_outlives_the_process_that_started_it(data_dir: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from tests.integration.test_embedded import ask, embedded_database_url, server_id
url = embedded_database_url(Path(sys.argv[1]))
ask(url, "create table kept as select 7 as id", "select 1")
print(server_id(url), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    with in_a_process(code, data_dir) as owner:
        started, _ = owner.communicate()
    assert owner.returncode == -signal.SIGKILL
    url = embedded_database_url(data_dir)
    assert server_id(url) == started.strip()
    assert ask(url, "select id from kept") == [7]


def test_the_keyboard_of_the_starter_does_not_reach_the_server(shared_dir: Path) -> None:
    embedded_database_url(shared_dir)
    server = postmaster_pid(shared_dir)
    assert os.getsid(server) != os.getsid(0)
    assert os.getpgid(server) != os.getpgid(0)


def test_a_killed_server_is_started_again_with_its_data(shared_dir: Path) -> None:
    url = embedded_database_url(shared_dir)
    ask(url, "create table outlived_a_kill as select 7 as id", "select 1")
    before = server_id(url)
    os.kill(postmaster_pid(shared_dir), signal.SIGKILL)
    url = embedded_database_url(shared_dir)
    assert server_id(url) != before
    assert ask(url, "select id from outlived_a_kill") == [7]


def test_a_server_that_lost_its_socket_is_started_again(shared_dir: Path) -> None:
    """As after `rm -rf var` under a running server: when it goes, it takes the next one's away."""
    url = embedded_database_url(shared_dir)
    ask(url, "create table outlived_its_socket as select 7 as id", "select 1")
    folder = make_url(url).query["host"]
    assert isinstance(folder, str)
    (Path(folder) / ".s.PGSQL.5432").unlink()
    assert ask(embedded_database_url(shared_dir), "select id from outlived_its_socket") == [7]


def test_starters_at_the_same_time_get_one_server(data_dir: Path) -> None:
    starters = [in_a_process(PRINT_SERVER_ID, data_dir) for _ in range(3)]
    answers = []
    for starter in starters:
        with starter:
            out, err = starter.communicate()
        assert starter.returncode == 0, err
        answers.append(out)
    assert len(set(answers)) == 1


def test_what_a_starter_killed_midway_left_is_cleared_away(open_folder: Path) -> None:
    account = account_for_a_new_cluster()
    home = open_folder / "postgres"
    half_made = home / "data.new" / "base"
    half_made.mkdir(parents=True)
    home.chmod(0o700)
    for path in (home, home / "data.new", half_made):
        os.chown(path, account.uid, account.gid)
    try:
        assert ask(embedded_database_url(open_folder), "select 1") == [1]
        assert not (home / "data.new").exists()
    finally:
        clean_up(open_folder)


@pytest.mark.parametrize(
    "name", ["long" * 30, 'it\'s $HOME, "quoted"; `and` a,b', "Zürich"], ids=["long", "odd", "ü"]
)
def test_any_path_will_do(open_folder: Path, name: str) -> None:
    data_dir = open_folder / name
    try:
        url = embedded_database_url(data_dir)
        sockets = Path(str(make_url(url).query["host"]))
        assert ask(url, "select 1") == [1]
        assert embedded_home(data_dir) == data_dir / "postgres"
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    finally:
        clean_up(data_dir)
    if sockets.exists():
        sockets.rmdir()


def test_values_of_cases_stay_out_of_the_log(shared_dir: Path) -> None:
    url = embedded_database_url(shared_dir)
    with pytest.raises(DBAPIError):
        ask(url, "select 'patient 4711'::int")
    home = embedded_home(shared_dir)
    assert home is not None
    assert "4711" not in (home / "server.log").read_text()


@pytest.mark.soak
def test_a_server_that_cannot_start_says_why_and_what_to_do(data_dir: Path) -> None:
    embedded_database_url(data_dir)
    stop_embedded(data_dir)
    home = embedded_home(data_dir)
    assert home is not None
    with (home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = lots\n")
    with pytest.raises(EmbeddedServerError, match=r"(?s)shared_buffers.*NACOR_DATABASE_URL"):
        embedded_database_url(data_dir)


@as_root
def test_root_leaves_the_folders_above_as_they_are(
    tmp_path: Path, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data_dir.mkdir(mode=0o700)
    before = modes(data_dir)
    with caplog.at_level(logging.WARNING):
        embedded_database_url(data_dir)
    assert modes(data_dir) == before
    home = embedded_home(data_dir)
    assert home is not None
    assert not home.is_relative_to(tmp_path)
    assert str(home) in caplog.text
    assert str(home) in (data_dir / "postgres.elsewhere").read_text()


@as_root
def test_root_gives_away_the_folder_of_the_cluster_and_nothing_else(open_folder: Path) -> None:
    before = modes(open_folder)
    try:
        embedded_database_url(open_folder)
        assert modes(open_folder) == before
        owners = {path.name: path.stat().st_uid for path in open_folder.iterdir()}
        account = account_for_a_new_cluster()
        assert owners == {"postgres": account.uid, "postgres.lock": 0}
    finally:
        clean_up(open_folder)


@pytest.mark.soak
@as_root
def test_a_database_gone_from_elsewhere_is_not_replaced_by_an_empty_one(data_dir: Path) -> None:
    embedded_database_url(data_dir)
    home = embedded_home(data_dir)
    assert home is not None
    clean_up(data_dir)
    with pytest.raises(EmbeddedServerError, match=f"gone from {home}"):
        embedded_database_url(data_dir)
    (data_dir / "postgres.elsewhere").unlink()
    assert ask(embedded_database_url(data_dir), "select 1") == [1]


@pytest.mark.soak
@as_root
def test_other_accounts_are_refused_even_if_the_folder_were_open(open_folder: Path) -> None:
    try:
        url = embedded_database_url(open_folder)
        home = embedded_home(open_folder)
        assert home is not None
        home.chmod(0o755)
        code = f"{BECOME_NOBODY}\nask({url!r}, 'select 1')"
        with in_a_process(code, open_folder) as stranger:
            _, err = stranger.communicate()
        assert "Peer authentication failed" in err
    finally:
        clean_up(open_folder)


@as_root
def test_an_ordinary_user_has_the_database_inside_the_data_dir(open_folder: Path) -> None:
    data_dir = open_folder / "var"
    data_dir.mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(data_dir, nobody.pw_uid, nobody.pw_gid)
    try:
        with in_a_process(BECOME_NOBODY + PRINT_SERVER_ID, data_dir) as user:
            out, err = user.communicate()
        assert user.returncode == 0, err
        assert embedded_home(data_dir) == data_dir / "postgres"
        assert (data_dir / "postgres" / "data").stat().st_uid == nobody.pw_uid
        assert server_id(embedded_database_url(data_dir)) == out.strip()  # root may join in
    finally:
        clean_up(data_dir)


@as_root
def test_programs_that_the_account_cannot_reach_are_copied_once(tmp_path: Path) -> None:
    wheel = wheel_install()
    closed = ServerInstall(name="closed", root=tmp_path, programs=wheel.programs, parts=wheel.parts)
    for part in wheel.parts:
        shutil.copytree(wheel.root / part, tmp_path / part)
    account = account_for_a_new_cluster()
    before = modes(closed.binaries)
    binaries = binaries_for(account, closed)
    copied = binaries.stat().st_ctime_ns
    try:
        assert not binaries.is_relative_to(tmp_path)
        assert modes(closed.binaries) == before
        assert binaries_for(account, closed) == binaries
        assert binaries.stat().st_ctime_ns == copied
    finally:
        shutil.rmtree(binaries.parents[2])
