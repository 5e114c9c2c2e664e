"""What a benchmark found, and what was wanted of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from bench.pairs import Spread, percentile, ratios, spread

VALIDATE_TARGET: Final = 1.1
VALIDATE_GATE: Final = 1.3
VALIDATE_MIB: Final = 60
INGEST_TARGET: Final = 1.5
INGEST_GATE: Final = 2.2
INGEST_AND_COPY_TARGET: Final = 1.3
INGEST_MIB: Final = 150
SERVICE_MIB: Final = 150
TWO_WORKERS_TARGET: Final = 0.59
"""Of the time that one takes: 1.7 times its throughput."""
BESIDE_A_FILE_TARGET: Final = 3.0
LOAD_TARGET: Final = 1.3
EXPLAIN_TARGET: Final = 3.0
DECIDING_TARGET: Final = 0.15
REQUEST_TARGET: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`ours` and `yardstick` are seconds, one of each for every pair. A gate fails the run.

    `parts` are median seconds of what our process did, as it told itself; they need not add up.
    """

    what: str
    against: str
    records: int
    ours: Sequence[float]
    yardstick: Sequence[float]
    parts: Mapping[str, float] = field(default_factory=dict)
    target: float | None = None
    gate: float | None = None

    @property
    def ratio(self) -> Spread:
        return ratios(self.ours, self.yardstick)

    @property
    def seconds(self) -> Spread:
        return spread(self.ours)

    @property
    def yardstick_seconds(self) -> Spread:
        return spread(self.yardstick)

    @property
    def records_per_second(self) -> float:
        return self.records / self.seconds.median

    def microseconds_a_record(self, part: str) -> float:
        return self.parts[part] / self.records * 1e6

    @property
    def meets_target(self) -> bool:
        return self.target is None or self.ratio.median <= self.target

    @property
    def passes_gate(self) -> bool:
        return self.gate is None or self.ratio.median <= self.gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Peak resident memory of one process; `limit` is what was wanted."""

    what: str
    records: int
    mib: float
    limit: float

    @property
    def meets_target(self) -> bool:
        return self.mib <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """`seconds` of each time that it was done."""

    what: str
    seconds: tuple[float, ...]

    def milliseconds(self, percent: float) -> float:
        return percentile(self.seconds, percent) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyRatio:
    """Percentiles of ours over the same ones of the yardstick; the target is for the 99th."""

    ours: Latency
    yardstick: Latency
    target: float | None = None

    def at(self, percent: float) -> float:
        return self.ours.milliseconds(percent) / self.yardstick.milliseconds(percent)

    @property
    def meets_target(self) -> bool:
        return self.target is None or self.at(99) <= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`facts` are pairs of a name and a value: day, data, machine, versions."""

    command: str
    facts: Sequence[tuple[str, str]]
    comparisons: Sequence[Comparison]
    peaks: Sequence[Peak]
    latencies: Sequence[LatencyRatio]

    @property
    def passes_gates(self) -> bool:
        return all(comparison.passes_gate for comparison in self.comparisons)

    @classmethod
    def joined(cls, parts: Sequence["Measured"]) -> Self:
        """Parts of one benchmark that were measured one after the other; facts are the last's."""
        return cls(
            command=parts[-1].command,
            facts=parts[-1].facts,
            comparisons=[each for part in parts for each in part.comparisons],
            peaks=[each for part in parts for each in part.peaks],
            latencies=[each for part in parts for each in part.latencies],
        )
