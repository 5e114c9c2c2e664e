"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def wait_for(
    happened: Callable[[], object], *, seconds: float = 30, every_seconds: float = 0.005
) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(every_seconds)
