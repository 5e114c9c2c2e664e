"""An engine that notes as which role each statement was run, and on whose behalf."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Engine, create_engine

import app
from app.storage.bounds import REQUEST_ROLE

_APP: Final = str(Path(app.__file__).parent)
_NOT_ASKED: Final = {"bind", "leave", "come_back", "UnitOfWork.show_one_moment"}
"""They change the role, so that what it is before them tells nothing, or must come first."""

DOORS: Final = frozenset(
    {
        "find_key",  # before it nobody is known
        "DataKeys.get",  # what opens and seals records is shown to nobody
        "DataKeys.newest",
        "DataKeys.check",
        "Sessions.find",
        "Users.add",  # people are of no one practice: whom the caller may manage is asked there
        "Users.end",
        "Users.get",
        "Users.invite_again",
        "Users.listed",
        "Users.reset_second_step",
        "Intake.check_room",  # how much waits, of all practices
        "Purges.first_day_kept",
        "Purges.preview",  # a purge takes what is in the sandbox too
        "Purges.begin",
        "Intake.process_at_once",  # what a worker does as well
        "UnusedFiles.forget",  # whether any submission needs a file
        "JobStore.add",  # the queue is one for all
        "JobStore.add_once",
        "RosterWork.follow_tins",  # cases in the sandbox too
        "GroupQueries.practices_in",  # who has entered a virtual group, to refuse who lacks one
        "Undoing._carry_out",  # cases are stored as when a file is taken in
        "OperationsQueries.standing",  # what waits, of all practices: for who may see the registry
        "OperationsQueries.activity",
        "SenderQueries.organization_of",  # of whoever asks; then the ids of its keys and users
        "SenderQueries.senders_of",
        "Replacements._give_up",  # webhooks of all who reach the practice are told
    }
)
"""What the registry does by itself for a request. Every other statement is bound to its caller."""


@dataclass(frozen=True)
class Watch:
    """`beyond`: the functions under way at each statement that was run as another role."""

    beyond: list[tuple[str, ...]] = field(default_factory=list)

    def escaped(self) -> list[tuple[str, ...]]:
        """Those at which no door stands; what was seen until now is forgotten."""
        seen, self.beyond[:] = list(self.beyond), []
        return [functions for functions in seen if not DOORS.intersection(functions)]


def watched_engine(url: URL) -> tuple[Engine, Watch]:
    watch = Watch()

    class WatchedCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            self._look()
            return super().execute(query, *arguments, **options)

        def executemany(self, query: Any, *arguments: Any, **options: Any) -> None:
            self._look()
            super().executemany(query, *arguments, **options)

        def _look(self) -> None:
            functions = tuple(_under_way())
            if not functions or functions[0] in _NOT_ASKED:
                return
            if self.connection.info.transaction_status is TransactionStatus.INERROR:
                return  # only what undoes it can come now
            with psycopg.Cursor(self.connection) as beside:
                row = beside.execute("SELECT current_user").fetchone()
            assert row is not None, "somebody is the user"
            if row[0] != REQUEST_ROLE:
                watch.beyond.append(functions)

    engine = create_engine(url, connect_args={"cursor_factory": WatchedCursor})
    return engine, watch


def _under_way() -> Iterator[str]:
    """The names of the functions of the service that led here, the innermost first."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith(_APP):
            yield frame.f_code.co_qualname
        frame = frame.f_back
