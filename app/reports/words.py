"""What every format for people says in the same words."""

from app.checking.report import ValidationReport
from app.domain.findings import Finding, Severity


def verdict(report: ValidationReport) -> str:
    """As in "3 errors, 1 warning" and "valid, 1 warning, 2 accepted"."""
    counted = [
        amount(number, severity) for severity, number in by_severity(report).items() if number
    ]
    accepted = sum(report.accepted.values())
    if accepted:
        counted.append(f"{accepted:,} accepted")
    return ", ".join(["valid", *counted] if report.is_valid else counted)


def by_severity(report: ValidationReport) -> dict[Severity, int]:
    """Count all findings that are not accepted, listed or not, the gravest severity first."""
    counts = dict.fromkeys(Severity, 0)
    for kind, number in report.kinds.items():
        counts[kind[0]] += number - report.accepted.get(kind, 0)
    return counts


def records(report: ValidationReport) -> str:
    """A file whose header could not be read has no version, and no record was looked at."""
    if report.schema_version is None and report.records_total == 0:
        return "no record could be read"
    known = f" against {report.schema_version}" if report.schema_version else ""
    return f"{report.records_valid:,} of {amount(report.records_total, 'record')} valid{known}"


def omitted(report: ValidationReport) -> str | None:
    left_out, total = report.findings_omitted, report.findings_total
    return f"{left_out:,} of {amount(total, 'finding')} not listed" if left_out else None


def suggested(finding: Finding) -> str | None:
    """What was probably meant, unless the message asks it already."""
    meant = finding.suggestion
    if meant is None or f"Did you mean {meant}?" in finding.message:
        return None
    return f"Did you mean {meant}?"


def help_url(finding: Finding, service_url: str) -> str:
    return f"{service_url}/docs/findings/{finding.code}"


def amount(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
