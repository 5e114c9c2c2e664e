"""Work that is spread over processes, and what Ctrl-C makes of it."""

import os
import signal
import sys
from multiprocessing.context import SpawnProcess
from typing import Any

import pytest

from app.cli.parallel import in_processes


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_while_a_process_is_started_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SpawnProcess.start

    def start_as_somebody_presses_ctrl_c(self: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        start(self)

    monkeypatch.setattr(SpawnProcess, "start", start_as_somebody_presses_ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        list(in_processes(abs, [-1], processes=1))
