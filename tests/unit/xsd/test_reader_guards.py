"""What the reader takes care of when it cuts a file into records without parsing it as a whole."""

import itertools
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator

import pytest
from reading import CATALOGUE, HEADER, VERSION, a_case_file, a_record, read, sample

from app.xsd.reader import read_case_file
from app.xsd.reads import RecordRead

PLACE = "/AnesthesiaRecords/AnesthesiaRecord"
MIB = 1 << 20


class Stream:
    """A source that never holds the file it gives."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = iter(parts)

    def read(self, size: int, /) -> bytes:
        return "".join(itertools.islice(self._parts, 20)).encode()


def many_records(number: int) -> Iterator[str]:
    yield "<AnesthesiaRecords>" + HEADER
    for count in range(number):
        yield a_record(f"A-{count}")
    yield "</AnesthesiaRecords>"


def with_intraop(content: str) -> str:
    return a_record("A-2").replace("<IntraOp/>", f"<IntraOp>{content}</IntraOp>")


# 1. Encoding


@pytest.mark.parametrize(
    "data",
    [
        sample().encode("utf-32"),
        sample().encode("utf-32-le"),
        sample().encode("utf-32-be"),
        sample().replace("UTF-8", "Shift_JIS").encode(),
        sample().replace("UTF-8", "EBCDIC-CP-US").encode(),
        sample().replace("UTF-8", "UTF-7").encode(),
        sample().replace("UTF-8", "no-such-thing").encode(),
        sample().partition("?>")[2].strip().encode("utf-16-le"),
    ],
    ids=lambda data: repr(data[:45]),
)
def test_an_encoding_that_is_not_read_is_refused_as_such(data: bytes) -> None:
    (finding,) = read(data).findings
    assert (finding.code, finding.path) == ("AR003", "/")
    assert "UTF-8" in finding.expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_bytes_of_another_encoding_spoil_their_record_only(encoding: str) -> None:
    records = [a_record(f"A-{n}") for n in (1, 2, 3)]
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + a_case_file(*records).decode()
    data = text.encode(encoding)
    # The first is no UTF-8, the second half of a surrogate pair, the third no character of XML.
    wrong = {"utf-8": b"\xe9", "utf-16": b"\x00\xd8", "iso-8859-1": b"\x01"}[encoding]
    id_2 = "A-2".encode(encoding.replace("utf-16", "utf-16-le"))
    answer = read(data.replace(id_2, wrong + id_2))
    assert answer.good_ids == ["A-1", "A-3"]
    assert answer.codes == ["AR006"]
    assert answer.findings[0].line == text[: text.index("A-2")].count("\n") + 1


# 2. No DTD, no entity, nothing from outside

BOMB = (
    '<!DOCTYPE a [<!ENTITY b0 "lol">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE AnesthesiaRecords>",
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE a [<!ENTITY city SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/p.ent"> %p;]>',
        BOMB,
    ],
)
@pytest.mark.parametrize("drip", [None, 1, 7])
def test_a_dtd_is_refused_and_what_it_declares_is_never_used(dtd: str, drip: int | None) -> None:
    content = a_record().replace("F-01", "&city;&b9;")
    answer = read(f"<!-- c -->\n{dtd}".encode() + a_case_file(content), drip)
    assert answer.codes == ["AR004"]
    assert answer.findings[0].line == 2
    assert answer.records == []


def test_a_dtd_in_a_comment_is_none() -> None:
    assert read(f"<!-- {BOMB} -->".encode() + a_case_file(a_record())).is_valid


def test_nothing_is_included_from_elsewhere() -> None:
    place = 'href="file:///etc/hostname" parse="text"'
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" {place}/>'
    answer = read(a_case_file(a_record().replace("F-01", include)))
    assert answer.codes == ["AR214"]
    element = answer.records[0].element
    assert element is not None
    assert "".join(element.find("Procedure/FacilityID").itertext()) == ""


# 3. Between records


def test_a_record_in_a_comment_is_not_read() -> None:
    answer = read(a_case_file(f"<!-- {a_record('OLD')} -->", a_record("A-1")))
    assert answer.ids == ["A-1"]
    assert answer.is_valid


def test_what_has_no_place_is_named_once_with_its_line() -> None:
    answer = read(a_case_file(a_record("A-1"), "remark", "<b/>", "more", a_record("A-2")))
    (finding,) = answer.findings
    assert (finding.code, finding.line) == ("AR009", 1 + a_case_file(a_record("A-1")).count(b"\n"))
    assert answer.ids == ["A-1", "A-2"]


@pytest.mark.parametrize("begun", ["<?", "<?>", "<!--", "<!-->", "<![CDATA[", "<![CDATA[>"])
def test_a_section_that_the_file_ends_in_is_told_once(begun: str) -> None:
    cut_off = a_case_file(a_record("A-1")).removesuffix(b"</AnesthesiaRecords>")
    (finding,) = read(cut_off + begun.encode()).findings
    assert (finding.code, finding.line) == ("AR007", cut_off.count(b"\n") + 1)


def test_two_stretches_are_two_findings() -> None:
    answer = read(a_case_file("one", a_record("A-1"), "two", a_record("A-2")))
    assert answer.codes == ["AR009", "AR009"]


# 4. Tags as they may be written


@pytest.mark.parametrize("drip", [None, 1, 5, 50])
def test_all_on_one_line_without_an_end_of_line(drip: int | None) -> None:
    data = a_case_file(*(a_record(f"A-{n}") for n in range(5))).replace(b"\n", b"")
    answer = read(data, drip)
    assert answer.is_valid
    assert {record.line for record in answer.records} == {1}


def test_a_prefix_of_the_root_is_known_in_every_record() -> None:
    root = '<AnesthesiaRecords xmlns:x="http://www.w3.org/2001/XMLSchema-instance">'
    nil = a_record().replace("<PatientSex>", '<HomeCity x:nil="true"/><PatientSex>')
    answer = read(a_case_file(nil, nil, root=root))
    assert answer.is_valid
    assert [f.path for f in answer.findings] == [
        f"{PLACE}[{n}]/Demographic/HomeCity" for n in (1, 2)
    ]


# 5. Records that are not well-formed


def test_a_fault_in_record_3_leaves_1_2_and_4() -> None:
    broken = a_record("A-3").replace("</PatientSex>", "")
    answer = read(a_case_file(a_record("A-1"), a_record("A-2"), broken, a_record("A-4")))
    assert answer.good_ids == ["A-1", "A-2", "A-4"]
    assert [(f.code, f.record, f.path) for f in answer.findings] == [("AR006", 3, f"{PLACE}[3]")]


def test_every_second_record_without_its_end_tag() -> None:
    parts = [a_record(f"A-{n}").removesuffix("</AnesthesiaRecord>" * (n % 2)) for n in range(40)]
    answer = read(a_case_file(*parts))
    assert answer.good_ids == [f"A-{n}" for n in range(0, 40, 2)]
    assert answer.codes == ["AR006"] * 20


# 6. Sizes


def test_a_record_over_16_mib_is_refused_and_the_next_is_read() -> None:
    large = with_intraop("<a>" + "x" * (17 * MIB) + "</a>")
    answer = read(a_case_file(a_record("A-1"), large, a_record("A-3")))
    assert answer.codes == ["AR008"]
    assert answer.good_ids == ["A-1", "A-3"]
    assert answer.findings[0].path == f"{PLACE}[2]"


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 10_000 + "</a>" * 10_000,
        "<a>" * 3_000 + "</a>" * 3_000,
        "<a>" * 100_000,
        f"<a b='{'x' * 11 * MIB}'/>",
        f"<{'a' * 60_000}/>",
    ],
    ids=["10,000 deep", "3,000 deep", "never closed", "attribute of 11 MiB", "name of 60 kB"],
)
def test_what_a_parser_would_choke_on_is_one_bad_record(inside: str) -> None:
    answer = read(a_case_file(a_record("A-1"), with_intraop(inside), a_record("A-3")))
    assert answer.codes == ["AR006"]
    assert answer.good_ids == ["A-1", "A-3"]


def test_the_findings_of_one_record_have_an_end() -> None:
    answer = read(a_case_file(with_intraop("<Nothing/>\n" * 12_000)))
    assert len(answer.findings) == 10_001


def test_a_text_that_libxml2_gives_up_on_is_refused() -> None:
    text = sample("maximal", "2017V1.0").replace("kim@mail.example.org", "@" * MIB)
    (finding,) = read(text.encode()).findings
    assert (finding.code, finding.path.rpartition("/")[2]) == ("AR206", "EmailNotificationAddress")


# 7. The header


def test_the_header_is_read_wherever_comments_stand() -> None:
    header = HEADER.replace("<RecordHeader>", "<!-- <RecordHeader/> -->\n<RecordHeader>")
    answer = read(a_case_file(a_record(), header=header))
    assert answer.is_valid
    assert [(h.practice_id, h.version_id) for h in answer.headers] == [("12345", VERSION)]
    assert answer.headers[0].practice_line == 4


@pytest.mark.parametrize("header", ["", HEADER.replace(VERSION, "1999"), HEADER.replace("<C", "<")])
def test_records_that_could_not_be_checked_say_so(header: str) -> None:
    answer = read(a_case_file(a_record("A-1"), a_record("A-2"), header=header))
    assert len(answer.headers) == 1
    assert answer.ids == ["A-1", "A-2"]
    assert not any(record.checked for record in answer.records)
    assert not answer.is_valid


# Lines and memory, whatever the size


def test_lines_are_exact_above_65535_in_a_file() -> None:
    record = a_record().replace("<Demographic>", "<Demographic>" + "\n" * 200)
    bad = record.replace("<IntraOp/>", "<IntraOp>\n\n<OutputsSet/>\n</IntraOp>")
    data = a_case_file(*[record] * 400, bad)
    (finding,) = read(data).findings
    assert finding.line == data[: data.index(b"<OutputsSet/>")].count(b"\n") + 1
    assert finding.line > 90_000


@pytest.mark.parametrize("lines", [64_000, 66_000, 200_000])
def test_lines_are_exact_above_65535_in_a_record(lines: int) -> None:
    bad = with_intraop("\n" * lines + "<OutputsSet/>\n<Nothing/>").replace("46", "forty-six")
    data = a_case_file(a_record("A-1"), bad.replace("<PostOp>", "<PostOp>\n<Nothing/>"))
    found = [(f.line, f.path.rpartition("/")[2]) for f in read(data).findings]
    wanted = [b"forty-six", b"<OutputsSet/>", b"<Nothing/>", b"<PostOp>\n<Nothing/>"]
    expected = [data[: data.index(each)].count(b"\n") + 1 for each in wanted]
    expected[-1] += 1
    assert [line for line, _ in found] == expected
    assert [name for _, name in found] == ["Age", "OutputsSet", "Nothing", "Nothing"]


def test_a_carriage_return_alone_ends_no_line_in_a_long_record_either() -> None:
    data = a_case_file(with_intraop("\r" * 500 + "\n" * 66_000 + "<Nothing/>"))
    (finding,) = read(data).findings
    assert finding.line == data[: data.index(b"<Nothing/>")].count(b"\n") + 1


def test_a_name_that_only_libxml2_knows_has_a_place_in_a_long_record_too() -> None:
    (finding,) = read(a_case_file(with_intraop("\n" * 66_000 + "<Nothing\ufeff/>"))).findings
    assert (finding.code, finding.path.rpartition("/")[2]) == ("AR203", "Nothing\ufeff")
    assert finding.line is not None


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        read_all = sum(1 for _ in read_case_file(Stream(many_records(number)), CATALOGUE))
        assert read_all == number + 1
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(8_000) < 1.2 * peak(1_000) + MIB


@pytest.mark.soak
def test_the_process_does_not_grow_either() -> None:
    script = (
        "import resource\n"
        "from test_reader_guards import *\n"
        "def grown(number):\n"
        "    for each in read_case_file(Stream(many_records(number)), CATALOGUE):\n"
        "        assert not isinstance(each, RecordRead) or not each.findings\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = grown(2_000)\n"
        "print(grown(50_000) - before)\n"
    )
    env = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env
    )
    assert int(done.stdout) < 8 * 1024  # KiB


def test_records_come_while_the_file_is_being_read() -> None:
    def parts() -> Iterator[str]:
        yield from itertools.islice(many_records(100), 100)
        raise ConnectionResetError

    reads = read_case_file(Stream(parts()), CATALOGUE)
    seen = [next(reads) for _ in range(50)]
    assert sum(isinstance(each, RecordRead) for each in seen) == 49
