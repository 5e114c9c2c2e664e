"""What the processes of a pool do: they check a run of records at a time and sum it up."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import wait
from pathlib import Path
from typing import Generic, TypeVar

from app.checking.checker import CheckedRecord, RecordChecker
from app.checking.fault_places import place_of
from app.checking.rule_findings import RecordRules
from app.checking.settling import settle_process
from app.checking.standards import Standards
from app.checking.storable import Twins
from app.measures.catalogue.register import load_register
from app.rules.definition import Rule
from app.rules.rule_book import RuleBook
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.reads import RecordRun
from app.xsd.runs import NoRun, read_run

S = TypeVar("S")

SumUp = Callable[[Iterable[CheckedRecord]], S]
"""Makes of the records of a run what goes back. It is pickled, and so is the sum.

It takes one after the other and keeps none: each holds the whole record as a tree.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult(Generic[S]):
    """`ids` are those of the records that are no twins within the run, with their numbers."""

    ids: tuple[tuple[str, int], ...]
    sum: S


class RunFailed(Exception):
    """A fault of ours in another process; the text says where and quotes nothing."""


_standards: Standards | None = None


def open_process(rules: tuple[Rule, ...], schemas: Path) -> None:
    """Make ready to check by `rules`, which their owner has read, and the schemas in a folder."""
    follow_owner()
    global _standards
    book = RuleBook(rules, load_register())
    _standards = Standards(schemas=SchemaCatalogue(schemas), rules=book)
    settle_process()


def follow_owner() -> None:
    """Leave Ctrl-C to the owner of this process, and leave with it, even if it is killed.

    A pool does not notice that its owner is gone: its processes would wait for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_owner, daemon=True).start()


def _leave_with_owner() -> None:
    owner = multiprocessing.parent_process()
    assert owner is not None, "a process of a pool has an owner"
    wait([owner.sentinel])
    os._exit(1)


def is_open() -> bool:
    return _standards is not None


def check_run(run: RecordRun, version_id: str, day: date, sum_up: SumUp[S]) -> RunResult[S] | None:
    """Return what is in `run`, or None when it is no run.

    Raises: RunFailed.
    """
    assert _standards is not None, "every process of the pool was opened"
    try:
        return _checked(run, version_id, day, sum_up, _standards)
    except NoRun:
        return None
    except Exception as error:  # its text may quote a patient's value, and its traceback stays here
        raise RunFailed(place_of(error)) from None


def _checked(
    run: RecordRun, version_id: str, day: date, sum_up: SumUp[S], standards: Standards
) -> RunResult[S]:
    version = standards.schemas.get(version_id)
    twins = Twins()
    checker = RecordChecker(RecordRules(standards.rules, version, standards.schemas, day), twins)
    records = map(checker.check, read_run(run, version, standards.schemas))
    sum_of_run = sum_up(records)
    return RunResult(ids=tuple(twins.firsts()), sum=sum_of_run)
