"""The benchmark from beginning to end."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from bench import ours, yardsticks
from bench.comparisons import (
    compare_ingest_on_two_cores,
    compare_ingest_unpinned,
    compare_load,
    compare_validate,
    ingest,
)
from bench.database import bench_database
from bench.deciding import compare_deciding
from bench.explaining import compare_explaining, compare_one_request
from bench.files import case_file
from bench.fixed import VERSION
from bench.latency import measure_latencies
from bench.machine import machine_facts
from bench.measured import Comparison, Measured, Peak
from bench.memory import measure_peaks
from bench.service_memory import measure_service_peaks
from bench.setting import Cores, Setting, Sizes
from bench.two_workers import compare_two_workers

_WARM_UP_RECORDS = 100


def measure(
    sizes: Sizes, command: str, say: Callable[[str], None], parts: Collection[str]
) -> Iterator[tuple[str, Measured]]:
    """Yield each of the `parts`, which are of PARTS, by its name and what was measured."""
    say(f"a case file of {sizes.records:,} records, generated if it is not there")
    load_before = os.getloadavg()[0]
    file = case_file(sizes.records)
    with bench_database() as database:
        setting = Setting(
            sizes=sizes,
            cores=Cores.of_this_machine(),
            load_before=load_before,
            file=file,
            database=database,
            say=say,
        )
        _warm_up(setting)
        for part in PARTS:
            if part in parts:
                yield part, _measured(part, command, setting)


def _measured(part: str, command: str, setting: Setting) -> Measured:
    return Measured(
        command=command,
        facts=[*_run_facts(setting), *machine_facts(setting.database)],
        comparisons=list(_COMPARISONS[part](setting)) if part in _COMPARISONS else [],
        peaks=list(_PEAKS[part](setting)) if part in _PEAKS else [],
        latencies=measure_latencies(setting) if part == _LATENCY else [],
    )


def _validate(setting: Setting) -> Iterator[Comparison]:
    yield compare_validate(setting)


def _ingest_and_load(setting: Setting) -> Iterator[Comparison]:
    yield from compare_ingest_on_two_cores(setting)
    yield compare_ingest_unpinned(setting)
    yield compare_load(setting)


def _measures(setting: Setting) -> Iterator[Comparison]:
    yield compare_deciding(setting)


def _post(setting: Setting) -> Iterator[Comparison]:
    yield compare_one_request(setting)


_COMPARISONS: Final[Mapping[str, Callable[[Setting], Iterator[Comparison]]]] = {
    "validate": _validate,
    "ingest": _ingest_and_load,
    "check": compare_explaining,
    "measures": _measures,
    "post": _post,
    "workers": compare_two_workers,
}
_PEAKS: Final[Mapping[str, Callable[[Setting], Iterator[Peak]]]] = {
    "memory": measure_peaks,
    "service-memory": measure_service_peaks,
}
_LATENCY: Final = "latency"
PARTS: Final = (*_COMPARISONS, *_PEAKS, _LATENCY)
"""What can be measured by itself, in the order in which it is."""


def _warm_up(setting: Setting) -> None:
    """Compiled modules and a file in the page cache are what a deployment has, too."""
    small = case_file(_WARM_UP_RECORDS)
    ours.validate(str(small.path))
    ingest(setting, small, None)
    yardsticks.xmllint(setting.file)


def _run_facts(setting: Setting) -> list[tuple[str, str]]:
    file, cores = setting.file, setting.cores
    where = f"client {_listed(cores.client)}, server {_listed(cores.server)}"
    return [
        ("day", f"{datetime.now(UTC).date()}"),
        (
            "case file",
            f"{VERSION}, {file.records:,} records, {file.bytes / 1e6:,.0f} MB,"
            f" {file.bytes / file.records / 1000:.1f} kB a record",
        ),
        ("load of the machine before", f"{setting.load_before:.2f}"),
        ("pairs", f"{setting.sizes.pairs}"),
        ("cores where pinned", where),
    ]


def _listed(cpus: frozenset[int]) -> str:
    return ", ".join(str(cpu) for cpu in sorted(cpus))
