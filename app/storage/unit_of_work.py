"""One transaction with all the stores in it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.domain.errors import ServiceBusy
from app.domain.identifiers import PracticeId
from app.storage.acceptance_store import AcceptanceStore
from app.storage.case_queries import CaseQueries
from app.storage.case_store import CaseStore, SameContent
from app.storage.count_queries import CountQueries
from app.storage.database import driver_connection, is_at_head
from app.storage.idempotency_store import IdempotencyStore
from app.storage.key_store import KeyStore
from app.storage.practice_store import PracticeStore
from app.storage.submission_store import SubmissionStore
from app.storage.totals import TotalsCheck, verify_totals

_RETRY_SECONDS = 10


class UnitOfWork:
    """All of it or none of it: leaving without commit() undoes every write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        """Raises: ServiceBusy when the database cannot be reached or no connection gets free."""
        try:
            self._connection: Connection = self._engine.connect()
        except (OperationalError, NoConnectionFree) as error:
            raise ServiceBusy(retry_after=_RETRY_SECONDS) from error
        self._connection.begin()  # said, for SQLAlchemy does not see what goes through psycopg
        self._driver = driver = driver_connection(self._connection)
        self.practices = PracticeStore(driver)
        self.keys = KeyStore(driver)
        self.idempotency = IdempotencyStore(driver)
        self.submissions = SubmissionStore(self._connection)
        self.acceptances = AcceptanceStore(self._connection)
        self.cases = CaseQueries(self._connection)
        self.counts = CountQueries(self._connection)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def commit(self) -> None:
        self._connection.commit()

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
            sandbox=sandbox,
            submission_id=submission_id,
            schema_version=schema_version,
            same_content=same_content,
        )

    def verify_totals(self) -> TotalsCheck:
        return verify_totals(self._driver)

    def is_at_head(self) -> bool:
        return is_at_head(self._connection)


OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
