"""Broken, absurd and malicious input: never a fault of ours, never half stored, never repeated."""

import json
import logging
import re
import time
import tracemalloc
import zlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import zstandard
from httpx import Response

from app.xsd.explain import MOST_FINDINGS
from tests.case_files import NPI, OTHER_NPI, TIN, a_case_file, a_record
from tests.registry import PRACTICE, XML, Caller, Registry

FIGURES = {"practice_id": PRACTICE, "performance_year": 2024}


def cursor(key: object) -> str:
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


# --- every text that is stored comes back as it was sent --------------------------------------

TEXTS = {
    "backslashes": r"C:\new\table\N \\ \. \x41",
    "the end of COPY": "\\.",
    "a null of COPY": r"\N",
    "tabs": "a\tb\t\tc",
    "line ends": "a\nb\n\nc",
    "quotes": """it's "so" said, $1 %s %(x)s {y}""",
    "markup": "<script>alert(1)</script> & ]]>",
    "emoji": "🩺 family 👨‍👩‍👧, flag 🇺🇸",
    "other scripts": "Ångström naïve 麻酔 تخدير",
    "right to left marks": "abc \u202e cba \u200f",
    "other line ends": "a\u2028b\u0085c",
    "the last code points": "\ue000\ufffd\U0010ffff",
    "combining marks": "e\u0301 is not é",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_every_stored_text_comes_back_as_it_was_sent(registry: Registry, text: str) -> None:
    practice = registry.practice()
    record = a_record(
        f"A {text} 1",
        facility=f"F {text} 1",
        procedure_id=f"S {text} 1",
        notes=text,
        more={"PatientID": f"P {text} 1", "PostOpDisposition": "PACU"},
    )
    receipt = practice.send(a_case_file(record))
    assert receipt["status"] == "accepted"
    (told,) = practice.read(receipt["links"]["records"])["items"]
    fields = practice.read(f"/v1/cases/{told['case_id']}")["fields"]
    assert told["anesthesia_record_id"] == fields["anesthesia_record_id"] == f"A {text} 1"
    assert fields["facility_id"] == f"F {text} 1"
    assert fields["procedure_id"] == f"S {text} 1"
    assert fields["patient_id"] == f"P {text} 1"
    assert registry.record_as_received(told["case_id"]).decode() == record.strip()
    counts = practice.read("/v1/counts", **FIGURES, group_by="facility")
    assert counts["groups"] == [{"facility": f"F {text} 1", "cases": 1}]
    changed = record.replace("<Age>46<", "<Age>47<")
    assert practice.send(a_case_file(changed))["records"]["replaced"] == 1


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_the_id_of_a_rejected_record_comes_back_as_it_was_sent(
    registry: Registry, text: str
) -> None:
    vendor = registry.vendor()
    receipt = vendor.send(a_case_file(a_record(f"A {text} 1", sex="female")))
    (told,) = vendor.read(receipt["links"]["records"])["items"]
    (finding,) = vendor.read(receipt["links"]["report"])["findings"]
    assert told["outcome"] == "rejected"
    assert told["anesthesia_record_id"] == finding["anesthesia_record_id"] == f"A {text} 1"


# --- values that a schema lets through and a database might not -------------------------------

STORED = {
    "year 1": {"start": "0001-01-01T00:00:00", "end": "0001-01-01T01:00:00"},
    "year 9999": {"start": "9999-12-31T22:00:00", "end": "9999-12-31T23:59:59.999999"},
    "midnight as 24:00": {"start": "2024-02-28T24:00:00", "end": "2024-02-29T24:00:00"},
    "a leap day": {"start": "2024-02-29T07:30:00", "end": "2024-02-29T09:30:00"},
    "a zone": {"start": "2024-03-01T07:30:00-05:00", "end": "2024-03-01T09:30:00Z"},
    "the largest zone": {"start": "2024-03-01T07:30:00+14:00", "end": "2024-03-01T09:30:00-14:00"},
    "many digits of a second": {"start": "2024-03-01T07:30:00.123456789012"},
    "an end before the start": {"start": "2024-03-01T07:30:00", "end": "2023-03-01T07:30:00"},
    "age 0": {"age": "0"},
    "age 150": {"age": "150"},
    "an age with zeros before": {"age": "0" * 5_000 + "46"},
    "a weight of 50 characters": {"weight_kg": "70." + "1" * 47},
    "a negative weight": {"weight_kg": "-1"},
    "a stay of 100000 days": {"more": {"LengthOfHospitalStay": "100000"}},
    "a birth in year -44": {"more": {"DOB": "-0044-03-15"}},
    "a birth in year 12345": {"more": {"DOB": "12345-03-15"}},
    "a birth with a zone": {"more": {"DOB": "1970-03-15+14:00"}},
    "an id of 255 characters": {"record_id": "ü" * 255},
    "a facility without a name": {"facility": ""},
    "long notes": {"notes": "n" * 1_000_000},
    "long notes on blood": {"notes": "blood:type A " * 12_000},
    "the same member twice": {"staff": [(TIN, NPI), (TIN, NPI)]},
    "a team of 10000": {"staff": [(TIN, NPI), (TIN, OTHER_NPI)] * 5_000},
    "an NPI without its check digit": {"staff": [(TIN, "1234567890")]},
    "the same quality code ten times": {"quality": [("PQRS404", "G9642")] * 10},
}
NOT_STORED = {
    "year 10000": {"start": "10000-01-01T00:00:00"},
    "a year before our era": {"start": "-0044-03-15T00:00:00"},
    "the end of time": {"start": "9999-12-31T24:00:00"},
    "a huge age": {"age": "9" * 10_000},
    "age 151": {"age": "151"},
    "a huge weight": {"weight_kg": "9" * 140_000},
    "a weight of many decimals": {"weight_kg": "70." + "1" * 20_000},
    "a stay of a million days": {"more": {"LengthOfHospitalStay": "1000000"}},
    "a huge stay": {"more": {"LengthOfHospitalStay": "9" * 10_000}},
    "an id of 256 characters": {"record_id": "ü" * 256},
    "a facility of 256 characters": {"facility": "F" * 256},
    "an empty id": {"record_id": ""},
    "a blank id": {"record_id": " \t\n "},
    "a day that is none": {"start": "2023-02-29T07:30:00"},
}


@pytest.mark.parametrize("facts", STORED.values(), ids=list(STORED))
def test_what_the_schema_allows_is_stored(registry: Registry, facts: dict[str, Any]) -> None:
    practice = registry.practice()
    receipt = practice.send(a_case_file(a_record(**facts)))
    assert (receipt["status"], receipt["records"]["created"]) == ("accepted", 1)
    (told,) = practice.read(receipt["links"]["records"])["items"]
    case = practice.read(f"/v1/cases/{told['case_id']}")
    assert practice.count(case["fields"]["performance_year"]) == 1


@pytest.mark.parametrize("facts", NOT_STORED.values(), ids=list(NOT_STORED))
def test_what_cannot_be_stored_is_a_finding(registry: Registry, facts: dict[str, Any]) -> None:
    practice = registry.practice()
    receipt = practice.send(a_case_file(a_record(**facts), a_record("B-1")))
    assert receipt["status"] == "partially_accepted"
    assert receipt["findings"]["error"] == 1
    assert practice.count() == 1


@pytest.mark.parametrize("space", ["\u00a0", "\u0085", "\u3000", "\u2003"])
def test_an_id_with_a_space_that_is_none_to_xml_is_an_id_of_its_own(
    registry: Registry, space: str
) -> None:
    practice = registry.practice()
    receipt = practice.send(a_case_file(a_record("A-1"), a_record(f"A-1{space}"), a_record(space)))
    assert (receipt["records"]["created"], receipt["records"]["rejected"]) == (2, 1)
    ids = [case["anesthesia_record_id"] for case in practice.pages("/v1/cases", **FIGURES)[0]]
    assert ids == ["A-1", f"A-1{space}"]  # nothing but a space is no id, whatever space it is


BROKEN_RECORDS = {
    "NUL": "\x00",
    "a control character": "\x07",
    "a reference to NUL": "&#0;",
    "a reference to a surrogate": "&#xD800;",
    "an unknown entity": "&nbsp;",
    "an end tag too many": "</AnesthesiaCase>",
    "bytes that are no UTF-8": "\udcff",
    "a record in a record": "<AnesthesiaRecord>",
    "an unknown prefix": "<x:y/>",
    "ten thousand levels": "<a>" * 10_000,
}


@pytest.mark.parametrize("broken", BROKEN_RECORDS.values(), ids=list(BROKEN_RECORDS))
def test_a_broken_record_harms_no_other(registry: Registry, broken: str) -> None:
    practice = registry.practice()
    marked = a_case_file(a_record("A-1"), a_record("A-2", facility="HERE"), a_record("A-3"))
    sent = marked.replace(b"HERE", broken.encode(errors="surrogateescape"))
    receipt = practice.send(sent)
    assert receipt["status"] in ("partially_accepted", "rejected")
    assert receipt["findings"]["error"] >= 1
    assert practice.count() == receipt["records"]["created"]


# --- bodies that do not end, or swell -----------------------------------------------------------

VALIDATE_LIMIT = 4 << 20
MIB = 1 << 20


class Endless:
    """Ten gibibytes of a body, made as they are taken; `given` counts them."""

    def __init__(self, filler: bytes) -> None:
        self._block = filler * (MIB // len(filler))
        self.given = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.given < 10 << 30:
            self.given += len(self._block)
            yield self._block


@pytest.mark.parametrize(
    ("encoding", "filler"),
    [("identity", b"garbage "), ("identity", b"\0"), ("gzip", b"garbage "), ("zstd", b"\0")],
)
def test_a_body_without_end_is_refused_at_the_limit(
    registry: Registry, encoding: str, filler: bytes
) -> None:
    body = Endless(filler)
    headers = {**XML, **({} if encoding == "identity" else {"Content-Encoding": encoding})}
    answer = registry.anyone().ask("POST", "/v1/validate", content=body, headers=headers)
    assert answer.status_code in (400, 413)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert body.given <= VALIDATE_LIMIT + 2 * MIB


def bomb(encoding: str) -> bytes:
    """A body of kilobytes that swells to 64 MiB."""
    squeezer: Any = (
        zlib.compressobj(wbits=31)
        if encoding == "gzip"
        else zstandard.ZstdCompressor().compressobj()
    )
    block = b" " * MIB
    return b"".join([*(squeezer.compress(block) for _ in range(64)), squeezer.flush()])


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_bomb_is_refused_before_it_goes_off(registry: Registry, encoding: str) -> None:
    body = bomb(encoding)
    headers = {**XML, "Content-Encoding": encoding}
    tracemalloc.start()
    answer = registry.anyone().ask("POST", "/v1/validate", content=body, headers=headers)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert answer.json()["limit"] == VALIDATE_LIMIT
    assert peak < 32 * MIB


@pytest.mark.soak
def test_as_many_records_as_fit_into_a_body_are_all_counted(registry: Registry) -> None:
    body = a_case_file("<AnesthesiaRecord/>" * 200_000)
    assert len(body) < VALIDATE_LIMIT
    report = registry.anyone().validate(body)
    assert report["records"] == {"total": 200_000, "valid": 0, "invalid": 200_000}
    assert report["findings_total"] == 200_000
    assert len(report["findings"]) + report["findings_omitted"] == 200_000


# --- records that would keep the service busy ---------------------------------------------------


@dataclass(frozen=True)
class Busy:
    """A record of less than 3 MiB; `codes` are those of its findings."""

    name: str
    record: str
    codes: set[str]

    def __str__(self) -> str:
        return self.name


def a_method(start: str, end: str) -> str:
    return (
        "<AnesthesiaMethod><AnesthesiaCategory>General Anesthesia</AnesthesiaCategory>"
        f"<AnesthesiaStartTime>{start}</AnesthesiaStartTime>"
        f"<AnesthesiaEndTime>{end}</AnesthesiaEndTime></AnesthesiaMethod>"
    )


def with_methods(methods: str) -> str:
    return a_record().replace("</AnesthesiaMethodSet>", f"{methods}</AnesthesiaMethodSet>")


def with_temperatures(value: str, number: int) -> str:
    reading = (
        "<Monitoring><MonitoringName>Temperature</MonitoringName>"
        f"<MonitoringValueNumeric>{value}</MonitoringValueNumeric></Monitoring>"
    )
    readings = f"<MonitoringPhysiologicSet>{reading * number}</MonitoringPhysiologicSet>"
    return a_record().replace("<IntraOp/>", f"<IntraOp>{readings}</IntraOp>")


def with_milestones(start: str, end: str, number: int) -> str:
    milestone = (
        f"<TimingMilestone><TMType>Anesthesia Ready</TMType><TMStartTime>{start}</TMStartTime>"
        f"<TMEndTime>{end}</TMEndTime></TimingMilestone>"
    )
    milestones = f"</PostOp><TimingMilestones>{milestone * number}</TimingMilestones>"
    return a_record().replace("</PostOp>", milestones)


def with_a_record_in_it(record: str, inner: str) -> str:
    nested = f"<AnesthesiaRecord>{inner}</AnesthesiaRecord></AnesthesiaRecord>"
    return record.replace("</AnesthesiaRecord>", nested)


MORNING, EARLIER = "2024-03-01T07:30:00", "2024-03-01T07:20:00"
NO_YEAR = a_method("99999-01-01T00:00:00", "99999-01-01T00:00:00")
NO_TIMES = (
    "<AnesthesiaMethod><AnesthesiaCategory>General Anesthesia</AnesthesiaCategory>"
    "</AnesthesiaMethod>"
)
BUSY = [
    Busy(
        "methods that end early behind many",
        with_methods(a_method(MORNING, MORNING) * 6_000 + a_method(MORNING, EARLIER) * 100),
        {"AR310"},
    ),
    Busy("milestones that end early", with_milestones(MORNING, EARLIER, 12_000), {"AR310"}),
    Busy("years of no calendar", with_methods(NO_YEAR * 4_000), {"AR304"}),
    Busy(
        "years of no calendar in a long record",
        with_methods(NO_YEAR * 4_000 + "\n" * 66_000),
        {"AR304"},
    ),
    Busy("endless temperatures", with_temperatures("9" * 51, 4_000), {"AR304"}),
    Busy(
        "a record in a record that lacks much",
        with_a_record_in_it(with_methods(NO_TIMES * 498), "<a/>" * 300_000),
        {"AR202", "AR203"},
    ),
]


@pytest.mark.parametrize("busy", BUSY, ids=str)
def test_a_record_keeps_the_service_busy_for_seconds_and_no_minutes(
    registry: Registry, busy: Busy
) -> None:
    began = time.process_time()
    report = registry.anyone().validate(a_case_file(busy.record))
    seconds = time.process_time() - began
    assert {finding["code"] for finding in report["findings"]} == busy.codes
    assert seconds < 10


def test_what_cannot_be_stored_of_one_record_has_an_end(registry: Registry) -> None:
    report = registry.anyone().validate(a_case_file(with_temperatures("9" * 51, 15_000)))
    assert report["findings_total"] == MOST_FINDINGS


# --- requests ---------------------------------------------------------------------------------

UNSTORABLE = "a\x00b"
MIDNIGHT = "2024-01-01T00:00:00+00:00"
ABSURD_QUERIES = [
    ("/v1/counts", {"practice_id": UNSTORABLE}),
    ("/v1/counts", {"practice_id": "٣٤٥"}),
    ("/v1/counts", {"practice_id": "12345\n"}),
    ("/v1/counts", {"performance_year": "1e400"}),
    ("/v1/counts", {"performance_year": "9" * 6_000}),
    ("/v1/counts", {"performance_year": 0}),
    ("/v1/counts", {"performance_year": 10_000}),
    ("/v1/counts", {"performance_year": 9999}),
    ("/v1/counts", {"from": "0001-01-01", "to": "9999-12-31"}),
    ("/v1/counts", {"from": "9999-12-31"}),
    ("/v1/counts", {"from": "2024-12-31", "to": "2024-01-01"}),
    ("/v1/counts", {"from": "10000-01-01"}),
    ("/v1/counts", {"from": "1709251200"}),
    ("/v1/counts", {"to": "2024-02-30"}),
    ("/v1/counts", {"tin": "123-45-6789"}),
    ("/v1/counts", {"tin": UNSTORABLE}),
    ("/v1/counts", {"npi": "1234567890"}),
    ("/v1/counts", {"group_by": "tin,tin,npi,month,facility,tin"}),
    ("/v1/counts", {"group_by": ",".join(["tin"] * 10_000)}),
    ("/v1/counts", {"group_by": "tin;DROP TABLE cases"}),
    ("/v1/measures/results", {"level": "nobody"}),
    ("/v1/measures/results", {"measure_id": UNSTORABLE}),
    ("/v1/measures/results", {"measure_id": "4" * 50_000}),
    ("/v1/measures/results", {"performance_year": 1999}),
    ("/v1/measures/results", {"performance_year": 2100}),
    ("/v1/measures/results/cases", {}),
    ("/v1/measures/results/cases", {"measure_id": "404", "performance": UNSTORABLE}),
    ("/v1/measures/results/cases", {"measure_id": "404", "cursor": cursor({"case": 1})}),
    (
        "/v1/measures/results/cases",
        {"measure_id": "404", "cursor": cursor({"case": str(uuid4()), "stratum": UNSTORABLE})},
    ),
    (
        "/v1/measures/results/cases",
        {"measure_id": "404", "cursor": cursor({"case": str(uuid4()), "stratum": "\ud800"})},
    ),
    ("/v1/measures/results/cases", {"measure_id": "404", "cursor": cursor([])}),
    ("/v1/cases", {"limit": 0}),
    ("/v1/cases", {"limit": 501}),
    ("/v1/cases", {"limit": "9" * 100}),
    ("/v1/cases", {"cursor": ""}),
    ("/v1/cases", {"cursor": "!"}),
    ("/v1/cases", {"cursor": "ü"}),
    ("/v1/cases", {"cursor": "A" * 50_000}),
    ("/v1/cases", {"cursor": cursor({"after": "no id"})}),
    ("/v1/cases", {"cursor": cursor({"before": str(uuid4())})}),
    ("/v1/cases", {"cursor": cursor(["[" * 300])}),
    ("/v1/submissions", {"cursor": cursor({"before": None})}),
    ("/v1/submissions", {"cursor": cursor(7)}),
    ("/v1/submissions", {"practice_id": ""}),
    ("/v1/registrations", {"performance_year": 2024, "cursor": cursor({"after": "\ud800"})}),
    ("/v1/audit", {"cursor": cursor({"at": MIDNIGHT, "chain": "12345", "number": float("inf")})}),
    ("/v1/practices", {"cursor": cursor({"after": UNSTORABLE})}),
    ("/v1/practices", {"cursor": cursor({"after": "\ud800"})}),
    ("/v1/measures", {"performance_year": "-1"}),
    ("/v1/measures/%00", {}),
    ("/v1/measures/424/", {}),
    ("/v1/schemas/%00", {}),
    ("/v1/schemas/..%2f..%2fetc%2fpasswd", {}),
    ("/v1/schemas/2023V1.0/changes", {"since": UNSTORABLE}),
    ("/docs/findings/%00", {}),
    ("/docs/problems/..%2f..%2fapp", {}),
    ("/static/../app/main.py", {}),
    (f"/v1/cases/{'0' * 36}", {}),
    ("/v1/cases/%00", {}),
    ("/v1/cases/{case_id}", {}),
    ("/v1/submissions/01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f20/file/..", {}),
]


@pytest.mark.parametrize(("path", "asked"), ABSURD_QUERIES)
def test_an_absurd_question_is_no_fault_of_ours(
    registry: Registry, path: str, asked: dict[str, Any]
) -> None:
    answer = registry.practice().get(path, **{**FIGURES, **asked})
    assert answer.status_code in (200, 307, 400, 404, 422), answer.text


RECORD_CURSORS = [{"after": True}, {"after": 10**300}, {"after": -1}, {"after": 1.5}, {}, None]


@pytest.mark.parametrize("key", RECORD_CURSORS, ids=str)
def test_an_absurd_cursor_of_records_is_no_fault_of_ours(registry: Registry, key: object) -> None:
    vendor = registry.vendor()
    receipt = vendor.send(a_case_file())
    answer = vendor.get(receipt["links"]["records"], cursor=cursor(key))
    assert answer.status_code in (200, 400)


REASONS = [UNSTORABLE, "\\N", "🩺\n\t", "r" * 500]


@pytest.mark.parametrize("reason", REASONS, ids=["NUL", "null of COPY", "emoji", "long"])
def test_a_reason_of_deletion_is_kept_or_refused(registry: Registry, reason: str) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    ((case,),) = practice.pages("/v1/cases", practice_id=PRACTICE)
    path = f"/v1/cases/{case['case_id']}"
    answer = practice.delete(path, reason=reason)
    assert answer.status_code == (422 if "\x00" in reason else 200)
    if answer.status_code == 200:
        assert practice.read(path)["fields"]["deletion_reason"] == reason


FILE_NAMES = ["a\x00b.xml", "../../etc/passwd", "C:\\data\\march.xml", "\u202elmx.exe", "ü" * 300]


@pytest.mark.parametrize("name", FILE_NAMES, ids=["NUL", "dots", "windows", "reversed", "long"])
def test_a_file_name_is_only_ever_a_name(registry: Registry, name: str) -> None:
    vendor = registry.vendor()
    files = {"file": (name, a_case_file(), "application/xml")}
    answer = vendor.ask("POST", f"/v1/submissions?practice_id={PRACTICE}", files=files)
    assert answer.status_code == 201
    kept = answer.json()["file_name"]
    assert kept is None or (kept.isprintable() and "/" not in kept and "\\" not in kept)


# --- nothing that was sent is repeated --------------------------------------------------------

PLANTED = ["777665544", "1777777774", "Zebrafisch", "1931-12-24", "nacor_planted_key_value"]
_PLANTED_TIN, _PLANTED_NPI, _PLANTED_NAME, _PLANTED_DAY, _PLANTED_KEY = PLANTED


def planted_record(record_id: str, **facts: Any) -> str:
    """A record with a fault, and with values that must show up nowhere."""
    more = {"PatientID": _PLANTED_NAME, "DOB": _PLANTED_DAY, "HomeCity": _PLANTED_NAME}
    return a_record(
        record_id,
        **{"staff": [(_PLANTED_TIN, _PLANTED_NPI)], "notes": _PLANTED_NAME, "more": more} | facts,
    )


def planted_files() -> list[bytes]:
    more = {"HomeZip": _PLANTED_NAME, "DOB": f"{_PLANTED_DAY}T", "Race": _PLANTED_NAME}
    return [
        a_case_file(planted_record("A-1")),
        a_case_file(planted_record("A-2", sex=_PLANTED_NAME)),
        a_case_file(planted_record("A-3", age=_PLANTED_NAME, weight_kg=_PLANTED_NAME)),
        a_case_file(planted_record("A-4", start=_PLANTED_DAY, end=_PLANTED_NAME)),
        a_case_file(planted_record("A-5", more=more)),
        a_case_file(planted_record("A-6", staff=[(_PLANTED_TIN + "0", _PLANTED_NPI + "0")])),
        a_case_file(planted_record("A-7", quality=[(_PLANTED_NAME, _PLANTED_TIN)])),
        a_case_file(planted_record("A-8").replace("<PreOp>", f"<X>{_PLANTED_NAME}</X><PreOp>")),
        a_case_file(planted_record("A-9").replace("<PreOp>", f'<PreOp x="{_PLANTED_NAME}">')),
        a_case_file(planted_record("A-10").replace("<PreOp>", f"{_PLANTED_NAME}<PreOp>")),
        a_case_file(planted_record("A-11"), practice_id="no id"),
        a_case_file(planted_record("A-12"), practice_id="23456"),
        a_case_file(_PLANTED_NAME),
        f"<{_PLANTED_NAME}>{_PLANTED_DAY}</{_PLANTED_NAME}>".encode(),
        f'<!DOCTYPE a [<!ENTITY {_PLANTED_NAME} "{_PLANTED_DAY}">]>'.encode() + a_case_file()[39:],
        _PLANTED_NAME.encode(),
        a_case_file(planted_record("A-13"))[:-300],
    ]


def bad_requests(caller: Caller) -> list[Response]:
    figures = {**FIGURES, "tin": _PLANTED_TIN + "x", "npi": _PLANTED_NPI + "x"}
    paths = ("/v1/counts", "/v1/measures/results", "/v1/cases", "/v1/submissions")
    names = {"practice_id", "performance_year", "tin", "npi", "from", "group_by", "level", "limit"}
    answers = [caller.get(path, **figures) for path in paths]
    answers += [caller.get(path, **{**FIGURES, n: _PLANTED_NAME}) for path in paths for n in names]
    answers += [
        caller.get("/v1/measures/results", **FIGURES, measure_id=_PLANTED_NAME),
        caller.get(f"/v1/cases/{_PLANTED_TIN}"),
        caller.get(f"/v1/submissions/{_PLANTED_NAME}/report"),
        caller.get(f"/v1/{_PLANTED_NAME}"),
        caller.get(f"/v1/schemas/{_PLANTED_NAME}"),
        caller.get(f"/docs/findings/{_PLANTED_NAME}"),
        caller.get("/v1/cases", practice_id=PRACTICE, cursor=_PLANTED_NAME),
        caller.ask("DELETE", f"/v1/cases/{uuid4()}", params={"reason": _PLANTED_NAME}),
        caller.ask("GET", "/v1/counts", headers={"X-Request-Id": _PLANTED_TIN}),
        caller.ask("POST", "/v1/submissions", params={"practice_id": _PLANTED_NAME}, headers=XML),
        caller.ask(
            "POST",
            f"/v1/submissions?practice_id={PRACTICE}&on_error={_PLANTED_NAME}",
            content=b"",
            headers=XML,
        ),
        caller.submit(b"<", headers={"Content-Type": f"x/{_PLANTED_NAME}"}),
        caller.submit(b"<", headers={"Content-Encoding": _PLANTED_NAME}),
        caller.submit(b"<", headers={"Idempotency-Key": _PLANTED_NAME * 100}),
    ]
    return answers


def test_nothing_that_was_sent_is_repeated_in_errors_findings_and_logs(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    practice = registry.practice()
    with caplog.at_level(logging.DEBUG):
        answers = bad_requests(practice)
        answers += bad_requests(registry.anyone(key=_PLANTED_KEY))
        for case_file in planted_files():
            answers.append(practice.submit(case_file))
            answers.append(practice.get(answers[-1].json()["links"]["report"]))
            answers.append(practice.ask("POST", "/v1/validate", content=case_file, headers=XML))
        answers.append(registry.anyone().get("/metrics"))
    planted = re.compile("|".join(PLANTED), re.IGNORECASE)
    for answer in answers:
        assert not planted.search(answer.text), answer.url
        assert not planted.search(str(answer.headers)), answer.url
        assert answer.status_code < 500, answer.url
    assert len(caplog.records) > len(answers)
    for record in caplog.records:
        if record.name.startswith(("httpx", "httpcore", "asyncio")):
            continue  # the client's own log, which a sender has and the service has not
        assert not planted.search(str(vars(record))), record


def test_every_refusal_is_a_problem_whose_type_is_a_page(registry: Registry) -> None:
    refusals = bad_requests(registry.practice()) + bad_requests(registry.anyone())
    types = set()
    for answer in refusals:
        if answer.status_code == 200:
            continue  # a parameter that this address does not know is left alone
        assert answer.headers["Content-Type"] == "application/problem+json"
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["title"]
        assert told["instance"] == f"urn:nacor:request:{answer.headers['X-Request-Id']}"
        types.add(told["type"])
    assert len(types) > 5
    for address in types:
        page = registry.anyone().get(address)
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
