"""The report in a terminal: where, what, the line itself with carets, and what to do."""

import pytest
from checking import URL, text_of

from tests.case_files import a_case_file, a_record

LINE = "    <Demographic><PatientSex>female</PatientSex></Demographic>"


def said(case_file: bytes, code: str, **options: object) -> list[str]:
    """The lines about the first finding with this code."""
    blocks = text_of(case_file, **options).split("\n\n")
    return next(block for block in blocks if f" {code}: " in block).splitlines()


def marked(lines: list[str]) -> str:
    """What the carets stand under."""
    quoted, carets = (line.partition("| ")[2] for line in lines[2:4])
    begin = len(carets) - len(carets.lstrip())
    return quoted[begin : begin + len(carets.strip())]


def test_a_finding_is_told_like_a_compiler_does() -> None:
    sent = a_case_file(a_record("A-3", sex="female"))
    line = sent[: sent.index(b">female<")].count(b"\n") + 1
    margin = " " * len(str(line))
    assert said(sent, "AR201") == [
        f"march.xml:{line}:{LINE.index('female') + 1}: error AR201:"
        " PatientSex must be one of Male, Female, Missing, Unknown.",
        f"{margin} |",
        f"{line} | {LINE}",
        f"{margin} | {' ' * LINE.index('female')}^^^^^^",
        f"{margin} = /AnesthesiaRecords/AnesthesiaRecord[1]/Demographic/PatientSex of A-3",
        f"{margin} = help: Did you mean Female?",
        f"{margin} = {URL}/docs/findings/AR201",
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "under"),
    [
        (">Female<", "> female <", "AR201", "female"),
        (">Female<", ">\n\tfemale<", "AR201", "<PatientSex>"),
        ("<PatientSex>Female", "<PatientSex>", "AR209", "<PatientSex>"),
        ("<ASAClass>II</ASAClass>", "", "AR202", "<PreOp>"),
        ("<PreOp>", '<PreOp  checked="yes">', "AR211", "<PreOp"),
        ("<PreOp>", "<PreOp><Foo>1</Foo>", "AR203", "<Foo>"),
        ("<PreOp>", "<PreOp>ready", "AR210", "<PreOp>"),
        ("</PreOp>", "</Preop>", "AR006", "</Preop>"),
    ],
    ids=[
        "a value without the space around it",
        "a value on a line of its own",
        "no value",
        "something missing",
        "an attribute",
        "an element that is not known",
        "text between elements",
        "a tag that does not match",
    ],
)
def test_the_carets_stand_under_what_is_faulty(old: str, new: str, code: str, under: str) -> None:
    assert marked(said(a_case_file(a_record().replace(old, new)), code)) == under


def test_long_lines_are_cut_around_the_fault() -> None:
    one_line = a_case_file(a_record("A-1"), a_record("A-2", sex="female")).replace(b"\n", b"")
    lines = said(one_line, "AR201")
    assert lines[0].startswith(f"march.xml:1:{one_line.index(b'female') + 1}: ")
    assert len(lines[2]) < 200
    assert marked(lines) == "female"


def test_columns_are_characters_and_carets_know_wide_ones() -> None:
    noted = a_record(sex="female").replace("<Demographic>", "<Demographic><!-- \u9ebb\u9189 -->")
    lines = said(a_case_file(noted), "AR201")
    assert f":{lines[2].partition('| ')[2].index('female') + 1}: error" in lines[0]
    assert lines[3].index("^") == lines[2].index("female") + 2  # two more, for each takes two


def test_nothing_in_a_file_can_steer_a_terminal() -> None:
    sent = a_case_file(a_record("A\N{RIGHT-TO-LEFT OVERRIDE}1", sex="\N{NEXT LINE}\u202efemale"))
    sent = sent.replace(b"<PatientSex>", b"<PatientSex>\x7f")
    told = text_of(sent, name="\x1b]0;owned\x07.xml")
    assert all(character.isprintable() or character == "\n" for character in told)
    assert "\N{REPLACEMENT CHARACTER}female" in told


def test_a_character_that_xml_forbids_is_not_passed_on() -> None:
    told = text_of(a_case_file(a_record(sex="\x1b[2J")))
    assert "\x1b" not in told
    assert "AR006" in told


def test_a_file_in_another_encoding_is_quoted_as_text() -> None:
    sent = a_case_file(a_record(sex="f\xe9male")).decode().encode("utf-16")
    assert marked(said(sent, "AR201")) == "f\xe9male"


def test_what_cannot_be_read_as_text_is_not_quoted() -> None:
    sent = a_case_file().decode().encode("utf-32")
    assert said(sent, "AR003")[1:] == [" = /", f" = {URL}/docs/findings/AR003"]


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (b"<?xml version='1.0'?>\n<!DOCTYPE a>\n<a/>", "2 | <!DOCTYPE a>"),
        (b"\n\nCase 1: knee", "3 | Case 1: knee"),
        (a_case_file().replace(b"</AnesthesiaRecords>\n", b""), ""),
        (b"", "1 |"),
    ],
    ids=["a DTD", "no XML", "cut off", "empty"],
)
def test_faults_of_the_whole_file_show_their_line(sent: bytes, line: str) -> None:
    told = text_of(sent)
    assert line in told
    assert "^" in told
