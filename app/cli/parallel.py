"""Work spread over processes, its results in the order in which it was given."""

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

from app.checking.process import follow_owner

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_MOST_AHEAD: Final = 4
"""Results that wait for an earlier one, for each process: memory stays bounded."""


def in_processes(
    work: Callable[[_Item], _Result], items: Iterable[_Item], *, processes: int
) -> Iterator[_Result]:
    """Yield `work` of each item, in their order. Whoever leaves early ends the processes."""
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),  # a fork would copy half-held locks
        initializer=follow_owner,
    )
    waiting: deque[Future[_Result]] = deque()
    try:
        for item in items:
            with _ctrl_c_left_to_owner():
                waiting.append(pool.submit(work, item))
            if len(waiting) >= processes * _MOST_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_left_to_owner() -> Iterator[None]:
    """A process that is started inherits it, and so leaves without a word even as it begins.

    In this process it only waits: were it ignored meanwhile, it would be lost.
    """
    if sys.platform == "win32":  # nothing is inherited there
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
