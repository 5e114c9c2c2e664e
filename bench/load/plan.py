"""What the vendors send: the same for the same seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.identifiers import PracticeId
from app.synthetic.generate import GenerationPlan, generate_records, generate_start
from app.synthetic.practice import practice_tins
from app.synthetic.writer import CASE_FILE_END

YEAR: Final = 2024
_SEED: Final = 1
_VERSION: Final = "2023V1.0"
_AGAIN: Final = 0.15
_CHANGED: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A kind of sending: `records` in a file, `weight` of those that are sent."""

    name: str
    records: int
    weight: int


SIZES: Final = (
    Size(name="one case", records=1, weight=70),
    Size(name="a day", records=40, weight=25),
    Size(name="a month", records=600, weight=5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A case file with the records of `record_ids`, of one of the `SIZES`."""

    size: str
    record_ids: frozenset[str]
    case_file: bytes


class PracticeRecords:
    """The records that a practice has: its vendors send stretches of them, some once more changed.

    `total` records of about 5 kB are held in memory.
    """

    def __init__(self, practice: PracticeId, *, total: int) -> None:
        plan = GenerationPlan(
            cases=total,
            version=_VERSION,
            practice_id=practice,
            year=YEAR,
            seed=_SEED,
            detail="small",
        )
        self.practice = practice
        self.tins = list(practice_tins(practice, _SEED))
        self._start = generate_start(plan)
        self._records = [record.xml for record in generate_records(plan)]
        self._ids = [_id_of(record) for record in self._records]

    def sendings(self, seed: int) -> Iterator[Sending]:
        """What one vendor sends, without an end; a share of it is the sending before it, again."""
        chance = random.Random(seed)  # noqa: S311 - nobody has to be surprised
        last: Sending | None = None
        while True:
            if last is None or chance.random() >= _AGAIN:
                last = self._sending(chance)
            yield last

    def _sending(self, chance: random.Random) -> Sending:
        (size,) = chance.choices(SIZES, weights=[each.weight for each in SIZES])
        number = min(size.records, len(self._records))
        first = chance.randrange(len(self._records) - number + 1)
        records: Sequence[bytes] = self._records[first : first + number]
        if chance.random() < _CHANGED:
            records = [_changed(record) for record in records]
        return Sending(
            size=size.name,
            record_ids=frozenset(self._ids[first : first + number]),
            case_file=b"".join([self._start, *records, CASE_FILE_END.encode()]),
        )


def _id_of(record: bytes) -> str:
    return record.partition(b"<AnesthesiaRecordID>")[2].partition(b"<")[0].decode()


def _changed(record: bytes) -> bytes:
    """The record as its hospital has corrected it."""
    return record.replace(b"<PatientSex>Male<", b"<PatientSex>Female<")
