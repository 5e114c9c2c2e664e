"""A report as JSON: the shape of `app.checking.wire`, without the time its models take to load.

A test holds the two against each other.
"""

from typing import Any, BinaryIO

import orjson

from app.checking.report import ValidationReport
from app.domain.findings import Finding
from app.reports.checked_file import CheckedFile
from app.reports.words import help_url


class JsonReports:
    """JSON Lines: a report for each file, with its name in `file`."""

    def begin(self, out: BinaryIO) -> None: ...

    def write(self, checked: CheckedFile, out: BinaryIO) -> None:
        shown = _as_dict(checked.report, service_url=checked.service_url)
        out.write(orjson.dumps({"file": checked.name, **shown}) + b"\n")

    def end(self, out: BinaryIO) -> None: ...


def json_of(report: ValidationReport, *, service_url: str) -> bytes:
    return orjson.dumps(_as_dict(report, service_url=service_url))


def _as_dict(report: ValidationReport, *, service_url: str) -> dict[str, Any]:
    return {
        "valid": report.is_valid,
        "schema_version": report.schema_version,
        "practice_id": report.practice_id,
        "sha256": report.sha256,
        "bytes": report.bytes,
        "records": {
            "total": report.records_total,
            "valid": report.records_valid,
            "invalid": report.records_total - report.records_valid,
        },
        "findings": [_finding(each, service_url) for each in report.findings],
        "findings_total": report.findings_total,
        "findings_omitted": report.findings_omitted,
    }


def _finding(finding: Finding, service_url: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "scope": finding.scope,
        "record": finding.record,
        "anesthesia_record_id": finding.anesthesia_record_id,
        "line": finding.line,
        "path": finding.path,
        "message": finding.message,
        "expected": finding.expected,
        "suggestion": finding.suggestion,
        "help": help_url(finding, service_url),
    }
