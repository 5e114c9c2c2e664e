"""Behind the checks of the code: a request's transactions reach what its caller reaches."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from psycopg.errors import NotNullViolation
from sqlalchemy import Engine, create_engine, text

from app.access.dependencies import Work, find_key
from app.access.rights import bounds_of
from app.domain.errors.service import ServiceBusy
from app.domain.identifiers import PracticeId
from app.storage.access.audit_queries import AuditQuestion
from app.storage.bounds import REQUEST_ROLE
from app.storage.unit_of_work import UnitOfWork
from tests.case_files import a_case_file
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry

CONTEXT = """SELECT current_user, coalesce(current_setting('nacor.practices', true), ''),
                    coalesce(current_setting('nacor.caller', true), '')"""


@pytest.fixture
def one_connection(connections: Engine) -> Iterator[Engine]:
    """A pool of one: whoever comes next gets what the one before has used."""
    engine = create_engine(connections.url, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def registry(registry: Registry) -> Registry:
    registry.register(OTHER_PRACTICE)
    return registry


def as_asked_by(caller: Caller, registry: Registry, engine: Engine) -> UnitOfWork:
    """A transaction as a route gets it that this caller asks."""
    assert caller.key is not None
    key = find_key(caller.key, open_work=registry.open_work)
    assert key is not None
    return UnitOfWork(engine, bounds_of(key))


def case_of(registry: Registry, practice: str, **sending: bool) -> UUID:
    vendor = registry.vendor(practice, **sending)
    receipt = vendor.send(a_case_file(practice_id=practice), practice_id=practice)
    [record] = vendor.read(receipt["links"]["records"])["items"]
    return UUID(record["case_id"])


def test_a_route_that_forgets_the_practice_shows_own_rows_alone(registry: Registry) -> None:
    """Its queries name no practice, and it asks for no right."""
    own, other = (case_of(registry, practice) for practice in (PRACTICE, OTHER_PRACTICE))

    @registry.app.get("/wrong")
    def wrong(open_work: Work) -> dict[str, list[str]]:
        with open_work() as work:
            found = [work.cases.get(case_id) for case_id in (own, other)]
            told = work.audit_trail.listed(AuditQuestion(), before=None, limit=100)
        return {
            "cases": [case.practice_id for case in found if case is not None],
            "audit": sorted({each.event.practice_id or "of none" for each in told}),
        }

    assert registry.practice(PRACTICE).read("/wrong") == {"cases": [PRACTICE], "audit": [PRACTICE]}
    assert registry.internal().read("/wrong") == {
        "cases": [PRACTICE, OTHER_PRACTICE],
        "audit": [PRACTICE, OTHER_PRACTICE],
    }
    assert registry.anyone().get("/wrong").status_code == 401


def test_a_sandbox_key_gets_no_real_case_though_the_code_asks_for_it(registry: Registry) -> None:
    real, tried = (case_of(registry, PRACTICE, sandbox=each) for each in (False, True))
    for is_sandbox, seen, unseen in ((False, real, tried), (True, tried, real)):
        caller = registry.practice(PRACTICE, sandbox=is_sandbox)
        with as_asked_by(caller, registry, registry.engine) as work:
            assert work.cases.get(seen) is not None
            assert work.cases.get(unseen) is None


def used_and_committed(work: UnitOfWork) -> None:
    work.commit()


def used_and_left(work: UnitOfWork) -> None:
    work.practices.exists(PracticeId(PRACTICE))


def used_and_broken(work: UnitOfWork) -> None:
    with pytest.raises(NotNullViolation):
        work.practices.save(PracticeId(PRACTICE), name=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("use", [used_and_committed, used_and_left, used_and_broken])
def test_the_next_request_on_the_connection_inherits_nothing(
    registry: Registry, one_connection: Engine, use: Callable[[UnitOfWork], None]
) -> None:
    def context() -> tuple[str, ...]:
        with one_connection.connect() as connection:
            return tuple(connection.execute(text(CONTEXT)).one())

    before = context()
    with as_asked_by(registry.practice(), registry, one_connection) as work:
        use(work)
    assert context() == before
    assert before[0] != REQUEST_ROLE
    assert before[1:] == ("", "")


def test_nothing_is_asked_after_the_commit(registry: Registry) -> None:
    """The bounds end with it: a statement behind it would be the registry's own."""
    with as_asked_by(registry.practice(), registry, registry.engine) as work:
        work.commit()
        with pytest.raises(AttributeError):
            _ = work.cases


def test_what_the_registry_does_by_itself_ends_where_it_is_said(registry: Registry) -> None:
    other = case_of(registry, OTHER_PRACTICE)
    with as_asked_by(registry.practice(), registry, registry.engine) as work:
        with work.unbound():
            with work.unbound():
                assert work.cases.get(other) is not None
            assert work.cases.get(other) is not None
        assert work.cases.get(other) is None


def test_bounds_are_kept_when_the_registrys_own_work_breaks(registry: Registry) -> None:
    other = case_of(registry, OTHER_PRACTICE)
    with as_asked_by(registry.practice(), registry, registry.engine) as work:
        with pytest.raises(ServiceBusy), work.unbound():
            raise ServiceBusy(retry_after=1)
        assert work.cases.get(other) is None
