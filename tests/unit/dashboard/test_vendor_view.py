"""How the files of a vendor fare, told from a few files that a vendor could have sent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.dashboard.vendor.view import by_software, by_week, fixes, success_of
from app.domain.findings import FindingCode, Severity
from app.domain.identifiers import PracticeId
from app.domain.sent_files import SentFile
from app.domain.submissions import RecordCounts, SubmissionStatus

MONDAY = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)
SEX, CODE, WEIGHT = FindingCode.NOT_IN_LIST, FindingCode.PATTERN, FindingCode.WEIGHT_IMPLAUSIBLE


def a_file(
    *errors: FindingCode,
    hours: float = 0,
    practice: str = "12345",
    software: str | None = "ExampleEHR/4.2",
    warnings: tuple[FindingCode, ...] = (),
    created: int = 10,
    status: SubmissionStatus | None = None,
) -> SentFile:
    """`errors` each reject one record."""
    counts = RecordCounts(created=created, rejected=len(errors))
    return SentFile(
        id=UUID(int=int(hours * 3600) + 1),
        practice_id=PracticeId(practice),
        received_at=MONDAY + timedelta(hours=hours),
        status=status
        or (SubmissionStatus.PARTIALLY_ACCEPTED if errors else SubmissionStatus.ACCEPTED),
        software=software,
        schema_version="2023V1.0",
        records=counts,
        found={
            **{(Severity.ERROR, code): 1 for code in errors},
            **{(Severity.WARNING, code): 3 for code in warnings},
        },
    )


def test_success_is_of_files_and_of_records() -> None:
    success = success_of([a_file(), a_file(SEX, CODE, created=8), a_file(created=9)])
    assert (success.files, success.whole, success.records, success.stored) == (3, 2, 29, 27)
    assert (success.percent_of_files, success.percent_of_records) == (
        Decimal("66.66"),
        Decimal("93.1"),
    )


def test_what_failed_through_a_fault_of_the_registry_does_not_count() -> None:
    failed = a_file(status=SubmissionStatus.FAILED, created=0)
    assert success_of([failed]).files == 0
    assert success_of([failed]).percent_of_files is None


def test_each_version_of_a_program_has_its_findings_the_gravest_first() -> None:
    old = [a_file(SEX, practice=each, software="ExampleEHR/4.1") for each in ("1", "2", "2")]
    new = a_file(CODE, software="ExampleEHR/4.2", warnings=(WEIGHT,))
    rows = by_software([*old, new, a_file(software=None, created=1)])
    assert [row.name for row in rows] == ["ExampleEHR/4.1", "ExampleEHR/4.2", None]
    [sex] = rows[0].kinds
    assert (sex.code, sex.findings, sex.files, sex.practices) == (SEX, 3, 3, 2)
    assert [kind.code for kind in rows[1].kinds] == [CODE, WEIGHT]
    assert rows[0].versions == ("2023V1.0",)


def test_an_error_is_mended_by_the_next_file_without_it() -> None:
    story = [a_file(SEX), a_file(SEX, CODE, hours=2), a_file(CODE, hours=5), a_file(hours=6)]
    by_code = {row.code: row for row in fixes(reversed(story))}
    assert (by_code[SEX].fixed, by_code[SEX].usual_seconds) == (1, 5 * 3600)
    assert (by_code[CODE].fixed, by_code[CODE].usual_seconds) == (1, 4 * 3600)


def test_an_error_that_nobody_mended_is_open_and_one_that_comes_back_begins_anew() -> None:
    files = [
        a_file(SEX),
        a_file(hours=1),
        a_file(SEX, hours=3),
        a_file(SEX, practice="2", hours=1),
        a_file(practice="2", hours=4, status=SubmissionStatus.FAILED),
    ]
    [sex] = fixes(files)
    assert (sex.fixed, sex.open, sex.usual_seconds) == (1, 2, 3600)
    assert sex.open_since == MONDAY + timedelta(hours=1)


def test_a_warning_needs_no_mending() -> None:
    assert fixes([a_file(warnings=(WEIGHT,))]) == ()


def test_weeks_begin_on_monday() -> None:
    weeks = by_week([a_file(hours=24 * 7), a_file(hours=6 * 24), a_file()])
    assert [(each.monday, each.success.files) for each in weeks] == [
        (date(2024, 3, 4), 2),
        (date(2024, 3, 11), 1),
    ]
