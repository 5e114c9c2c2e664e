"""What every measurement of one run shares."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bench.database import BenchDatabase
from bench.files import CaseFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """`few` and `many` are the numbers of records that peak memory is compared at."""

    records: int
    pairs: int
    few: int
    many: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """The client's and the server's are the same on a machine that has only one."""

    client: frozenset[int]
    server: frozenset[int]
    every: frozenset[int]

    @classmethod
    def of_this_machine(cls) -> Self:
        usable = sorted(os.sched_getaffinity(0))
        return cls(
            client=frozenset({usable[0]}),
            server=frozenset({usable[-1]}),
            every=frozenset(usable),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`load_before` is the load average before anything ran; `say` tells what is being done."""

    sizes: Sizes
    cores: Cores
    load_before: float
    file: CaseFile
    database: BenchDatabase
    say: Callable[[str], None]
