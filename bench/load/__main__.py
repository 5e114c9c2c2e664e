"""Many vendors at once, then the proof that nothing was lost or doubled: python -m bench.load."""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import count

import psycopg
from rich.console import Console

from app.domain.identifiers import PracticeId
from bench.load.deployment import Deployment, deployment
from bench.load.plan import PracticeRecords
from bench.load.proof import Stored, faults
from bench.load.report import Figures, print_figures
from bench.load.vendors import MayGoOn, Vendor

_FIRST_PRACTICE = 70_001


def main() -> int:
    wanted = _options().parse_args()
    console = Console(width=None if sys.stdout.isatty() else 100)
    with deployment(wanted.workers) as running:
        vendors = _vendors(running, wanted)
        console.print(f"{len(vendors)} vendors send for {wanted.practices} practices ...")
        found = asyncio.run(_load(running, vendors, wanted, console))
    for fault in found:
        console.print(f"[red]{fault}")
    console.print("Receipts, cases and counts disagree." if found else "All of it agrees.")
    return 1 if found else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="how long they send (30)")
    parser.add_argument("--files", type=int, default=2_000, help="how many at most (2000)")
    parser.add_argument("--vendors", type=int, default=24, help="at once (24)")
    parser.add_argument("--practices", type=int, default=8, help="they send for (8)")
    parser.add_argument("--records", type=int, default=1_500, help="of each practice (1500)")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (1)")
    return parser


def _vendors(running: Deployment, wanted: argparse.Namespace) -> list[Vendor]:
    practices = [
        PracticeRecords(PracticeId(str(_FIRST_PRACTICE + number)), total=wanted.records)
        for number in range(wanted.practices)
    ]
    keys = [running.enroll(records) for records in practices]
    return [
        Vendor(
            records=practices[number % len(practices)], key=keys[number % len(keys)], seed=number
        )
        for number in range(wanted.vendors)
    ]


async def _load(
    running: Deployment, vendors: list[Vendor], wanted: argparse.Namespace, console: Console
) -> list[str]:
    started = time.perf_counter()
    may_go_on = _until(started + wanted.seconds, files=wanted.files)
    await asyncio.gather(*(vendor.work(running.url, may_go_on) for vendor in vendors))
    receipts = await asyncio.gather(*(vendor.receipts(running.url) for vendor in vendors))
    seconds = time.perf_counter() - started
    counted = {vendor.records.practice: await vendor.counted(running.url) for vendor in vendors}
    answered = [each for vendor in vendors for each in vendor.answered]
    ended = {submission: receipt for each in receipts for submission, receipt in each.items()}
    figures = Figures(
        seconds=seconds,
        answered=answered,
        sent_away=sum(vendor.sent_away for vendor in vendors),
        records=sum(receipt["records"]["total"] for receipt in ended.values()),
        peak_mib=running.peak_mib(),
    )
    print_figures(figures, console)
    return list(_faults(running, vendors, ended, counted))


def _until(end: float, *, files: int) -> MayGoOn:
    numbers = count(1)
    return lambda: time.perf_counter() < end and next(numbers) <= files


def _faults(
    running: Deployment,
    vendors: list[Vendor],
    ended: dict[str, dict[str, object]],
    counted: dict[PracticeId, int],
) -> Iterator[str]:
    for practice, number in counted.items():
        answered = [
            each
            for vendor in vendors
            if vendor.records.practice == practice
            for each in vendor.answered
        ]
        receipts = {each.submission: ended[each.submission] for each in answered}
        stored = _stored(running, practice, counted=number)
        for fault in faults(answered, receipts, stored):
            yield f"practice {practice}: {fault}"
    if not running.verify():
        yield "nacor verify: what is kept does not follow from the records"


def _stored(running: Deployment, practice: PracticeId, *, counted: int) -> Stored:
    with psycopg.connect(running.database.conninfo("nacor")) as connection:
        cases = connection.execute(
            "SELECT anesthesia_record_id, version FROM cases"
            " WHERE practice_id = %s AND status = 'active'",
            (practice,),
        ).fetchall()
    return Stored(
        counted=counted,
        record_ids=frozenset(record_id for record_id, _ in cases),
        replaced=sum(version - 1 for _, version in cases),
    )


if __name__ == "__main__":
    sys.exit(main())
