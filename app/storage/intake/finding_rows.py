"""Findings as they are stored: all of them but the acceptance, which has a column."""

from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from app.domain.findings import Finding, FindingCode, Scope, Severity

_STORED: Final = tuple(each.name for each in fields(Finding) if each.name != "acceptance")


def stored_finding(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _STORED}


def finding_of(stored: dict[str, Any], acceptance: UUID | None) -> Finding:
    return Finding(
        **{
            **stored,
            "code": FindingCode(stored["code"]),
            "severity": Severity(stored["severity"]),
            "scope": Scope(stored["scope"]),
            "expected": tuple(stored["expected"]),
        },
        acceptance=acceptance,
    )
