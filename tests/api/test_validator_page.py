"""The validator as a page, as a browser without scripts uses it."""

import asyncio
import gzip
import os
import re
import tempfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
import zstandard
from httpx import ASGITransport, AsyncClient, Response
from portal_service import (
    ADDRESS,
    SAMPLES,
    XML,
    Clock,
    PortalSettings,
    Visitor,
    create_test_app,
)

from app.domain.findings import FindingCode
from app.portal.finding_examples import has_example
from app.portal.pages import in_words_bytes
from app.reports.formats import ReportFormat
from tests.case_files import a_case_file, a_record

VALID = (SAMPLES / "2020V1.0" / "valid" / "maximal.xml").read_bytes()
FAULTY = VALID.replace(b">Female<", b">female<", 1).replace(b">47562<", b">4756<", 1)
SEX_LINE = FAULTY[: FAULTY.index(b">female<")].count(b"\n") + 1
VISITOR = Visitor()


def check(
    content: bytes | None = None,
    *,
    visitor: Visitor = VISITOR,
    name: str = "march.xml",
    **fields: str,
) -> Response:
    """Send the form; a field that is not named is filled in as a willing visitor would."""
    filled = {"attested": "yes", "answer": "page", "pasted": "", **fields}
    data = {key: value for key, value in filled.items() if value != "not sent"}
    file = (name, content, "text/xml") if content is not None else ("", b"", None)
    return visitor.post("/validator", data=data, files={"file": file})


def fault_in(page: Response) -> str:
    found = re.search(r'role="alert"[^>]*>\s*<p><a href="#\w+">([^<]*)</a>', page.text)
    assert found is not None, "the page names a fault"
    return found[1]


def test_a_valid_file_is_told_so() -> None:
    page = check(VALID)
    assert page.status_code == 200
    assert "Nothing was found" in page.text
    assert "march.xml" in page.text
    assert 'class="card' not in page.text


def test_a_finding_is_pinned_to_its_line_and_leads_back() -> None:
    page = check(FAULTY).text
    assert "The file has errors" in page
    assert f'<a class="where" href="#L{SEX_LINE}" data-row="r1">' in page
    row = page.index(f'id="L{SEX_LINE}"')
    assert page.index('id="r1"') > row
    assert '<a href="#f1">' in page[row:]
    assert '<a class="what" href="/docs/findings/AR201">' in page
    assert 'href="/docs/schemas/2020V1.0#Demographic/PatientSex"' in page
    assert "Perhaps <code" in page


def test_findings_stand_under_their_record() -> None:
    page = check(FAULTY).text
    assert re.findall(r'<section class="group" id="([\w-]+)">', page) == ["record-1"]
    assert 'title="Record 1: 2 findings"' in page


def test_pasted_text_is_checked_and_given_back_to_be_mended() -> None:
    page = check(pasted=FAULTY.decode()).text
    assert "The file has errors" in page
    assert "&lt;PatientSex&gt;female&lt;/PatientSex&gt;" in page[: page.index("</textarea>")]


def test_a_file_is_meant_rather_than_text_beside_it() -> None:
    assert "Nothing was found" in check(VALID, pasted="not XML").text


@pytest.mark.parametrize(
    "encoding", ["ISO-8859-1", "windows-1252", "US-ASCII", "UTF-16", "utf-16le"]
)
def test_text_that_names_another_encoding_is_read_as_it_was_pasted(encoding: str) -> None:
    text = VALID.decode().replace("UTF-8", encoding, 1).replace("Made-up data", "Müller", 1)
    assert "Nothing was found" in check(pasted=text).text


