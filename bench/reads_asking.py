"""Asks every question about practices of every size, and has the database say how long it took."""

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, event, text

from app.domain.identifiers import Npi, PracticeId, Tin
from app.storage.bounds import Bounds, bind
from app.storage.database import driver_connection
from app.storage.unit_of_work import UnitOfWork
from bench.database import computed_milliseconds
from bench.fixed import SEED
from bench.reads_answers import answers
from bench.reads_questions import YEARS, Ask, Subject, questions

TARGET_MS: Final = 10.0
WHOLE_TARGET_MS: Final = 20.0

Values = Any
Statement = tuple[Bounds, str, Values]
"""SQL and its values, as SQLAlchemy gave them to the driver, within the bounds of who asks."""

_ONE_IN: Final = 10
_ROUNDS: Final = 3
_OF_THE_LARGEST: Final = (0.05, 0.35, 0.65, 0.95)
_HALFWAY: Final = (0.5,)

_SUBJECT: Final = text(
    """SELECT s.tin, s.npi, s.case_id FROM case_staff s
       WHERE s.practice_id = :practice AND s.case_id = (
           SELECT case_id FROM cases
           WHERE practice_id = :practice AND performance_year = :year ORDER BY case_id
           OFFSET (SELECT floor(count(*) * :share) FROM cases
                   WHERE practice_id = :practice AND performance_year = :year) LIMIT 1)
       ORDER BY s.position LIMIT 1"""
)


@dataclass(slots=True, kw_only=True)
class Times:
    """Milliseconds, once for each time that a question was asked.

    `cpu` is what the database's process for us computed, and of a whole answer what we computed,
    `in_database` planning and execution by its clock, `in_service` the whole call, rows turned into
    objects included. `slowest` are the statements that were computed longest.
    """

    cpu: list[float] = field(default_factory=list)
    in_database: list[float] = field(default_factory=list)
    in_service: list[float] = field(default_factory=list)
    slowest: Sequence[Statement] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question, asked about the largest practice and about others of every size.

    `is_whole`: with all that makes an answer of the interface of it.
    """

    what: str
    is_whole: bool = False
    largest: Times = field(default_factory=Times)
    others: Times = field(default_factory=Times)

    @property
    def target_ms(self) -> float:
        return WHOLE_TARGET_MS if self.is_whole else TARGET_MS

    @property
    def meets_target(self) -> bool:
        return max(self.largest.cpu) <= self.target_ms


def ask_all(engine: Engine, practices: Sequence[PracticeId]) -> list[Answered]:
    """Ask in no order, after a round that is not counted; the largest practice comes first."""
    largest, *others = practices
    about_largest = list(_subjects(engine, [largest], _OF_THE_LARGEST))
    about_others = list(_subjects(engine, others[::_ONE_IN], _HALFWAY))
    subjects = about_largest * _ROUNDS + about_others
    random.Random(SEED).shuffle(subjects)  # noqa: S311 - an order, no secret
    _round(engine, about_largest, largest)
    return list(_round(engine, subjects, largest).values())


def _round(engine: Engine, subjects: Sequence[Subject], largest: PracticeId) -> dict[str, Answered]:
    found: dict[str, Answered] = {}
    for subject in subjects:
        for what, ask, is_whole in _everything(subject):
            answered = found.setdefault(what, Answered(what=what, is_whole=is_whole))
            times = answered.largest if subject.practice == largest else answered.others
            _ask(engine, subject.practice, ask, times, is_whole=is_whole)
    return found


def _everything(subject: Subject) -> Iterator[tuple[str, Ask, bool]]:
    for what, ask in questions(subject):
        yield what, ask, False
    for what, ask in answers(subject):
        yield f"answer: {what}", ask, True


def _ask(engine: Engine, practice: PracticeId, ask: Ask, times: Times, *, is_whole: bool) -> None:
    statements: list[Statement] = []
    bounds = _bounds_of(practice)

    def note(_: object, __: object, statement: str, values: Values, *___: object) -> None:
        statements.append((bounds, statement, values))

    with UnitOfWork(engine, bounds) as work:
        event.listen(engine, "before_cursor_execute", note)
        try:
            started, computed = time.perf_counter(), time.process_time()
            ask(work)
            own_cpu = (time.process_time() - computed) * 1000
            times.in_service.append((time.perf_counter() - started) * 1000)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    costs = [_cost(engine, *each) for each in statements]
    cpu = sum(cost.cpu for cost in costs) + (own_cpu if is_whole else 0.0)
    if cpu > max(times.cpu, default=0.0):
        times.slowest = statements
    times.cpu.append(cpu)
    times.in_database.append(sum(cost.by_clock for cost in costs))


class _Cost(NamedTuple):
    cpu: float
    by_clock: float


def _cost(engine: Engine, bounds: Bounds, statement: str, values: Values) -> _Cost:
    with engine.connect() as connection:
        process = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        bind(driver_connection(connection), bounds)
        before = computed_milliseconds(process)
        options = "ANALYZE, TIMING OFF, FORMAT JSON"
        answer = connection.exec_driver_sql(f"EXPLAIN ({options}) {statement}", values)
        plan = answer.scalar_one()[0]
        return _Cost(
            cpu=computed_milliseconds(process) - before,
            by_clock=float(plan["Planning Time"] + plan["Execution Time"]),
        )


def _bounds_of(practice: PracticeId) -> Bounds:
    """Those of a request with a key of the practice."""
    return Bounds(practices=frozenset({practice}), sandbox=False, caller=UUID(int=0))


def plan_of(engine: Engine, bounds: Bounds, statement: str, values: Values) -> str:
    """The plan with what each of its steps took."""
    with engine.connect() as connection:
        bind(driver_connection(connection), bounds)
        lines = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values)
        return "\n".join(line for (line,) in lines)


def _subjects(
    engine: Engine, practices: Sequence[PracticeId], shares: Sequence[float]
) -> Iterator[Subject]:
    """For each practice, year and share: who did the case that has this share before it."""
    with engine.connect() as connection:
        for practice, year, share in itertools.product(practices, YEARS, shares):
            found = connection.execute(
                _SUBJECT, {"practice": practice, "year": year, "share": share}
            ).first()
            if found is not None:  # the smallest may have no case in a year
                yield Subject(
                    practice=practice,
                    year=year,
                    tin=Tin(found.tin),
                    npi=Npi(found.npi),
                    halfway=found.case_id,
                )
