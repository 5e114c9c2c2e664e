"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def wait_for(
    happened: Callable[[], object],
    *,
    seconds: float = 30,
    every_seconds: float = 0.005,
    instead: Callable[[], object] = lambda: "it did not happen",
) -> None:
    """`instead` tells what there is when the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, instead()
        time.sleep(every_seconds)
