"""What a file costs whose every record has faults, and one request beside xmllint."""

import http.client
import io
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import cycle
from typing import Final

from app.checking.report import validate_case_file
from app.checking.standards import Standards, load_standards
from app.synthetic.faults import FAULTS
from bench import yardsticks
from bench.files import CaseFile, case_file
from bench.measured import EXPLAIN_TARGET, REQUEST_TARGET, Comparison
from bench.pairs import alternate
from bench.server import connect, server
from bench.setting import Setting

_RECORDS: Final = 185  # nearly 4 MiB, the most that one validation takes
_DAY: Final = date(2020, 6, 1)
_MANY: Final = 30
_START_SECONDS: Final = 5.0
_RECORD = re.compile(r"(?=<AnesthesiaRecord>)")
_VALUE = re.compile(
    r"<(MonitoringTime|MonitoringValueNumeric|MedDose|DoseStart|LabValue|PatientSex|ASAClass|NPI)>"
    r"[^<]+<"
)


def compare_explaining(setting: Setting) -> Iterator[Comparison]:
    """Yield process CPU seconds of our own check, beside those of the same file without fault."""
    setting.say("a fault in every record, and thirty")
    standards = load_standards()
    clean = case_file(_RECORDS).path.read_bytes()
    files = {
        "check, a fault in every record": _with_a_fault_each(clean),
        f"check, {_MANY} faults in every record": _with_many_faults_each(clean),
    }
    _seconds(next(iter(files.values())), standards)  # loads the model, once a process
    for what, faulty in files.items():
        pairs = alternate(
            lambda: _seconds(clean, standards),
            lambda faulty=faulty: _seconds(faulty, standards),  # type: ignore[misc]
            setting.sizes.pairs,
        )
        yield Comparison(
            what=what,
            against="the same without",
            records=_RECORDS,
            ours=[seconds for _, seconds in pairs],
            yardstick=[seconds for seconds, _ in pairs],
            target=EXPLAIN_TARGET,
        )


def compare_one_request(setting: Setting) -> Comparison:
    setting.say("one request of 4 MiB beside xmllint")
    file = case_file(_RECORDS)
    with server() as running, closing(connect(running.port)) as client:
        _warm_up(client, file)
        pairs = alternate(
            lambda: yardsticks.xmllint(file).seconds,
            lambda: _validate(client, file),
            setting.sizes.pairs,
        )
    return Comparison(
        what="POST of 4 MiB to be validated",
        against="xmllint",
        records=_RECORDS,
        ours=[seconds for _, seconds in pairs],
        yardstick=[seconds for seconds, _ in pairs],
        target=REQUEST_TARGET,
    )


def _warm_up(client: http.client.HTTPConnection, file: CaseFile) -> None:
    """The first large file has the processes started that later ones are checked by."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        _validate(client, file)


def _seconds(file: bytes, standards: Standards) -> float:
    began = time.process_time()
    validate_case_file(io.BytesIO(file), standards, day=_DAY)
    return time.process_time() - began


def _validate(client: http.client.HTTPConnection, file: CaseFile) -> float:
    body = file.path.read_bytes()
    began = time.perf_counter()
    client.request("POST", "/v1/validate", body, {"Content-Type": "application/xml"})
    answer = client.getresponse()
    told = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"POST was answered {answer.status}: {told.decode()}")
    return time.perf_counter() - began


def _with_a_fault_each(clean: bytes) -> bytes:
    """Give every record one of the faults that the schema finds, in turn."""
    start, *records = _RECORD.split(clean.decode())
    faults = cycle([fault for fault in FAULTS if fault.expected.startswith("AR2")])
    return "".join([start, *(next(faults).plant(record) for record in records)]).encode()


def _with_many_faults_each(clean: bytes) -> bytes:
    start, *records = _RECORD.split(clean.decode())
    spoilt = [_VALUE.sub(r"<\1>wrong<", record, count=_MANY) for record in records]
    return "".join([start, *spoilt]).encode()
