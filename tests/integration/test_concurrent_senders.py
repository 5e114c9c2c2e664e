"""Senders for one practice at the same moment: it ends as if one had come after the other.

Small files are taken in by the requests that bring them, large ones by two worker processes.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import Engine

from app.storage.database import plain_url
from tests.case_files import TIN, a_case_file, a_record
from tests.databases import emptied
from tests.registry import Caller, Registry
from tests.sites import end, site
from tests.waiting import wait_for

RECORDS = [f"A-{number}" for number in range(24)]
LARGE_RECORDS = 12
"""A file of more records waits for a worker."""

QUICK_SEEDS = range(6)
SOAK_SEEDS = range(6, 120)

Versions = tuple[tuple[str, int], ...]
"""Of one case, the oldest first: its status and the age that the version tells."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file with an age in each of its records that tells from whom it is."""

    age: int
    records: tuple[str, ...]

    def bytes_for(self, practice: str) -> bytes:
        records = (a_record(record, age=str(self.age)) for record in self.records)
        return a_case_file(*records, practice_id=practice)


@dataclass(frozen=True, kw_only=True)
class Deleted:
    record: str


Step = Sent | Deleted


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is stored in the end, and what each file's receipt says."""

    cases: dict[str, Versions]
    receipts: Counter[tuple[int, int, int]]


@pytest.fixture(scope="module")
def registry(
    connections: Engine, tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal
) -> Iterator[Registry]:
    """One for all tests here: each has a practice of its own."""
    folder = tmp_path_factory.mktemp("together")
    registry = Registry(emptied(connections), folder, portal)
    with site(folder, database_url=plain_url(connections)) as workers:
        both = [workers.start_worker(name) for name in ("one", "other")]
        yield registry
        assert [end(worker) for worker in both] == [0, 0]
    registry.check_invariants()


@pytest.fixture(scope="module")
def numbers() -> Iterator[str]:
    return iter(str(number) for number in range(20_000, 30_000))


@pytest.fixture
def practice(registry: Registry, numbers: Iterator[str]) -> str:
    new = next(numbers)
    registry.register(new, TIN)
    return new


@pytest.fixture
def sender(registry: Registry, practice: str) -> Caller:
    small = len(Sent(age=40, records=tuple(RECORDS[:LARGE_RECORDS])).bytes_for(practice))
    return registry.with_settings(registry.practice(practice), small_file_bytes=small)


@pytest.mark.parametrize(
    "seed", [*QUICK_SEEDS, *(pytest.param(seed, marks=pytest.mark.soak) for seed in SOAK_SEEDS)]
)
def test_overlapping_files_and_deletions_end_in_the_state_of_one_of_their_orders(
    registry: Registry, practice: str, sender: Caller, seed: int
) -> None:
    chance = random.Random(seed)
    before = Sent(age=40, records=tuple(RECORDS[:8]))
    sender.send(before.bytes_for(practice), practice_id=practice)
    case_ids = ids_of_cases(registry, practice)
    steps = drawn(chance)
    answers = at_once([doing(step, sender, practice, case_ids) for step in steps])
    assert {answer.status_code for answer in answers} <= {200, 201, 202}
    wait_for_end(registry, practice)

    found = outcome(registry, practice)
    orders = permutations(steps)
    assert any(in_order([before, *order]) == found for order in orders), (steps, found)
    now = [versions[-1][0] for versions in found.cases.values()]
    assert sender.count(practice_id=practice) == now.count("active")


def drawn(chance: random.Random) -> list[Step]:
    """Two small files or large ones at least, and deletions of cases that are in some of them."""
    files: list[Step] = [
        Sent(
            age=chance.choice((41, 42, 43)),
            records=tuple(chance.sample(RECORDS, chance.randint(3, len(RECORDS)))),
        )
        for _ in range(chance.randint(2, 3))
    ]
    deletions: list[Step] = [Deleted(record=each) for each in chance.sample(RECORDS[:8], 2)]
    return files + deletions


def doing(step: Step, sender: Caller, practice: str, case_ids: dict[str, str]) -> Callable[[], Any]:
    match step:
        case Sent():
            return lambda: sender.submit(step.bytes_for(practice), practice_id=practice)
        case Deleted():
            path = f"/v1/cases/{case_ids[step.record]}"
            return lambda: sender.delete(path, reason="Sent by mistake.")


