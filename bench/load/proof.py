"""What must hold when the load is over; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.load.vendors import Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the registry says of a practice: its cases, by the interface and in the table."""

    counted: int
    record_ids: frozenset[str]
    replaced: int


def faults(
    answered: Sequence[Answered], receipts: Mapping[str, Mapping[str, Any]], stored: Stored
) -> Iterator[str]:
    """Tell each way in which receipts, cases and counts of one practice disagree."""
    yield from _of_receipts(answered, receipts)
    sent = frozenset[str]().union(*(each.sending.record_ids for each in answered))
    if stored.record_ids != sent:
        lost, made_up = len(sent - stored.record_ids), len(stored.record_ids - sent)
        yield f"{lost} records that were sent are no cases, {made_up} cases were never sent"
    if stored.counted != len(sent):
        yield f"{stored.counted} cases are counted, {len(sent)} were sent"
    outcomes = [receipt["records"] for receipt in receipts.values()]
    if sum(each["created"] for each in outcomes) != len(sent):
        yield "the receipts tell of another number of new cases than there are"
    if sum(each["replaced"] for each in outcomes) != stored.replaced:
        yield "the receipts tell of another number of replacements than the history"


def _of_receipts(
    answered: Sequence[Answered], receipts: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    for each in answered:
        receipt = receipts[each.submission]
        if receipt["status"] != "accepted":
            yield f"submission {each.submission} ended as {receipt['status']}"
        if receipt["records"]["total"] != len(each.sending.record_ids):
            yield f"submission {each.submission} tells of another number of records than were sent"
    made = sum(not each.replayed for each in answered)
    if made != len(receipts):
        yield f"{len(receipts)} submissions were made by {made} sendings"
