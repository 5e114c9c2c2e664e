"""Peak memory of the server and of a worker while a case file goes through both."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench import ours
from bench.measured import SERVICE_MIB, Peak
from bench.posting import key_for_practice, post
from bench.processes import piped
from bench.server import connect, server
from bench.setting import Setting
from bench.workers import await_accepted, workers

_KIB_IN_MIB: Final = 1024


def measure_service_peaks(setting: Setting) -> Iterator[Peak]:
    setting.database.pin(setting.cores.every)
    for records in (setting.sizes.few, setting.sizes.many):
        setting.say(f"peak memory of server and worker for {records:,} records")
        setting.database.empty()
        for what, mib in _peaks(setting, records).items():
            yield Peak(what=what, records=records, mib=mib, limit=SERVICE_MIB)


def _peaks(setting: Setting, records: int) -> dict[str, float]:
    """In MiB. What processes share counts in the sum as often as there are processes."""
    key = key_for_practice(setting.database)
    with server() as serving, workers(setting.database, 1) as (worker,):
        with piped(ours.generator(records)) as file, closing(connect(serving.port)) as client:
            submission = post(client, key, file)
        await_accepted(setting.database, [submission])
        of_worker = [_peak_mib(process) for process in _with_descendants(worker.pid)]
        return {
            "server": _peak_mib(serving.process.pid),
            "worker, its largest process": max(of_worker),
            "worker, all its processes": sum(of_worker),
        }


def _with_descendants(process: int) -> Iterator[int]:
    """Children belong to the thread that started them."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _with_descendants(int(child))


def _peak_mib(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _KIB_IN_MIB
    raise RuntimeError("the kernel tells no peak")
