"""The report of a submission as JSON: that of a validation, and what the practice accepts of it."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.checking.acceptance import place_of
from app.checking.report import ValidationReport
from app.checking.wire import FindingOut, ValidationReportOut
from app.domain.acceptances import Acceptance
from app.domain.findings import Finding, FindingCode, Severity
from app.intake.acceptance_wire import ACCEPTED_EXAMPLE, AcceptedAs

Acceptances = Mapping[UUID, Acceptance]

_EXAMPLE: JsonDict = {
    "valid": True,
    "schema_version": "2023V1.0",
    "practice_id": "12345",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "bytes": 118244,
    "records": {"total": 5, "valid": 5, "invalid": 0},
    "findings": [
        {
            "code": "AR401",
            "severity": "warning",
            "scope": "record",
            "record": 3,
            "anesthesia_record_id": "A-0003",
            "line": 214,
            "path": "/AnesthesiaRecords/AnesthesiaRecord[3]/AnesthesiaCase/AnesthesiaStaffSet",
            "place": "AnesthesiaCase/AnesthesiaStaffSet",
            "message": "A TaxID of this record is not registered for the practice. The case is held"
            " and counts as soon as the TIN is confirmed.",
            "expected": [],
            "suggestion": None,
            "help": "https://registry.example/docs/findings/AR401",
            "accepted": ACCEPTED_EXAMPLE,
        }
    ],
    "findings_total": 1,
    "findings_omitted": 0,
    "findings_accepted": 1,
    "findings_by_code": [{"code": "AR401", "severity": "warning", "findings": 1, "accepted": 1}],
}


class ReviewedFindingOut(FindingOut):
    place: str = Field(
        description="Where it is, alike in all records: the `path` of an acceptance names it so."
    )
    accepted: AcceptedAs | None = Field(
        description="What the practice had accepted it by when the file was processed."
    )

    @classmethod
    def reviewed(
        cls, finding: Finding, acceptances: Acceptances, *, service_url: str
    ) -> "ReviewedFindingOut":
        acceptance = acceptances[finding.acceptance] if finding.acceptance else None
        return cls(
            **dict(FindingOut.of(finding, service_url=service_url)),
            place=place_of(finding),
            accepted=None if acceptance is None else AcceptedAs.of(acceptance),
        )


class CodeCountOut(BaseModel):
    """All findings of a code and severity, also those that are not listed."""

    code: FindingCode
    severity: Severity
    findings: int
    accepted: int = Field(description="How many of them the practice has accepted.")


class SubmissionReportOut(ValidationReportOut):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    findings: list[ReviewedFindingOut]
    findings_omitted: int = Field(description="Counted and not listed.")
    findings_accepted: int = Field(description="How many of all the practice has accepted.")
    findings_by_code: list[CodeCountOut] = Field(description="In the order of the codes.")

    @classmethod
    def reviewed(
        cls,
        report: ValidationReport,
        acceptances: Acceptances,
        *,
        service_url: str,
    ) -> "SubmissionReportOut":
        """`acceptances` has all that the findings name."""
        as_of_a_validation = dict(ValidationReportOut.of(report, service_url=service_url))
        findings = [
            ReviewedFindingOut.reviewed(each, acceptances, service_url=service_url)
            for each in report.findings
        ]
        return cls(
            **{**as_of_a_validation, "findings": findings},
            findings_accepted=sum(report.accepted.values()),
            findings_by_code=_by_code(report),
        )


def _by_code(report: ValidationReport) -> list[CodeCountOut]:
    return [
        CodeCountOut(
            code=code,
            severity=severity,
            findings=report.kinds[severity, code],
            accepted=report.accepted.get((severity, code), 0),
        )
        for severity, code in sorted(report.kinds, key=lambda kind: (kind[1], kind[0]))
    ]
