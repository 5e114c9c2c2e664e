"""What of a case file a page shows: lines around findings, over-long ones cut, the rest folded."""

import time

import pytest

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.portal.source_view import (
    LONGEST_LINE,
    SHOWN_WHOLE,
    Fold,
    SourceRow,
    readable,
    source_view,
)
from app.reports.marking import marked_findings
from app.reports.printable import printable
from tests.case_files import a_case_file, a_record
from tests.corpus import corpus
from tests.unit.reports.checking import checked, report_on

RECORD = "/AnesthesiaRecords/AnesthesiaRecord"


def a_finding(line: int | None, path: str = f"{RECORD}[1]/PreOp/Age") -> Finding:
    return Finding(
        code=FindingCode.NUMBER,
        severity=Severity.ERROR,
        scope=Scope.RECORD,
        message="Age must be a whole number.",
        path=path,
        line=line,
    )


def lines(count: int) -> bytes:
    return b"".join(b"line %d\n" % number for number in range(1, count + 1))


def shown(rows: list[SourceRow | Fold]) -> list[str]:
    """Rows and folds in short: "5" is a line, "5!" one with findings, "6-9" a fold."""
    return [
        f"{row.first}-{row.last}"
        if isinstance(row, Fold)
        else f"{row.number}{'!' * len(row.findings)}"
        for row in rows
    ]


def test_a_short_file_is_shown_whole() -> None:
    assert shown(source_view(lines(4), [a_finding(2)])) == ["1", "2!", "3", "4"]


def test_of_a_long_file_the_lines_around_a_finding_are_shown() -> None:
    rows = source_view(lines(1_000), [a_finding(500)])
    assert shown(rows) == ["1-496", "497", "498", "499", "500!", "501", "502", "503", "504-1000"]
    fold = rows[0]
    assert isinstance(fold, Fold)
    assert fold.lines == 496


def test_findings_near_each_other_share_their_neighborhood() -> None:
    rows = source_view(lines(1_000), [a_finding(500), a_finding(508), a_finding(500)])
    assert [each for each in shown(rows) if "-" in each] == ["1-496", "512-1000"]
    assert "500!!" in shown(rows)
    assert "508!" in shown(rows)


def test_a_fold_stands_for_more_lines_than_it_takes() -> None:
    rows = source_view(lines(1_000), [a_finding(7), a_finding(995)])
    assert shown(rows)[0] == "1"
    assert shown(rows)[-1] == "1000"


def test_a_long_file_without_findings_shows_how_it_begins() -> None:
    assert shown(source_view(lines(1_000), [])) == ["1", "2", "3", "4", "5-1000"]


def test_every_line_is_shown_or_folded_exactly_once() -> None:
    findings = [a_finding(number) for number in (1, 9, 10, 300, 444, 1_000)]
    seen: list[int] = []
    for row in source_view(lines(1_000), findings):
        seen += range(row.first, row.last + 1) if isinstance(row, Fold) else [row.number]
    assert seen == list(range(1, 1_001))


def test_a_finding_behind_the_last_line_is_shown_on_it() -> None:
    """A file that is cut off has its fault where the next line would have begun."""
    assert shown(source_view(lines(3), [a_finding(4)])) == ["1", "2", "3!"]


def test_a_finding_without_a_line_is_on_none() -> None:
    assert shown(source_view(lines(2), [a_finding(None)])) == ["1", "2"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_end_as_the_sender_ends_them(end: str) -> None:
    rows = source_view(f"<a>{end}<b/>{end}</a>{end}".encode(), [])
    assert [row.text for row in rows if isinstance(row, SourceRow)] == ["<a>", "<b/>", "</a>"]


def one_line_file(*records: str) -> bytes:
    return b"".join(line.strip() for line in a_case_file(*records).split(b"\n"))


def test_of_a_file_in_one_line_the_faulty_elements_are_shown() -> None:
    sexes = ("female" if number in (20, 80) else "Female" for number in range(1, 101))
    sent = one_line_file(*(a_record(f"Ä-{n}", sex=sex) for n, sex in enumerate(sexes)))
    findings = report_on(sent).findings
    rows = [row for row in source_view(sent, findings) if isinstance(row, SourceRow)]
    assert [row.findings for row in rows] == [(0,), (1,)]
    assert [row.number for row in rows] == [1, 1]
    assert [row.begins_line for row in rows] == [True, False]
    for row in rows:
        assert row.cut_before
        assert row.cut_after
        assert len(row.text) <= LONGEST_LINE
        assert "<PatientSex>female</PatientSex>" in row.text[:60]


@pytest.mark.parametrize("name", list(corpus())[::7])
def test_a_finding_is_shown_where_a_download_has_it(name: str) -> None:
    sent = b" ".join(corpus()[name].split(b"\n"))
    rows = source_view(readable(sent), report_on(sent).findings)
    for position, (finding, excerpt) in enumerate(marked_findings(checked(sent))):
        if finding.line is not None:
            (row,) = (
                row for row in rows if isinstance(row, SourceRow) and position in row.findings
            )
            assert excerpt is None or excerpt.marked[:60] in printable(row.text)


def test_an_over_long_line_without_findings_is_cut() -> None:
    (row,) = source_view(b"x" * 1_000, [])
    assert isinstance(row, SourceRow)
    assert (len(row.text), row.cut_before, row.cut_after) == (LONGEST_LINE, False, True)


@pytest.mark.parametrize(
    "content",
    [
        b"<a '" * 1_000_000,
        b"<!--" * 1_000_000,
        b"<" * 4_000_000,
        b"<a" + b"b" * 4_000_000,
        b"<a>" * 1_000_000,
        b"\n" * 4_000_000,
    ],
    ids=["quotes", "comments", "brackets", "a name", "depth", "lines"],
)
def test_no_file_of_the_size_that_is_checked_takes_long(content: bytes) -> None:
    began = time.process_time()
    source_view(content, [a_finding(1)] * 100)
    assert time.process_time() - began < 10


def test_a_file_is_read_in_the_encoding_that_it_is_in() -> None:
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>Müller</a>'
    assert "Müller" in readable(declared.encode("iso-8859-1")).decode()
    assert readable("<a>Müller</a>".encode("utf-8-sig")) == "<a>Müller</a>".encode()
    assert readable("<a>Müller</a>".encode("utf-16")) == "<a>Müller</a>".encode()
    assert readable(b'<?xml version="1.0" encoding="KOI8-R"?>').startswith(b"<?xml")
    assert readable(b"") == b""


def test_bytes_that_are_no_text_are_shown_as_a_sign() -> None:
    (row,) = source_view(readable(b"<a>\xff</a>"), [])
    assert isinstance(row, SourceRow)
    assert row.text == "<a>\ufffd</a>"


def test_the_bound_between_short_and_long() -> None:
    assert "-" not in " ".join(shown(source_view(lines(SHOWN_WHOLE), [])))
    assert "-" in " ".join(shown(source_view(lines(SHOWN_WHOLE + 1), [])))