def in_order(steps: Sequence[Step]) -> Outcome:
    """What must be there when one comes after the other."""
    cases: dict[str, Versions] = {}
    receipts: Counter[tuple[int, int, int]] = Counter()
    for step in steps:
        match step:
            case Deleted(record=record):
                status, age = cases[record][-1]
                if status == "active":
                    cases[record] += (("deleted", age),)
            case Sent(age=age, records=records):
                told: Counter[str] = Counter()
                for record in records:
                    versions = cases.get(record, ())
                    if versions and versions[-1] == ("active", age):
                        told["unchanged"] += 1
                        continue
                    told["replaced" if versions else "created"] += 1
                    cases[record] = (*versions, ("active", age))
                receipts[(told["created"], told["replaced"], told["unchanged"])] += 1
    return Outcome(cases=cases, receipts=receipts)


def outcome(registry: Registry, practice: str) -> Outcome:
    rows = registry.ask_database(
        """SELECT anesthesia_record_id, version, status, age_years FROM cases
           WHERE practice_id = :practice
           UNION ALL
           SELECT "row"->>'anesthesia_record_id', version, "row"->>'status',
                  ("row"->>'age_years')::int
           FROM case_versions WHERE practice_id = :practice
           ORDER BY 1, 2""",
        practice=practice,
    )
    cases: dict[str, Versions] = {}
    for record, version, status, age in rows:
        cases[record] = (*cases.get(record, ()), (status, age))
        assert version == len(cases[record]), "a version is missing in the history"
    receipts = registry.ask_database(
        "SELECT created, replaced, unchanged FROM submissions WHERE practice_id = :practice",
        practice=practice,
    )
    return Outcome(cases=cases, receipts=Counter(receipts))  # type: ignore[arg-type]


def test_a_deleted_case_that_is_sent_again_returns_as_a_new_version(
    registry: Registry, practice: str, sender: Caller
) -> None:
    """With the same content too, and by a worker as within the request."""
    for name, records in (("small", RECORDS[:1]), ("large", RECORDS)):
        file = Sent(age=40, records=tuple(records)).bytes_for(practice)
        assert sender.submit(file, practice_id=practice).status_code < 300
        wait_for_end(registry, practice)
        case = ids_of_cases(registry, practice)[RECORDS[0]]
        sender.delete(f"/v1/cases/{case}", reason="Sent by mistake.")
        again = file.replace(b"Made-up data", name.encode())  # else it is the first submission
        assert sender.submit(again, practice_id=practice).status_code < 300
        wait_for_end(registry, practice)
    found = outcome(registry, practice).cases[RECORDS[0]]
    assert found == (("active", 40), ("deleted", 40)) * 2 + (("active", 40),)


def test_the_same_large_file_from_many_senders_at_once_is_one_submission(
    registry: Registry, practice: str, sender: Caller
) -> None:
    file = Sent(age=40, records=tuple(RECORDS)).bytes_for(practice)
    answers = at_once([lambda: sender.submit(file, practice_id=practice)] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    wait_for_end(registry, practice)
    assert sender.count(practice_id=practice) == len(RECORDS)
    (receipt,) = sender.read("/v1/submissions", practice_id=practice)["items"]
    assert receipt["records"]["created"] == len(RECORDS)


def at_once(actions: list[Callable[[], Any]]) -> list[Any]:
    """What each brings, in their order, all begun at the same moment."""
    start = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def act(number: int) -> None:
        start.wait()
        results[number] = actions[number]()

    threads = [threading.Thread(target=act, args=[n]) for n in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def ids_of_cases(registry: Registry, practice: str) -> dict[str, str]:
    rows = registry.ask_database(
        "SELECT anesthesia_record_id, case_id FROM cases WHERE practice_id = :practice",
        practice=practice,
    )
    return {record: str(case) for record, case in rows}


def wait_for_end(registry: Registry, practice: str) -> None:
    wait_for(
        lambda: (
            not registry.ask_database(
                "SELECT FROM submissions WHERE practice_id = :practice AND finished_at IS NULL",
                practice=practice,
            )
        )
    )
