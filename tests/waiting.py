"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_SECONDS: Final = 180
"""Only a test that fails waits for so long; a machine that has other things to do needs some."""


def wait_for(
    happened: Callable[[], object],
    *,
    seconds: float = PATIENCE_SECONDS,
    every_seconds: float = 0.005,
    instead: Callable[[], object] = lambda: "it did not happen",
) -> None:
    """`instead` tells what there is when the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, instead()
        time.sleep(every_seconds)
