"""What a case costs to take in: the same files with few and with many cases stored, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench import ours
from bench.database import BenchDatabase
from bench.files import CaseFile
from bench.pairs import Spread, ratios

GROWTH_TARGET: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One file. `cpu_seconds` are those of the process and of the database together."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenInTurn:
    """Files of `records` each, taken in right after one another in both databases."""

    records: int
    few: Sequence[Taken]
    many: Sequence[Taken]

    @property
    def cpu_growth(self) -> Spread:
        return ratios(*([one.cpu_seconds for one in taken] for taken in (self.many, self.few)))

    @property
    def growth(self) -> Spread:
        return ratios(*([one.seconds for one in taken] for taken in (self.many, self.few)))

    @property
    def meets_target(self) -> bool:
        return self.cpu_growth.median <= GROWTH_TARGET


def take_in_turn(few: BenchDatabase, many: BenchDatabase, files: Sequence[CaseFile]) -> TakenInTurn:
    """Take each of `files` in twice; they are of one size, and stay. The first warms up."""
    pairs = [(_take_in(few, file), _take_in(many, file)) for file in files][1:]
    return TakenInTurn(
        records=files[0].records,
        few=[pair[0] for pair in pairs],
        many=[pair[1] for pair in pairs],
    )


def _take_in(database: BenchDatabase, file: CaseFile) -> Taken:
    before = database.cpu_seconds()
    run = ours.ingest(str(file.path), file.records, data_dir=database.data_dir).run
    return Taken(
        seconds=run.seconds,
        cpu_seconds=run.cpu_seconds + database.cpu_seconds() - before,
    )
