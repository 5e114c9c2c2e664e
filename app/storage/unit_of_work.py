"""One transaction with all the stores in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg
from psycopg.errors import DiskFull
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.domain.backfills import Backfill
from app.domain.errors.service import OutcomeUnknown, ServiceBusy
from app.domain.identifiers import PracticeId
from app.domain.submissions import Submission
from app.storage.bounds import Bounds, bind, come_back, leave
from app.storage.cases.case_store import CaseStore, SameContent
from app.storage.database import driver_connection
from app.storage.intake.replacement_undo import ReplacementUndo
from app.storage.keeping.export_parts import ExportedPractice
from app.storage.keeping.purging import Purging
from app.storage.migrating import is_at_head
from app.storage.out_of_reach import database_out_of_reach
from app.storage.recomputing.backfill_moves import BackfillMoves
from app.storage.recomputing.derived_rows import DerivedRows, practices_with_rows
from app.storage.sealing.data_keys import DataKeys, KeysOf
from app.storage.sealing.records import RecordSeals
from app.storage.sealing.resealing import Resealing
from app.storage.stores import Stores, Transaction

_RETRY_SECONDS = 10


class UnitOfWork(Stores):
    """All of it or none of it: leaving without commit() undoes every write.

    Within `bounds` PostgreSQL shows and takes nothing beyond them, and it ends with its commit.
    Without them it is the registry itself that works. Records are sealed: they are read and written
    only by whoever has the `keys`.
    """

    def __init__(
        self, engine: Engine, bounds: Bounds | None = None, *, keys: DataKeys | None = None
    ) -> None:
        self._engine = engine
        self._bounds = bounds
        self._is_unbound = bounds is None
        self._keys = keys

    def __enter__(self) -> Self:
        """Raises: ServiceBusy when the database cannot be reached or no connection gets free."""
        try:
            self._connection: Connection = self._engine.connect()
        except (OperationalError, NoConnectionFree) as error:
            raise database_out_of_reach(error) from error
        self._connection.begin()  # said, for SQLAlchemy does not see what goes through psycopg
        self._driver = driver_connection(self._connection)
        if self._bounds is not None:
            self._bind(self._bounds)
        self._at = Transaction(
            connection=self._connection,
            driver=self._driver,
            seals_of=self._seals_of,
            unbound=self.unbound,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raises: OutcomeUnknown when the database went away meanwhile.

        ServiceBusy when its disk is full.
        """
        fault = error.orig if isinstance(error, DBAPIError) else error
        is_lost = self._driver.closed and isinstance(fault, psycopg.Error)
        if is_lost:
            self._connection.invalidate()  # else closing it fails, for it cannot be rolled back
        self._connection.close()
        if is_lost:
            raise OutcomeUnknown(retry_after=_RETRY_SECONDS) from error
        if isinstance(fault, DiskFull):
            raise ServiceBusy(retry_after=_RETRY_SECONDS) from error

    def commit(self) -> None:
        self.audit.write()
        self._connection.commit()
        if self._bounds is not None:
            self._take_away()  # a statement behind it would be without the bounds

    @contextmanager
    def unbound(self) -> Iterator[None]:
        """Let the registry do what follows from the request, beyond what its sender may reach.

        Nothing in here may be asked for by a name that the request gave and nothing has checked.
        """
        if self._is_unbound:
            yield
            return
        leave(self._driver)
        self._is_unbound = True
        try:
            yield
        finally:
            self._is_unbound = False
            if self._driver.info.transaction_status is TransactionStatus.INTRANS:
                come_back(self._driver)  # else it failed, and can do nothing more

    def case_store(
        self,
        practice_id: PracticeId,
        *,
        sandbox: bool,
        submission_id: UUID,
        schema_version: str,
        same_content: SameContent,
    ) -> CaseStore:
        return CaseStore(
            self._driver,
            practice_id=practice_id,
            seals=self._seals_of(practice_id),
            sandbox=sandbox,
            submission_id=submission_id,
            schema_version=schema_version,
            same_content=same_content,
        )

    def replacement_undo(self, submission: Submission, *, by: UUID) -> ReplacementUndo:
        seals = self._seals_of(submission.practice_id)
        return ReplacementUndo(self._driver, submission, seals, by=by)

    def purging(self, practice: PracticeId, *, older_than: date) -> Purging:
        return Purging(self._driver, practice, older_than=older_than)

    def exported(self, practice: PracticeId) -> ExportedPractice:
        return ExportedPractice(self._driver, practice)

    @contextmanager
    def tentatively(self) -> Iterator[Callable[[], None]]:
        """Yield what undoes all that was written since, and nothing that was before."""
        savepoint = self._connection.begin_nested()
        yield savepoint.rollback
        if savepoint.is_active:
            savepoint.commit()

    def show_one_moment(self) -> None:
        """Show everything as it is at the first question, whatever is committed meanwhile.

        To be called before that.
        """
        self._driver.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def derived_rows(self, practice: PracticeId) -> DerivedRows:
        return DerivedRows(self._driver, practice, self._seals_of(practice))

    def resealing(self, practice: PracticeId, *, newest: int) -> Resealing:
        return Resealing(self._driver, practice, self._seals_of(practice), newest=newest)

    def backfill_moves(self, backfill: Backfill) -> BackfillMoves:
        return BackfillMoves(self._driver, backfill)

    def practices_with_rows(self) -> list[PracticeId]:
        """Every registered practice, and any other that a row is kept for, ordered by id."""
        return practices_with_rows(self._driver)

    def is_at_head(self) -> bool:
        return is_at_head(self._connection)

    def _seals_of(self, practice: PracticeId) -> RecordSeals:
        assert self._keys is not None, "whoever looks at records has the keys"
        return RecordSeals(practice, KeysOf(self._keys, practice))

    def _bind(self, bounds: Bounds) -> None:
        try:
            bind(self._driver, bounds)
        except psycopg.Error as error:
            if self._driver.closed:
                self._connection.invalidate()
            self._connection.close()
            if isinstance(error, psycopg.OperationalError):
                raise database_out_of_reach(error) from error
            raise


OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
OpenWithin = Callable[[Bounds], AbstractContextManager[UnitOfWork]]
