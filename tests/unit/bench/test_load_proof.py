"""The load test tells when receipts, cases and counts disagree, and sends the same each time."""

from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

import pytest

from app.domain.identifiers import PracticeId
from bench.load.plan import SIZES, PracticeRecords, Sending
from bench.load.proof import Stored, faults
from bench.load.vendors import Answered


def answered(submission: str, *record_ids: str, replayed: bool = False) -> Answered:
    return Answered(
        sending=Sending(size="a day", record_ids=frozenset(record_ids), case_file=b""),
        status=200 if replayed else 201,
        submission=submission,
        seconds=0.1,
        replayed=replayed,
    )


def receipt(
    *, created: int, replaced: int = 0, unchanged: int = 0, status: str = "accepted"
) -> Any:
    total = created + replaced + unchanged
    records = {"created": created, "replaced": replaced, "unchanged": unchanged, "total": total}
    return {"status": status, "records": records}


SENT = [answered("s1", "A", "B"), answered("s2", "B"), answered("s2", "B", replayed=True)]
RECEIPTS = {"s1": receipt(created=2), "s2": receipt(created=0, replaced=1)}
STORED = Stored(counted=2, record_ids=frozenset({"A", "B"}), replaced=1)


def found(
    *,
    sent: Sequence[Answered] = SENT,
    receipts: Mapping[str, Any] = RECEIPTS,
    stored: Stored = STORED,
) -> list[str]:
    return list(faults(sent, receipts, stored))


def test_a_load_of_which_nothing_was_lost_or_doubled_has_no_faults() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("different", "told"),
    [
        (
            {"stored": Stored(counted=2, record_ids=frozenset({"A"}), replaced=1)},
            "1 records that were sent are no cases, 0 cases were never sent",
        ),
        (
            {"stored": Stored(counted=3, record_ids=frozenset({"A", "B"}), replaced=1)},
            "3 cases are counted, 2 were sent",
        ),
        (
            {"stored": Stored(counted=2, record_ids=frozenset({"A", "B"}), replaced=0)},
            "the receipts tell of another number of replacements than the history",
        ),
        (
            {"receipts": RECEIPTS | {"s2": receipt(created=1)}},
            "the receipts tell of another number of new cases than there are",
        ),
        (
            {"receipts": RECEIPTS | {"s2": receipt(created=0, replaced=1, status="failed")}},
            "submission s2 ended as failed",
        ),
        (
            {"sent": [*SENT, answered("s2", "B")]},
            "2 submissions were made by 3 sendings",
        ),
    ],
)
def test_what_disagrees_is_told(different: dict[str, Any], told: str) -> None:
    assert told in found(**different)


def test_vendors_send_the_same_each_time_and_some_of_it_twice() -> None:
    records = PracticeRecords(PracticeId("70001"), total=50)
    first, again = (list(islice(records.sendings(seed=3), 60)) for _ in range(2))
    assert first == again
    assert any(one is other for one, other in pairwise(first))
    assert {sending.size for sending in first} <= {size.name for size in SIZES}
    for sending in first:
        assert sending.case_file.count(b"<AnesthesiaRecordID>") == len(sending.record_ids)
