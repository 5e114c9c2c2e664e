"""A validation report as JSON. One shape, whether it is asked for here or on the command line."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.checking.report import ValidationReport
from app.domain.findings import Finding, FindingCode, Scope, Severity


class FindingOut(BaseModel):
    code: FindingCode
    severity: Severity
    scope: Scope = Field(description="What an error keeps from being stored.")
    record: int | None = Field(description="The record it is about, counted from 1.")
    anesthesia_record_id: str | None
    line: int | None = Field(description="Line of the element in the file as received, from 1.")
    path: str = Field(description="XPath; for something missing, of the parent it belongs in.")
    message: str
    expected: list[str] = Field(description="What may stand there; empty when there is no list.")
    suggestion: str | None = Field(description="What was probably meant.")
    help: str = Field(description="Page that explains the code and how to mend the fault.")

    @classmethod
    def of(cls, finding: Finding, *, service_url: str) -> "FindingOut":
        return cls(
            code=finding.code,
            severity=finding.severity,
            scope=finding.scope,
            record=finding.record,
            anesthesia_record_id=finding.anesthesia_record_id,
            line=finding.line,
            path=finding.path,
            message=finding.message,
            expected=list(finding.expected),
            suggestion=finding.suggestion,
            help=f"{service_url}/docs/findings/{finding.code}",
        )


class CheckedRecordsOut(BaseModel):
    """`invalid` counts records with an error, and those that no schema could be held against."""

    total: int
    valid: int
    invalid: int


_EXAMPLE: JsonDict = {
    "valid": False,
    "schema_version": "2020V1.0",
    "practice_id": "12345",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "bytes": 118244,
    "records": {"total": 5, "valid": 4, "invalid": 1},
    "findings": [
        {
            "code": "AR201",
            "severity": "error",
            "scope": "record",
            "record": 3,
            "anesthesia_record_id": "A-0003",
            "line": 214,
            "path": "/AnesthesiaRecords/AnesthesiaRecord[3]/Demographic/PatientSex",
            "message": "PatientSex must be one of Male, Female, Missing, Unknown.",
            "expected": ["Male", "Female", "Missing", "Unknown"],
            "suggestion": "Male",
            "help": "https://registry.example/docs/findings/AR201",
        }
    ],
    "findings_total": 1,
    "findings_omitted": 0,
}


class ValidationReportOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    valid: bool = Field(description="False as soon as one finding is an error.")
    schema_version: str | None
    practice_id: str | None
    sha256: str = Field(description="Of the file as it is without compression, in hexadecimal.")
    bytes: int
    records: CheckedRecordsOut
    findings: Sequence[FindingOut]
    findings_total: int
    findings_omitted: int = Field(description="Counted above `max_findings` and not listed.")

    @classmethod
    def of(cls, report: ValidationReport, *, service_url: str) -> "ValidationReportOut":
        """`service_url` is where the pages of this service are, without a slash at the end."""
        return cls(
            valid=report.is_valid,
            schema_version=report.schema_version,
            practice_id=report.practice_id,
            sha256=report.sha256,
            bytes=report.bytes,
            records=CheckedRecordsOut(
                total=report.records_total,
                valid=report.records_valid,
                invalid=report.records_total - report.records_valid,
            ),
            findings=[FindingOut.of(each, service_url=service_url) for each in report.findings],
            findings_total=report.findings_total,
            findings_omitted=report.findings_omitted,
        )
