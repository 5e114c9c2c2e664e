"""The operating system's account that the embedded PostgreSQL runs as, and running programs as it.

PostgreSQL refuses to run as root. Whatever happens inside the folder of a cluster is therefore done
by its account, never by root on its behalf: root that writes where others may plant a symbolic
link can be led astray.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import pwd

_ROOT = 0
_UNPRIVILEGED = ("postgres", "nobody")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}\nThe embedded PostgreSQL is only a default: "
            "NACOR_DATABASE_URL names a PostgreSQL (15 or later) of your own."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccount:
    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a program left: its exit code, and what it wrote to both outputs."""

    exit_code: int
    output: str


def we_are_root() -> bool:
    return os.geteuid() == _ROOT


def account_for_a_new_cluster() -> ServerAccount:
    """Return ourselves, or as root the first unprivileged account of this machine."""
    if not we_are_root():
        return account_with_uid(os.geteuid())
    for name in _UNPRIVILEGED:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this machine has none of the accounts "
        f"{', '.join(_UNPRIVILEGED)} to run it as."
    )


def account_with_uid(uid: int) -> ServerAccount:
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError:
        raise EmbeddedServerError(
            f"PostgreSQL wants an account with a name, and user id {uid} has none on this machine."
        ) from None


def names_that_may_connect() -> tuple[str, ...]:
    """Return ourselves and root, who can reach every file of the cluster anyway."""
    uids = sorted({_ROOT, os.geteuid()})
    return tuple(account_with_uid(uid).name for uid in uids)


def run_as(
    account: ServerAccount,
    command: list[str],
    *,
    folder: Path,
    pgdata: Path | None = None,
    stdin: str = "",
) -> Finished:
    """Run `command` in `folder` as `account`, without its other groups, and wait for its end.

    Raises: EmbeddedServerError if it cannot even be started; a failure of its own is in the result.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own commands, no shell
            command,
            cwd=folder,
            env=_environment(pgdata),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            user=None if account.is_ours else account.uid,
            group=None if account.is_ours else account.gid,
            extra_groups=None if account.is_ours else [],
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedServerError(
            f"{command[0]} cannot be run as {account.name}: {error}."
        ) from error
    return Finished(exit_code=done.returncode, output=done.stdout.strip())


def _environment(pgdata: Path | None) -> dict[str, str]:
    """Our environment without the PG variables, which would steer another server's client."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept["LC_ALL"] = "C"
    if pgdata is not None:
        kept["PGDATA"] = str(pgdata)
    return kept


def _account(entry: "pwd.struct_passwd") -> ServerAccount:
    return ServerAccount(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
