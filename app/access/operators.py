"""Who works at the command line, as the machine knows them."""

import getpass
import socket

from app.domain.audit import Actor, ActorKind


def operator() -> Actor:
    """The account and the machine: whoever has both has the database too, so no more is asked."""
    return Actor(kind=ActorKind.OPERATOR, label=f"{_account()}@{socket.gethostname()}")


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unnamed"
