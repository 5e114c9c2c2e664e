"""`--format xml`: the case file back, with a comment beside each faulty element."""

import codecs
import re
from io import BytesIO

import pytest
from checking import checked, report_on, written
from lxml import etree

from app.reports.annotated_file import AnnotatedFiles
from app.reports.formats import ReportFormat
from tests.case_files import a_case_file, a_record
from tests.corpus import corpus

COMMENT = re.compile(rb"<!-- AR\d{3} (?:error|warning|info): .*? -->", re.DOTALL)
# A comment in it would turn an empty file into another; before a declaration none may stand.
UNMARKED = {"AR001"}

FAULTY = a_case_file(a_record("A-1", sex="female"), a_record("A-2"))


def annotated(case_file: bytes) -> bytes:
    return written(case_file, ReportFormat.XML)


def findings_of(case_file: bytes) -> list[tuple[str, str, int | None]]:
    return [(each.code, each.path, each.line) for each in report_on(case_file).findings]


def is_well_formed(case_file: bytes) -> bool:
    try:
        etree.fromstring(case_file, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return False
    return True


@pytest.mark.parametrize("name", corpus())
def test_the_file_comes_back_with_its_findings_and_nothing_else(name: str) -> None:
    original = corpus()[name]
    marked = annotated(original)
    assert COMMENT.sub(b"", marked) == original
    assert is_well_formed(marked) == is_well_formed(original)
    found = findings_of(original)
    assert findings_of(marked) == found
    codes = sorted(match.group()[5:10].decode() for match in COMMENT.finditer(marked))
    assert codes == sorted(code for code, _, _ in found if code not in UNMARKED)


def test_a_comment_stands_directly_before_the_faulty_element() -> None:
    assert (
        b"<!-- AR201 error: PatientSex must be one of Male, Female, Missing, Unknown."
        b" Did you mean Female? --><PatientSex>female</PatientSex>"
    ) in annotated(FAULTY)


def test_what_is_missing_is_told_where_it_belongs() -> None:
    marked = annotated(a_case_file(a_record().replace("<ASAClass>II</ASAClass>", "")))
    assert re.search(rb"<PreOp><!-- AR202 error: [^>]*ASAClass[^>]* -->\s*<Age>", marked)


def test_of_two_elements_of_one_name_each_has_its_own_comment() -> None:
    twice = a_case_file(a_record().replace("<PreOp>", "<PreOp><Foo>1</Foo><Foo>2</Foo>"))
    assert re.search(
        rb"<!-- AR203 [^>]*--><Foo>1</Foo><!-- AR203 [^>]*--><Foo>2</Foo>", annotated(twice)
    )


def test_a_file_without_findings_comes_back_as_it_is() -> None:
    good = corpus()["2020V1.0/maximal"]
    assert report_on(good).findings_total == len(COMMENT.findall(annotated(good)))


def test_what_is_not_listed_is_told_at_the_top() -> None:
    marked = written(FAULTY, ReportFormat.XML, max_findings=0)
    total = report_on(FAULTY).findings_total
    declaration, rest = FAULTY.split(b"?>", 1)
    told = re.escape(declaration) + rb"\?><!-- %d of %d findings? not listed -->" + re.escape(rest)
    assert re.fullmatch(told % (total, total), marked)


def test_two_hyphens_never_stand_in_a_comment() -> None:
    hyphens = FAULTY.replace(b"<AnesthesiaRecords>", b'<AnesthesiaRecords a--b="1">')
    for comment in COMMENT.findall(annotated(hyphens)):
        assert b"--" not in comment[len("<!--") : -len("-->")]


def test_an_empty_file_stays_empty_and_that_is_said() -> None:
    out = BytesIO()
    assert AnnotatedFiles().write(checked(b"  "), out) == "1 finding not marked in the file"
    assert out.getvalue() == b"  "


def recoded(case_file: bytes, declared: str, encoding: str, mark: bytes = b"") -> bytes:
    text = case_file.decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    return mark + text.encode(encoding)


WITH_ACCENTS = FAULTY.replace(b"Made-up data", "Ma\xefde-\xfcp \xe9".encode())


@pytest.mark.parametrize(
    ("sent", "encoding", "mark"),
    [
        (codecs.BOM_UTF8 + WITH_ACCENTS, "utf-8", codecs.BOM_UTF8),
        (recoded(WITH_ACCENTS, "ISO-8859-1", "iso-8859-1"), "iso-8859-1", b""),
        (recoded(WITH_ACCENTS, "windows-1252", "cp1252"), "cp1252", b""),
        (
            recoded(WITH_ACCENTS, "UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
            "utf-16-le",
            codecs.BOM_UTF16_LE,
        ),
        (recoded(WITH_ACCENTS, "UTF-16BE", "utf-16-be"), "utf-16-be", b""),
    ],
    ids=["UTF-8 with a mark", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16 without a mark"],
)
def test_the_file_keeps_its_encoding(sent: bytes, encoding: str, mark: bytes) -> None:
    marked = annotated(sent)
    text = marked.removeprefix(mark).decode(encoding)
    assert "--><PatientSex>female" in text
    stripped = re.sub(r"<!-- AR\d{3} .*? -->", "", text)
    assert mark + stripped.encode(encoding) == sent
    assert findings_of(marked) == findings_of(sent)


def test_bytes_that_are_no_text_come_back_too() -> None:
    cp1252 = recoded(WITH_ACCENTS, "windows-1252", "cp1252").replace(
        b"Ma\xefde", b"\x81\x8d" * 3000
    )
    marked = annotated(cp1252)
    assert COMMENT.sub(b"", marked) == cp1252
    assert findings_of(marked) == findings_of(cp1252)


@pytest.mark.parametrize(
    "sent",
    [
        recoded(FAULTY, "UTF-32", "utf-32-le", codecs.BOM_UTF32_LE),
        recoded(FAULTY, "EBCDIC-CP-US", "cp037"),
        recoded(FAULTY, "Shift_JIS", "ascii"),
    ],
    ids=["UTF-32", "EBCDIC", "an unknown name"],
)
def test_an_encoding_that_is_not_read_is_told_behind_the_declaration(sent: bytes) -> None:
    marked = annotated(sent)
    assert len(marked) > len(sent)
    assert marked[:40] == sent[:40]
    assert findings_of(marked) == findings_of(sent) != []


def test_nothing_is_put_before_bytes_that_nobody_can_read() -> None:
    assert annotated(b"\0\0\0\0") == b"\0\0\0\0"


def test_a_file_on_one_line_and_declarations_of_the_root_move_no_comment() -> None:
    one_line = b"".join(line.strip() for line in FAULTY.splitlines())
    declared = one_line.replace(
        b"<AnesthesiaRecords>", b'<AnesthesiaRecords xmlns:x="urn:x" xmlns:y="urn:y">'
    )
    assert b"--><PatientSex>female" in annotated(declared)
    assert findings_of(annotated(declared)) == findings_of(declared)


@pytest.mark.parametrize("opened", [b"<!-- ", b"<!-->"])
def test_no_comment_is_put_behind_one_that_does_not_end(opened: bytes) -> None:
    broken = a_case_file(a_record("A-1"), a_record("A-2", sex="female"))
    broken = broken.replace(b"<Demographic>", b"<Demographic>" + opened, 1)
    marked = annotated(broken)
    assert COMMENT.sub(b"", marked) == broken
    assert findings_of(marked) == findings_of(broken)
    line = next(line for code, _, line in findings_of(broken) if code == "AR201")
    assert b"?><!-- AR201 error: line %d: " % line in marked


def test_a_name_that_expat_does_not_know_stops_no_report() -> None:
    odd = FAULTY.replace(b"<IntraOp/>", "<IntraOp\ufeff/>".encode(), 1)
    marked = annotated(odd)
    assert COMMENT.sub(b"", marked) == odd
    assert findings_of(marked) == findings_of(odd)
