"""A file that several processes check together gets the report that one would have given it."""

import io
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest

from app.checking.checker import CheckedRecord, Expectation
from app.checking.pool import WORTH_BYTES, CheckingPool
from app.checking.report import ValidationReport, validate_case_file
from app.checking.spread import check_in_runs
from app.checking.standards import load_standards
from app.checking.tally import Tally, sum_up
from app.domain.findings import FindingCode
from tests.case_files import a_case_file, a_record, records
from tests.pools import await_processes

TODAY = date(2024, 6, 1)
STANDARDS = load_standards()
ABOUT_THREE_RECORDS = 4_000
MANY = [a_record(f"A-{number}") for number in range(40)]


@pytest.fixture(scope="module")
def pool() -> Iterator[CheckingPool]:
    with CheckingPool(2, STANDARDS, start_method="spawn", run_bytes=ABOUT_THREE_RECORDS) as opened:
        yield opened


def report(case_file: bytes, pool: CheckingPool | None = None) -> ValidationReport:
    return validate_case_file(io.BytesIO(case_file), STANDARDS, day=TODAY, pool=pool)


def with_a_fault_in(*numbers: int) -> list[str]:
    return [
        record.replace("Female", "Femal") if number in numbers else record
        for number, record in enumerate(MANY)
    ]


FILES = {
    "nothing wrong": a_case_file(*MANY),
    "few records": a_case_file(*MANY[:2]),
    "a fault at the beginning, in the middle and at the end": a_case_file(
        *with_a_fault_in(0, 17, 39)
    ),
    "every record wrong": a_case_file(*with_a_fault_in(*range(40))),
    "warnings": a_case_file(*(record.replace("1234567893", "1234567890") for record in MANY)),
    "an id again, in the next record and far away": a_case_file(
        *MANY, records("A-39", "A-2"), *MANY[5:7], records("B-1")
    ),
    "a rejected record is nobody's twin": a_case_file(
        *with_a_fault_in(3), records("A-3"), *MANY[20:25]
    ),
    "comments between records": a_case_file(*MANY[:9], "<!-- second month -->", *MANY[9:]),
    "a comment over many records": a_case_file(*MANY[:9], "<!--", *MANY[9:30], "-->", *MANY[30:]),
    "a record that is not well-formed": a_case_file(
        *MANY[:9], MANY[9].replace("</PreOp>", ""), *MANY[10:]
    ),
    "cut off": a_case_file(*MANY)[:-3000],
    "text between records": a_case_file(*MANY[:9], "and now", *MANY[9:]),
    "records behind the end": a_case_file(*MANY[:9]) + "".join(MANY[9:]).encode(),
    "a hint on the root": a_case_file(
        *MANY, declarations=' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ),
    "a nil": a_case_file(
        *MANY[:9],
        MANY[9].replace("<WeightInKg>", '<Weight xsi:nil="true"/><WeightInKg>'),
        declarations=' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    ),
    "a namespace": a_case_file(*MANY, declarations=' xmlns="urn:example"'),
    "a version that nobody knows": a_case_file(*MANY, version="2031V1.0"),
    "UTF-16": a_case_file(*MANY).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "no XML": b"patient;age\n" * 2_000,
}


def test_most_records_of_a_good_file_are_checked_by_other_processes(pool: CheckingPool) -> None:
    source, expectation = io.BytesIO(FILES["nothing wrong"]), Expectation(day=TODAY)
    sum_up_run = partial(sum_up, max_findings=10)
    parts = list(check_in_runs(source, STANDARDS, expectation, pool=pool, sum_up=sum_up_run))
    assert sum(part.records_total for part in parts if isinstance(part, Tally)) == 40
    assert not any(isinstance(part, CheckedRecord) for part in parts)


@pytest.mark.parametrize("most", [0, 1, 7, 1_000])
def test_as_many_findings_are_listed_as_were_asked_for(pool: CheckingPool, most: int) -> None:
    source = FILES["every record wrong"]
    listed = [
        validate_case_file(io.BytesIO(source), STANDARDS, day=TODAY, max_findings=most, pool=using)
        for using in (pool, None)
    ]
    assert listed[0] == listed[1]
    assert (len(listed[0].findings), listed[0].findings_total) == (min(most, 40), 40)


def test_nobody_waits_for_processes_that_are_starting() -> None:
    with CheckingPool(1, STANDARDS, start_method="spawn") as starting:
        assert starting.ready_for(WORTH_BYTES) is None
        await_processes(starting)
        assert starting.ready_for(WORTH_BYTES) is starting
        assert starting.ready_for(WORTH_BYTES - 1) is None
    assert starting.ready_for(WORTH_BYTES) is None


def test_a_closed_pool_leaves_the_records_to_the_caller() -> None:
    with CheckingPool(2, STANDARDS, start_method="spawn", run_bytes=ABOUT_THREE_RECORDS) as closed:
        closed.start()
    assert report(FILES["nothing wrong"], closed) == report(FILES["nothing wrong"])


@pytest.mark.parametrize("name", FILES)
def test_the_report_is_that_of_one_process(name: str, pool: CheckingPool) -> None:
    assert report(FILES[name], pool) == report(FILES[name])


def test_a_twin_names_the_first_record_wherever_it_was_checked(pool: CheckingPool) -> None:
    found = report(a_case_file(*MANY, records("A-2")), pool).findings
    assert [(each.code, each.record) for each in found] == [(FindingCode.RECORD_ID_TWICE, 41)]
    assert found[0].message.startswith("Record 3 ")
