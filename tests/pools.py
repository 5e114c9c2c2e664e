"""Pools of processes that check records, in tests."""

import time

from app.checking.pool import WORTH_BYTES, CheckingPool

_START_SECONDS = 60


def await_processes(pool: CheckingPool) -> None:
    """Return when the processes of `pool` are ready; the first to ask starts them."""
    deadline = time.monotonic() + _START_SECONDS
    while pool.ready_for(WORTH_BYTES) is None:
        assert time.monotonic() < deadline, "the processes do not start"
        time.sleep(0.02)
