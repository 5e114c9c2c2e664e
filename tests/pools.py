"""Pools of processes that check records, in tests."""

from app.checking.pool import WORTH_BYTES, CheckingPool
from tests.waiting import wait_for


def await_processes(pool: CheckingPool) -> None:
    """Return when the processes of `pool` are ready; the first to ask starts them."""
    wait_for(
        lambda: pool.ready_for(WORTH_BYTES) is not None,
        instead=lambda: "the processes do not start",
    )
