"""A worker: does jobs until it is told to stop, whatever happens to the database."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from procrastinate import App
from procrastinate.jobs import DeleteJobCondition

from app.domain.jobs import Queue
from app.jobs.queue import Services, queue_over
from app.web.logs import error_fields, log_fields

_log = logging.getLogger(__name__)
_ERRANDS_AT_ONCE: Final = 4
_NOTICES_AT_ONCE: Final = 4
_MAILS_AT_ONCE: Final = 2
_BACKFILLS_AT_ONCE: Final = 1
_REPORTS_AT_ONCE: Final = 2
_HEARTBEATS_IN_SILENCE: Final = 3
_PAUSE_SECONDS: Final = 5.0


class WorkerEnded(Exception):
    """The library ended a worker that nobody had told to stop."""


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Works on `files_at_once` case files, and on errands beside them.

    Told to stop, it takes no more jobs and lets those under way end; after `grace_seconds` it
    interrupts them, and another worker begins them anew. New jobs are announced by the database;
    every `poll_seconds` it looks for those that have become due, or whose practice has become free.
    """

    database_url: str
    services: Services
    files_at_once: int
    grace_seconds: float
    poll_seconds: float = 0.5

    def run(self, on_started: Callable[[Callable[[], None]], None]) -> None:
        """Work until the call that `on_started` is given is made, from whatever thread."""
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            loop = runner.get_loop()
            loop.set_default_executor(
                ThreadPoolExecutor(
                    self.files_at_once
                    + _ERRANDS_AT_ONCE
                    + _NOTICES_AT_ONCE
                    + _MAILS_AT_ONCE
                    + _BACKFILLS_AT_ONCE
                    + _REPORTS_AT_ONCE
                )
            )
            is_told_to_stop = False
            working = loop.create_task(self._work_on_all(lambda: is_told_to_stop))

            def stop() -> None:
                nonlocal is_told_to_stop
                is_told_to_stop = True
                if not loop.is_closed():  # a second signal may come late
                    loop.call_soon_threadsafe(working.cancel)

            on_started(stop)
            try:
                loop.run_until_complete(working)
            except asyncio.CancelledError:
                _log.info("worker stopped")

    async def _work_on_all(self, is_told_to_stop: Callable[[], bool]) -> None:
        """Each queue for itself: what breaks one of them does not interrupt a file of another."""
        lanes = {
            Queue.CASE_FILES: self.files_at_once,
            Queue.ERRANDS: _ERRANDS_AT_ONCE,
            Queue.NOTICES: _NOTICES_AT_ONCE,
            Queue.MAILS: _MAILS_AT_ONCE,
            Queue.BACKFILLS: _BACKFILLS_AT_ONCE,
            Queue.REPORTS: _REPORTS_AT_ONCE,
        }
        working = (self._work_on(*lane, is_told_to_stop) for lane in lanes.items())
        # With exceptions returned it ends with the last to stop, and not with the first.
        await asyncio.gather(*working, return_exceptions=True)

    async def _work_on(
        self, name: Queue, at_once: int, is_told_to_stop: Callable[[], bool]
    ) -> None:
        while True:
            try:
                async with queue_over(self.database_url, self.services).open_async() as app:
                    await self._one(app, name, at_once)
            except Exception as error:  # a database may be away for hours
                _log.warning("worker waits", extra=log_fields(**error_fields(error)))
            if is_told_to_stop():  # an error came together with being cancelled, and won
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _one(self, app: App, name: Queue, at_once: int) -> None:
        silence = self.services.silence_seconds
        await app.run_worker_async(
            queues=[name.value],
            name=name.value,
            concurrency=at_once,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            shutdown_graceful_timeout=self.grace_seconds,
            fetch_job_polling_interval=self.poll_seconds,
            update_heartbeat_interval=silence / _HEARTBEATS_IN_SILENCE,
            stalled_worker_timeout=silence,
        )
        raise WorkerEnded(name.value)


class BackgroundWorker:
    """A worker in a thread of its own, beside a server."""

    def __init__(self, worker: Worker) -> None:
        self._thread = threading.Thread(target=worker.run, args=[self._started], daemon=True)
        self._stop: Callable[[], None] | None = None
        self._is_running = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self._is_running.wait()

    def stop(self) -> None:
        """Return when it has stopped."""
        assert self._stop is not None, "it was started"
        self._stop()
        self._thread.join()

    def _started(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._is_running.set()