@pytest.mark.parametrize("encoding", ["punycode", "idna", "utf-7", "unicode_escape", "KOI8-R"])
def test_an_encoding_that_is_not_read_is_not_written_either(encoding: str) -> None:
    """Python knows codecs that take hours for a text of this size."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + "\u4e00\u9fa5" * 300_000
    report = check(pasted=text, answer="json").json()
    assert report["sha256"] == sha256(text.encode()).hexdigest()
    assert [finding["code"] for finding in report["findings"]] == ["AR003"]


def test_the_form_is_utf8_whatever_its_sender_calls_it() -> None:
    fields = {"attested": "yes", "pasted": VALID.decode()}
    form = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    page = VISITOR.post(
        "/validator",
        content=f"{form}--x--\r\n".encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x; charset=utf-16"},
    )
    assert "Nothing was found" in page.text


def test_others_are_answered_while_a_large_form_is_at_work() -> None:
    sexes = ("female" if number % 10 == 0 else "Female" for number in range(2_800))
    case_file = a_case_file(*(a_record(f"A-{n}", sex=sex) for n, sex in enumerate(sexes)))

    async def answered_meanwhile() -> int:
        transport = ASGITransport(VISITOR.app, client=("192.0.2.9", 40_000))
        async with AsyncClient(transport=transport, base_url=ADDRESS) as client:
            form = {"attested": (None, "yes"), "pasted": (None, case_file)}
            at_work = asyncio.create_task(client.post("/validator", files=form))
            others = 0
            while not at_work.done():
                assert (await client.get("/docs/problems")).status_code == 200
                others += 1
            assert "The file has errors" in at_work.result().text
            return others

    assert asyncio.run(answered_meanwhile()) >= 5


def test_the_page_says_what_the_service_says() -> None:
    report = VISITOR.post("/v1/validate", content=FAULTY, headers=XML).json()
    page = check(FAULTY).text
    for finding in report["findings"]:
        assert finding["message"] in page
        assert finding["path"] in page
    assert len(re.findall(r'<article class="card', page)) == report["findings_total"]


def test_without_the_attestation_nothing_is_checked() -> None:
    page = check(FAULTY, attested="not sent")
    assert page.status_code == 422
    assert "no data of real patients" in fault_in(page)
    assert "AR201" not in page.text


@pytest.mark.parametrize("pasted", ["", " \n"])
def test_a_form_without_a_file_is_told_so(pasted: str) -> None:
    page = check(pasted=pasted)
    assert page.status_code == 422
    assert fault_in(page) == "Choose a case file, or paste one."


def test_an_empty_file_is_checked_like_any_other() -> None:
    page = check(b"")
    assert page.status_code == 200
    assert "AR001" in page.text


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_compressed_file_is_read(pack: Callable[[bytes], bytes]) -> None:
    page = check(pack(FAULTY), name="march.xml.gz").text
    assert re.findall(r'data-code="(\w+)"', page) == ["AR201", "AR206"]
    assert "&lt;PatientSex" in re.sub(r"</?span[^>]*>", "", page)
    assert f"· {in_words_bytes(len(FAULTY))} ·" in page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (gzip.compress(b"<a>" + b" " * 3_000_000), "grows further than a case file"),
        (gzip.compress(os.urandom(5 << 18) * 4), "is larger than 4 MiB"),
        (gzip.compress(FAULTY)[:-9], "is damaged or cut off"),
    ],
    ids=["bomb", "too large", "cut off"],
)
def test_a_compressed_file_that_is_not_read_is_told_why(content: bytes, told: str) -> None:
    page = check(content, name="march.xml.gz")
    assert page.status_code in (400, 413)
    assert told in fault_in(page)


def test_each_file_is_attested_anew() -> None:
    for page in (check(FAULTY), VISITOR.get("/validator/samples/2020V1.0/faulty")):
        box = re.search(r'<input id="attested"[^>]*>', page.text)
        assert box is not None
        assert "checked" not in box[0]


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("Demographic/HomePhone", "Demographic"),
        ("Unknown/Deep", "AnesthesiaRecord"),
        ("Demographic/PatientSex", "Demographic/PatientSex"),
    ],
)
def test_an_element_that_the_schema_does_not_have_leads_to_the_nearest_above(
    path: str, leads_to: str
) -> None:
    section, _, name = path.partition("/")
    stranger = f"<{name}>female</{name}>".encode()
    if section == "Demographic":
        sent = FAULTY.replace(b"<PatientSex>female</PatientSex>", stranger, 1)
    else:
        wrapped = f"<{section}>".encode() + stranger + f"</{section}>".encode()
        sent = VALID.replace(b"</AnesthesiaRecord>", wrapped + b"</AnesthesiaRecord>", 1)
    page = check(sent).text
    links = set(re.findall(r'href="/docs/schemas/2020V1\.0#([^"]*)"', page))
    assert leads_to in links
    assert links <= set(re.findall(r'\bid="([^"]+)"', VISITOR.get("/docs/schemas/2020V1.0").text))


@pytest.mark.parametrize("size", [1, 300_000])
def test_a_file_over_the_limit_is_refused_with_the_limit(size: int) -> None:
    small = Visitor(create_test_app(settings=PortalSettings(validate_max_bytes=len(VALID))))
    assert check(VALID, visitor=small).status_code == 200
    page = check(VALID + b" " * size, visitor=small)
    assert page.status_code == 413
    assert f"is larger than {len(VALID) / 1000:.0f} KB" in fault_in(page)
    page = check(pasted=VALID.decode() + " " * size, visitor=small)
    assert page.status_code == 413


def test_who_checks_too_often_is_told_when_to_come_back() -> None:
    hasty = Visitor(create_test_app(validations_a_minute=2, clock=Clock()))
    assert check(VALID, visitor=hasty).status_code == 200
    assert hasty.post("/v1/validate", content=VALID, headers=XML).status_code == 200
    page = check(VALID, visitor=hasty)
    assert page.status_code == 429
    assert "Try again in 30 seconds" in fault_in(page)
    assert page.headers["Retry-After"] == "30"
    assert hasty.get("/validator").status_code == 200


def test_going_through_the_samples_uses_up_no_checks() -> None:
    reader = Visitor(create_test_app(validations_a_minute=1, clock=Clock()))
    pages = [
        *(f"/validator/samples/{each.id}/faulty" for each in reader.app.state.schemas.versions()),
        *(f"/validator/examples/{code}" for code in _shown()),
    ]
    assert [reader.get(each).status_code for each in pages] == [200] * len(pages)
    assert check(VALID, visitor=reader).status_code == 200
    assert check(VALID, visitor=reader).status_code == 429


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--x\r\nno form", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_so(content: bytes, content_type: str) -> None:
    page = VISITOR.post("/validator", content=content, headers={"Content-Type": content_type})
    assert page.status_code in (400, 422)
    assert fault_in(page)


@pytest.mark.parametrize("format_", ReportFormat)
def test_the_answer_can_be_a_report_to_keep(format_: ReportFormat) -> None:
    report = check(FAULTY, answer=format_.value)
    assert report.status_code == 200
    assert report.headers["content-type"].startswith(format_.media_type)
    assert f'filename="march{format_.suffix}"' in report.headers["content-disposition"]
    assert b"AR201" in report.content


def test_a_report_to_keep_is_that_of_the_api() -> None:
    by_api = VISITOR.post("/v1/validate?format=json", content=FAULTY, headers=XML)
    assert check(FAULTY, answer="json").json() == by_api.json()


def test_in_a_file_of_one_line_each_part_tells_its_record() -> None:
    sent = a_case_file(a_record("A-1"), a_record("A-2", sex="female"), a_record("A-3", sex="m"))
    page = check(b"".join(line.strip() for line in sent.split(b"\n"))).text
    assert re.findall(r'AR201</code> <span class="of">record (\d):', page) == ["2", "3"]
    assert 'class="of">record' not in check(sent).text


def test_a_file_with_more_findings_than_a_page_holds_says_so() -> None:
    record = VALID[VALID.index(b"  <AnesthesiaRecord>") : VALID.index(b"</AnesthesiaRecords>")]
    many = VALID.replace(b"</AnesthesiaRecords>", record * 30 + b"</AnesthesiaRecords>")
    many = re.sub(rb"<(LabUnit|DoseUnits)>[^<]*<", rb"<\1 x='1'><", many)
    page = check(many).text
    shown = len(re.findall(r'<article class="card', page))
    assert shown == 250
    assert re.search(r"The first 250 of [\d,]+ findings are shown", page)
    assert "lines without findings" in page
    assert len(page) < 1_000_000


@pytest.mark.parametrize("name", ["faulty", "pediatric"])
def test_a_sample_is_one_click_away(name: str) -> None:
    page = VISITOR.get(f"/validator/samples/2020V1.0/{name}").text
    assert ("The file has errors" in page) == (name == "faulty")
    assert "&lt;AnesthesiaRecords&gt;" in page[: page.index("</textarea>")]


def _shown() -> list[FindingCode]:
    schemas: Any = VISITOR.app.state.schemas
    return [code for code in FindingCode if has_example(code, schemas)]


@pytest.mark.parametrize("code", _shown())
def test_the_example_of_a_finding_can_be_seen_in_the_validator(code: FindingCode) -> None:
    page = VISITOR.get(f"/validator/examples/{code}").text
    assert f'data-code="{code}"' in page


@pytest.mark.parametrize("name", ['<b>"x".xml', "C:\\cases\\märz.xml", "a\r\nb.xml"])
def test_the_name_of_a_file_is_shown_as_text(name: str) -> None:
    page = check(VALID, name=name).text
    assert "<b>" not in page
    report = check(VALID, name=name, answer="csv")
    assert report.status_code == 200
    assert "\n" not in report.headers["content-disposition"]


def test_the_version_of_a_file_leads_to_its_schema_if_there_is_one() -> None:
    assert '<a href="/docs/schemas/2020V1.0">' in check(VALID).text
    unknown = check(VALID.replace(b"2020V1.0<", b"2021V1.0<")).text
    assert "AR104" in unknown
    assert "/docs/schemas/2021V1.0" not in unknown
    assert "Not checked" in unknown


def test_nothing_of_a_file_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on a disk, where large parts of forms usually go, nor by the browser."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    page = check(VALID + b" " * 3_000_000)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"


def test_markup_and_control_characters_in_a_file_are_shown_as_text() -> None:
    page = check(
        b"<AnesthesiaRecords><script>alert(1)</script>\x00\x1b[31m</AnesthesiaRecords>"
    ).text
    assert "<script>alert" not in page
    assert "\x00" not in page
    assert "\x1b" not in page
