"""The benchmark from beginning to end."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from bench import ours, yardsticks
from bench.comparisons import (
    compare_ingest_on_two_cores,
    compare_ingest_unpinned,
    compare_load,
    compare_validate,
    ingest,
)
from bench.database import bench_database
from bench.explaining import compare_explaining, compare_one_request
from bench.files import case_file
from bench.fixed import VERSION
from bench.latency import measure_latency
from bench.machine import machine_facts
from bench.measured import Latency, Measured
from bench.memory import measure_peaks
from bench.setting import Cores, Setting, Sizes

_WARM_UP_RECORDS = 100


def measure(sizes: Sizes, command: str, say: Callable[[str], None]) -> Measured:
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
        return Measured(
            command=command,
            facts=[*_run_facts(setting), *machine_facts(database)],
            comparisons=[
                compare_validate(setting),
                compare_ingest_on_two_cores(setting),
                compare_ingest_unpinned(setting),
                compare_load(setting),
                *compare_explaining(setting),
                compare_one_request(setting),
            ],
            peaks=list(measure_peaks(setting)),
            latencies=_latencies(setting),
        )


def _warm_up(setting: Setting) -> None:
    """Compiled modules and a file in the page cache are what a deployment has, too."""
    small = case_file(_WARM_UP_RECORDS)
    ours.validate(str(small.path))
    ingest(setting, small, None)
    yardsticks.xmllint(setting.file)


def _latencies(setting: Setting) -> list[Latency]:
    setting.say(f"{setting.sizes.requests} requests of one record")
    found = measure_latency(setting.database, setting.sizes.requests)
    return [
        Latency(what="POST of one record", seconds=found.requests),
        Latency(what="bare transaction", seconds=found.bare),
    ]


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
