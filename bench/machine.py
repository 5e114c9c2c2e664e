"""The machine and the versions that a figure belongs to."""

import os
import platform
import tempfile
import time
from pathlib import Path

import psycopg
from lxml import etree

from bench.database import BenchDatabase
from bench.fixed import OUT
from bench.pairs import percentile
from bench.yardsticks import xmllint_version

_BLOCK = bytes(8192)
_SYNCS = 200
_ADDITIONS = 1_000_000
_LOOPS = 9


def machine_facts(database: BenchDatabase) -> list[tuple[str, str]]:
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} virtual cores"),
        ("memory", f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("a million additions", f"{_additions_milliseconds():.0f} ms of CPU, in Python (median)"),
        ("fdatasync of 8 kB", f"{_sync_milliseconds():.2f} ms (median, where the files are)"),
        ("xmllint", xmllint_version()),
        ("PostgreSQL", f"{database.server_version()}, the embedded one as it comes"),
        ("Python", platform.python_version()),
        ("lxml", f"{etree.__version__}, libxml2 {_dotted(etree.LIBXML_VERSION)}"),
        ("psycopg", psycopg.__version__),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _sync_milliseconds() -> float:
    times = []
    with tempfile.TemporaryFile(dir=OUT) as file:
        for _ in range(_SYNCS):
            started = time.perf_counter()
            file.write(_BLOCK)
            file.flush()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return percentile(times, 50) * 1000


def _additions_milliseconds() -> float:
    """How fast its processor is at the moment: what others take of it is not seen otherwise."""
    times = []
    for _ in range(_LOOPS):
        started, total = time.process_time(), 0
        for number in range(_ADDITIONS):
            total += number
        times.append(time.process_time() - started)
    return percentile(times, 50) * 1000


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
