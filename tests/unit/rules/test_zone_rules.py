"""Times with a zone: it is dropped. Anesthesia in the sample record: 07:30 to 09:30, no zones."""

import re

import pytest
from sample_records import (
    a_record,
    changed,
    codes_of,
    message_for,
    place_of,
    remarks_of,
    sample_record,
)

from app.checking.standards import load_standards
from app.domain.findings import Severity
from app.rules.checks.times import STARTS
from app.rules.definition import VersionYears
from app.rules.undecoded import TIMES
from app.xsd.catalogue import SchemaVersion
from app.xsd.samples import sample_case_file

TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})")
OLD = VersionYears(first=2018, last=None, lenient_until=None)
VERSIONS = load_standards().schemas.versions()


def in_zone(zone: str) -> str:
    return TIME.sub(rf"\1{zone}", sample_record())


ZONES = [
    # zone      message
    ("-06:00", "one"),
    ("+05:30", "one"),
    ("Z", "greenwich"),
    ("+00:00", "greenwich"),
    ("-00:00", "greenwich"),
]


@pytest.mark.parametrize(("zone", "message"), ZONES)
def test_a_record_in_one_zone_is_told_once(zone: str, message: str) -> None:
    [(code, remark)] = remarks_of(in_zone(zone))
    assert (code, remark.message, remark.severity) == ("AR317", message, None)
    assert remark.at == "Procedure[1]/ProcStartTime[1]"


def test_in_files_of_early_versions_one_zone_is_usual() -> None:
    [(code, remark)] = remarks_of(in_zone("-06:00"), years=OLD)
    assert (code, remark.severity) == ("AR317", Severity.INFO)


@pytest.mark.parametrize("zone", ["Z", "-06:00"])
def test_in_files_of_early_versions_too_what_is_lost_is_a_warning(zone: str) -> None:
    record = changed(in_zone(zone), PostOpDischargeDateTime="2020-03-01T16:00:00.000-05:00")
    [(_, remark)] = remarks_of(record, years=OLD)
    assert (remark.message, remark.severity) == ("differ", None)


@pytest.mark.parametrize("name", TIMES)
def test_a_single_time_with_a_zone_is_found(name: str) -> None:
    [written] = re.findall(rf"<{name}>(.*?)<", sample_record())[:1]
    record = a_record(**{name: f"{written}-06:00 "})
    assert codes_of(record) == ["AR317"]
    assert place_of(record).rpartition("/")[2] == f"{name}[1]"
    assert message_for(record) == (
        "Times of this record carry different zones, or only some carry one: the zones are dropped,"
        " and the clock times left cannot be compared."
    )


PROCEDURES = [
    # start                        end                           codes
    ("2020-03-01T09:12:00-06:00", "2020-03-01T14:05:00Z", ["AR310", "AR317"]),  # 15:12Z, 14:05Z
    ("2020-03-01T09:12:00-05:00", "2020-03-01T14:15:00Z", ["AR317"]),
    ("2020-03-01T14:05:00Z", "2020-03-01T09:12:00-06:00", ["AR317"]),  # ends at 15:12Z
    ("2020-03-01T09:12:00", "2020-03-01T08:05:00Z", ["AR317"]),  # nobody can tell
    ("2020-03-01T09:12:00-06:00", "2020-03-01T09:05:00", ["AR317"]),
    ("2020-03-01T09:12:00-06:00", "2020-03-01T09:05:00-06:00", ["AR310", "AR317"]),
    ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00", ["AR317"]),
    ("0001-01-01T00:00:00-14:00", "0001-01-01T00:00:00+14:00", ["AR310", "AR317"]),
    ("2020-03-01T24:00:00-06:00", "2020-03-02T05:59:00Z", ["AR310", "AR317"]),
]


@pytest.mark.parametrize(("start", "end", "codes"), PROCEDURES)
def test_times_in_zones_are_compared_as_moments(start: str, end: str, codes: list[str]) -> None:
    assert codes_of(a_record(ProcStartTime=start, ProcEndTime=end)) == codes


def test_in_zones_that_differ_no_times_are_held_against_the_anesthesia() -> None:
    record = a_record(
        PostOpDischargeDateTime="2020-02-28T16:00:00Z",
        TMStartTime="2019-03-01T07:30:00.000",
        AnesthesiaInductionStartTime="2020-03-01T02:00:00.000",
    )
    assert codes_of(record) == ["AR317"]


def test_in_one_zone_they_are() -> None:
    record = in_zone("-06:00").replace("01T16:00:00.000", "01T07:00:00.000")
    assert codes_of(record) == ["AR315", "AR317"]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_every_time_of_every_version_is_looked_at(version: SchemaVersion) -> None:
    record = sample_case_file(version).decode().partition("<AnesthesiaRecord>")[2]
    written = set(re.findall(r"<(\w+)>\d{4}-\d\d-\d\dT", record))
    assert written == set(TIMES)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_a_start_stands_right_before_its_end(version: SchemaVersion) -> None:
    record = sample_case_file(version).decode().partition("<AnesthesiaRecord>")[2]
    for end, start in STARTS.items():
        assert re.findall(rf"</(\w+)>\s*<{end}>", record)[0] == start
