"""The reader against plain lxml, which reads and validates the whole document at once."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading import (
    HEADER,
    Answer,
    a_case_file,
    a_record,
    as_told,
    ask_lxml,
    read,
    read_in_runs,
    sample,
)

from app.xsd.boundary import TAG

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SEX = "<PatientSex>Female</PatientSex>"
CITY = "<HomeCity>Springfield</HomeCity>"

patiently = settings(deadline=None, suppress_health_check=list(HealthCheck))
drips = st.one_of(st.none(), st.integers(1, 50))


def record_with(inside: str, where: str = "<Demographic>") -> str:
    return a_record("NASTY").replace(where, where + inside, 1)


def renamed(start: str, end: str = "</AnesthesiaRecord>") -> str:
    record = a_record("NASTY")
    return record.replace("<AnesthesiaRecord>", start).replace("</AnesthesiaRecord>", end)


WHOLE = a_record("HIDDEN")
BLANKS = ["", " ", "\n", "\r\n", "\t\n\n", "<![CDATA[]]>", "<![CDATA[ \n]]>", "&#32;", "&#x0A;"]
MISC = [
    f"<!-- {WHOLE} -->",
    "<!---->",
    "<!-- </AnesthesiaRecords> > <![CDATA[ -->",
    f"<?note {WHOLE} ?>",
    "<?note?>",
    "<?a <? <!-- ?>",
]
VALID_RECORDS = [
    a_record("NASTY"),
    a_record("NASTY").replace("\n", ""),
    a_record("NASTY").replace("\n", "\r\n"),
    renamed("<AnesthesiaRecord >"),
    renamed("<AnesthesiaRecord\n\t>"),
    renamed("<AnesthesiaRecord>", "</AnesthesiaRecord >"),
    renamed("<AnesthesiaRecord>", "</AnesthesiaRecord\n>"),
    renamed("<AnesthesiaRecord xmlns=''>"),
    renamed("<AnesthesiaRecord xmlns:p='urn:p' >"),
    renamed(f"<AnesthesiaRecord {XSI} xsi:noNamespaceSchemaLocation='a>b.xsd'>"),
    renamed(f"<AnesthesiaRecord xsi:schemaLocation=' xmlns:xsi=>' {XSI}>"),
    record_with(f"<!-- {WHOLE} -->"),
    record_with("<!-- </AnesthesiaRecord> -->"),
    record_with("<?note </AnesthesiaRecord> ?>"),
    record_with("<HomeCity><![CDATA[</AnesthesiaRecord><AnesthesiaRecord>]]></HomeCity>"),
    record_with(f"<HomeCity><![CDATA[{WHOLE}]]></HomeCity>"),
    record_with("<HomeCity>a > b ]] > &lt;AnesthesiaRecord&gt; &#233;</HomeCity>"),
    record_with("<HomeCity>Jos\u00e9 \u6771\u4eac \U0001f600</HomeCity>"),
    record_with(f'<HomeCity {XSI} xsi:nil="true"/>'),
    record_with("<HomeCity><!-- x --> </HomeCity>"),
    record_with("<HomeCity> \t</HomeCity>"),
    a_record("NASTY").replace("Female", "<!-- -->Fe<![CDATA[mal]]>e<?x?>"),
    a_record("N<!-- of the --><![CDATA[A]]>STY"),
]
INVALID_RECORDS = [
    # Valid, but to libxml2 not where xmlns='' is in scope.
    renamed(f"<AnesthesiaRecord {XSI} xsi:type='AnesthesiaRecordType'>"),
    "<AnesthesiaRecord/>",
    "<AnesthesiaRecord />",
    "<AnesthesiaRecord></AnesthesiaRecord>",
    "<AnesthesiaRecord></AnesthesiaRecord >",
    "<AnesthesiaRecord a='>'/>",
    a_record("NASTY").replace("Female", "female"),
    a_record("NASTY").replace(SEX, ""),
    a_record("NASTY").replace(SEX, SEX + CITY),
    a_record("NASTY").replace(SEX, SEX + SEX),
    a_record("NASTY").replace(SEX, "<PatientSex> Female</PatientSex>"),
    a_record("NASTY").replace(SEX, "<PatientSex>Female&#32;</PatientSex>"),
    a_record("NASTY").replace(SEX, "<PatientSex>Female<!-- --> </PatientSex>"),
    a_record("NASTY").replace(SEX, "<PatientSex>Fe<b/>male</PatientSex>"),
    renamed("<AnesthesiaRecord id='1'>"),
    renamed("<AnesthesiaRecord xml:lang='en'>"),
    renamed("<AnesthesiaRecord xmlns='urn:x'>"),
    renamed("<x:AnesthesiaRecord xmlns:x='urn:x'>", "</x:AnesthesiaRecord>"),
    renamed(f"<AnesthesiaRecord {XSI} xsi:nil='true'>"),
    renamed(f"<AnesthesiaRecord {XSI} xsi:type='Nothing'>"),
    renamed(f"<AnesthesiaRecord {XSI} xsi:other=''>"),
    record_with("text"),
    record_with("\u00a0"),
    record_with("<![CDATA[text]]>"),
    record_with(WHOLE),
    record_with(f"<HomeCity>{WHOLE}</HomeCity>"),
    record_with("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"),
    record_with("<HomeCity xmlns='urn:x'/>"),
    record_with("<p:HomeCity xmlns:p='urn:x'/>"),
    record_with(f'<HomeCity {XSI} xsi:nil="true">text</HomeCity>'),
    record_with(f'<HomeCity {XSI} xsi:nil="true"> </HomeCity>'),
    record_with(f'<HomeCity {XSI} xsi:nil="perhaps"/>'),
    a_record("NASTY").replace("<PatientSex>", f"<PatientSex {XSI} xsi:nil='true'>"),
    a_record("NASTY").replace("<PatientSex>", f"<PatientSex {XSI} xsi:nil='false'>"),
    a_record("NASTY").replace("<IntraOp/>", f"<IntraOp {XSI} xsi:nil='true'/>"),
    a_record("NASTY").replace("<IntraOp/>", ""),
]
STRAYS = [
    "garbage",
    "\u00a0",
    "<![CDATA[garbage]]>",
    f"<![CDATA[{WHOLE}]]>",
    f"text <![CDATA[{WHOLE}]]> text",
    f"text <?note {WHOLE} ?>",
    "<Stray/>",
    f"<Stray>{WHOLE}</Stray>",
    f"text <Stray a='>'>{WHOLE}</Stray>",
    "<AnesthesiaRecordSet/>",
    "<RecordHeaders/>",
    HEADER,
    "&#65;",
    "&amp;",
]
BROKEN = [
    "<Stray>",
    "</Stray>",
    "</AnesthesiaRecord>",
    "</AnesthesiaRecordsX>",
    "<",
    "&",
    "&undeclared;",
    "&#0;",
    "]]>",
    "\x00",
    "\x1f",
    "<!-- -- -->",
    "<!--->",
    "<?xml version='1.0'?>",
    "<!DOCTYPE AnesthesiaRecords>",
    "<AnesthesiaRecord",
    "<AnesthesiaRecord a=>",
    "<AnesthesiaRecord><!-- </AnesthesiaRecord>",
    "<AnesthesiaRecord><![CDATA[ </AnesthesiaRecord>",
    "<AnesthesiaRecord>&undeclared;</AnesthesiaRecord>",
    "<AnesthesiaRecord a='1' a='2'/>",
    "<AnesthesiaRecord p:a='1'/>",
    "<p:AnesthesiaRecord/>",
    record_with("<HomeCity>"),
    record_with("</HomeCity>"),
    record_with("<p:HomeCity/>"),
    record_with("&bomb;"),
    record_with("<!-- -- -->"),
    record_with("\x0b"),
    a_record("NASTY").removesuffix("</AnesthesiaRecord>"),
    a_record("NASTY") + "</AnesthesiaRecord>",
]
VALID_ROOTS = [
    "<AnesthesiaRecords>",
    "<AnesthesiaRecords >",
    "<AnesthesiaRecords\n  \txmlns=''\n>",
    f"<AnesthesiaRecords {XSI}>",
    f"<AnesthesiaRecords {XSI} xsi:noNamespaceSchemaLocation='a>b.xsd'>",
    "<AnesthesiaRecords xmlns:a='urn:&amp;' xmlns:b=\"urn:b\">",
]
INVALID_ROOTS = [
    "<AnesthesiaRecords a='>'>",
    "<AnesthesiaRecords xml:lang='en'>",
    f"<AnesthesiaRecords {XSI} xsi:nil='false'>",
    f"<AnesthesiaRecords {XSI} xsi:other='1'>",
    "<AnesthesiaRecords xmlns='urn:x'>",
]
BROKEN_ROOTS = [
    "<AnesthesiaRecords a='1' a='2'>",
    "<AnesthesiaRecords p:a='1'>",
    "<AnesthesiaRecords xmlns:p='urn:p' xmlns:q='urn:p' p:a='' q:a=''>",
    "<AnesthesiaRecords a=1>",
]
PROLOGS = [
    "",
    "\n",
    "<?xml version='1.0'?>",
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    f"<!-- <!DOCTYPE a> {WHOLE} -->\r\n<?note <!DOCTYPE a> encoding='UTF-32' ?>",
    "<?xml-stylesheet encoding='no'?>",
]
HEADERS = [
    HEADER,
    HEADER.replace("\n", ""),
    HEADER.replace("<RecordHeader>", "<RecordHeader >").replace(
        "</RecordHeader>", "</RecordHeader\n>"
    ),
    HEADER.replace("<RecordHeader>", "<RecordHeader><!-- </RecordHeader><AnesthesiaRecord> -->"),
    HEADER.replace("2020V1.0", "<!-- V -->2020<![CDATA[V1.0]]>"),
]
EPILOGS = ["", "\n", f"\n<!-- {WHOLE} -->\n<?note?>", "\r\n\r\n"]
BROKEN_EPILOGS = [
    "x",
    "<a/>",
    "<![CDATA[]]>",
    "&#32;",
    WHOLE,
    "</AnesthesiaRecords>",
    "<!-- ",
    "\x00",
]

misc = st.lists(st.sampled_from(BLANKS + MISC), max_size=2).map("".join)


@st.composite
def case_files(draw: st.DrawFn, gaps: list[str], records: list[str]) -> list[str]:
    """The parts of a case file; some records are plain and told apart by their ids."""
    parts = [draw(misc)]
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["plain", "record", "gap"]))
        if kind == "gap" and gaps:
            parts.append(draw(st.sampled_from(gaps)))
        elif kind == "record" and records:
            parts.append(draw(st.sampled_from(records)))
        else:
            parts.append(a_record(f"A-{number}"))
        parts.append(draw(misc))
    return parts


def joined(
    parts: list[str],
    prolog: str = "",
    root: str = "<AnesthesiaRecords>",
    header: str = HEADER,
    epilog: str = "",
) -> bytes:
    return "".join([prolog, root, header, *parts, "</AnesthesiaRecords>", epilog]).encode()


def assert_they_agree(data: bytes, drip: int | None = None) -> Answer:
    answer, verdict = read(data, drip), ask_lxml(data)
    assert answer.is_valid is verdict.is_valid, answer.findings
    assert as_told(read_in_runs(data, drip)) == as_told(answer)
    return answer


def assert_same_records(data: bytes, drip: int | None) -> None:
    answer, verdict = assert_they_agree(data, drip), ask_lxml(data)
    assert verdict.is_well_formed
    assert tuple(answer.ids) == verdict.ids
    assert tuple(last_line_of_tag(answer)) == verdict.lines
    assert {
        r.number for r in answer.records if r.findings and r.findings[0].is_error
    } == verdict.invalid
    assert [r.number for r in answer.records] == list(range(1, len(verdict.ids) + 1))


def last_line_of_tag(answer: Answer) -> list[int]:
    """On which line the start tag of each record ends: what lxml calls its line."""
    tags = [TAG.match(record.data) for record in answer.records]
    return [
        record.line + (tag.group().count(b"\n") if tag else 0)
        for record, tag in zip(answer.records, tags, strict=True)
    ]


@patiently
@given(
    case_files([], VALID_RECORDS),
    st.sampled_from(PROLOGS),
    st.sampled_from(VALID_ROOTS),
    st.sampled_from(HEADERS),
    st.sampled_from(EPILOGS),
    misc,
    drips,
)
def test_a_valid_file_however_it_is_written(
    parts: list[str],
    prolog: str,
    root: str,
    header: str,
    epilog: str,
    before: str,
    drip: int | None,
) -> None:
    data = joined([*parts, a_record()], prolog, root, before + header, epilog)
    assert_same_records(data, drip)
    assert ask_lxml(data).is_valid


@patiently
@given(case_files([], VALID_RECORDS + INVALID_RECORDS), st.sampled_from(VALID_ROOTS), drips)
def test_the_same_records_are_invalid(parts: list[str], root: str, drip: int | None) -> None:
    assert_same_records(joined(parts, root=root), drip)


@patiently
@given(case_files(STRAYS, VALID_RECORDS + INVALID_RECORDS), drips)
def test_what_has_no_place_between_records_hides_none(parts: list[str], drip: int | None) -> None:
    assert_same_records(joined(parts), drip)


@patiently
@given(
    case_files(STRAYS, VALID_RECORDS + INVALID_RECORDS),
    st.sampled_from(BROKEN),
    case_files(STRAYS + BROKEN, VALID_RECORDS + INVALID_RECORDS + BROKEN),
    drips,
)
def test_records_before_a_fault_of_form_stay(
    before: list[str], fault: str, after: list[str], drip: int | None
) -> None:
    data = joined([*before, fault, *after])
    known = read(joined(before))
    answer = assert_they_agree(data, drip)
    intact = len(known.records)
    assert answer.ids[:intact] == known.ids
    assert [r.findings for r in answer.records[:intact]] == [r.findings for r in known.records]


@pytest.mark.parametrize("root", INVALID_ROOTS + BROKEN_ROOTS)
def test_a_root_that_is_not_right(root: str) -> None:
    assert len(assert_they_agree(a_case_file(a_record(), root=root)).findings) == 1


@pytest.mark.parametrize("epilog", EPILOGS + BROKEN_EPILOGS)
@pytest.mark.parametrize("drip", [None, 1, 2, 7])
def test_what_stands_behind_the_root(epilog: str, drip: int | None) -> None:
    answer = assert_they_agree(joined([a_record()], epilog=epilog), drip)
    assert len(answer.findings) == (epilog in BROKEN_EPILOGS)


@pytest.mark.parametrize("stray", [each for each in STRAYS if each != HEADER])
def test_one_stray_stretch_is_one_finding(stray: str) -> None:
    assert len(read(a_case_file(a_record("A-1"), stray, a_record("A-2"))).findings) == 1


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_of_form_leaves_the_records_around_it(fault: str) -> None:
    answer = read(a_case_file(a_record("A-1"), a_record("A-2"), fault, a_record("A-4")))
    assert {"A-1", "A-2", "A-4"} <= set(answer.good_ids)
    assert not answer.is_valid


@pytest.mark.parametrize("drip", [None, 1, 3])
def test_a_file_cut_off_anywhere(drip: int | None) -> None:
    text = a_case_file(a_record("A-1"), "<!-- > -->", a_record("A-2")).rstrip()
    ends = [m.end() for m in re.finditer(rb"</AnesthesiaRecord>", text)]
    for size in range(1, len(text), 1 if drip is None else 7):
        answer = read(text[:size], drip)
        assert answer.codes == ["AR007"], (size, answer.findings)
        assert answer.good_ids == [f"A-{n}" for n in (1, 2) if size >= ends[n - 1]], size


@patiently
@given(st.data(), drips)
def test_any_byte_may_be_anything(data: st.DataObject, drip: int | None) -> None:
    text = bytearray(a_case_file(a_record("A-1"), "<!-- x -->", a_record("A-2"), a_record("A-3")))
    for _ in range(data.draw(st.integers(1, 3))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    if b"V1.0<" in text:
        assert_they_agree(bytes(text), drip)
    else:
        assert not read(bytes(text), drip).is_valid


@patiently
@given(st.binary(max_size=300), drips)
@example(b"", None)
@example(b"\xef\xbb\xbf", 1)
def test_noise_is_refused_and_raises_nothing(noise: bytes, drip: int | None) -> None:
    assert not read(noise, drip).is_valid
    assert not read(b"<AnesthesiaRecords>" + noise, drip).is_valid
    assert_they_agree(a_case_file(a_record("A-1")) + noise, drip)


@patiently
@given(st.data(), drips)
def test_any_stretch_may_be_missing_or_doubled(data: st.DataObject, drip: int | None) -> None:
    text = a_case_file(a_record("A-1"), "<!-- x -->", a_record("A-2"))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    for changed in (text[:start] + text[end:], text[:end] + text[start:]):
        if changed.count(b"V1.0<") == 1:
            assert_they_agree(changed, drip)
        else:
            assert not read(changed, drip).is_valid or ask_lxml(changed).is_valid


def encoded(encoding: str, declared: str | None, mark: str = "") -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = sample().partition("?>")[2].replace("F-01", "Jos\u00e9")
    return (mark + declaration + text).encode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        encoded("utf-8", None),
        encoded("utf-8", "UTF-8", "\ufeff"),
        encoded("utf-8", "utf-8"),
        encoded("utf-16-le", "UTF-16", "\ufeff"),
        encoded("utf-16-be", "UTF-16", "\ufeff"),
        encoded("utf-16-le", None, "\ufeff"),
        encoded("utf-16-le", "UTF-16LE"),
        encoded("utf-16-be", "UTF-16BE"),
        encoded("iso-8859-1", "ISO-8859-1"),
        encoded("iso-8859-1", "iso-8859-1"),
        encoded("cp1252", "windows-1252"),
    ],
    ids=lambda data: repr(data[:48]),
)
@pytest.mark.parametrize("drip", [None, 1, 2, 3, 1000])
def test_encodings_that_are_read(data: bytes, drip: int | None) -> None:
    answer = assert_they_agree(data, drip)
    assert answer.is_valid
    assert "Jos\u00e9".encode() in answer.records[0].data


@pytest.mark.parametrize(
    "data",
    [
        encoded("iso-8859-1", None),
        encoded("iso-8859-1", "UTF-8"),
        encoded("utf-8", "US-ASCII"),
        encoded("utf-16-le", None),
        encoded("utf-16-le", "UTF-16", "\ufeff")[:-1],
    ],
    ids=lambda data: repr(data[:48]),
)
def test_bytes_that_do_not_fit_their_encoding(data: bytes) -> None:
    assert not assert_they_agree(data).is_valid
