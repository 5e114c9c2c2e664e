"""The words for what is wrong with the file as a whole, outside its records."""

from collections.abc import Iterator

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.cutter import AfterTheEnd, CutOff, Stray
from app.xsd.prolog import (
    HEADER,
    RECORD,
    ROOT,
    DtdRefused,
    EndsInProlog,
    Prolog,
    PrologFault,
)

ROOT_PATH = f"/{ROOT}"


def file_finding(
    code: FindingCode,
    line: int,
    message: str,
    *,
    path: str = ROOT_PATH,
    expected: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.FILE,
        path=path,
        line=line,
        message=message,
        expected=expected,
    )


def between(cut: Stray | CutOff | AfterTheEnd) -> Finding:
    match cut:
        case Stray(is_header=True):
            return _misplaced_header(cut.line)
        case Stray():
            return _stray(cut.line)
        case CutOff():
            return file_finding(
                FindingCode.FILE_CUT_OFF,
                cut.line,
                f"The file ends before </{ROOT}>; it was probably cut off. Send it again.",
            )
        case AfterTheEnd():
            return file_finding(
                FindingCode.AFTER_THE_END,
                cut.line,
                f"Something stands behind </{ROOT}>. Remove it.",
            )


def _stray(line: int) -> Finding:
    return file_finding(
        FindingCode.BETWEEN_RECORDS,
        line,
        f"Something other than {HEADER} and {RECORD} stands directly in {ROOT}. Remove it.",
        expected=(RECORD,),
    )


def _misplaced_header(line: int) -> Finding:
    return file_finding(
        FindingCode.HEADER_MISPLACED,
        line,
        f"{HEADER} stands once, before the first {RECORD}.",
    )


def of_prolog(fault: PrologFault) -> Finding:
    match fault:
        case DtdRefused():
            return file_finding(
                FindingCode.DTD_REFUSED,
                fault.line,
                "A document type declaration (DOCTYPE) is not allowed. Remove it.",
            )
        case EndsInProlog():
            return file_finding(
                FindingCode.FILE_CUT_OFF,
                fault.line,
                "The file ends before its first record is complete; it was probably cut off.",
            )
        case _:
            return file_finding(
                FindingCode.NOT_XML, fault.line, f"This is not well-formed XML: {fault}."
            )


def of_root(prolog: Prolog) -> Iterator[Finding]:
    line = prolog.root_line
    if prolog.root_tag.rpartition(":")[2] != ROOT:
        yield file_finding(
            FindingCode.WRONG_ROOT,
            line,
            f"The root element of a case file is {ROOT}.",
            path="/",
            expected=(ROOT,),
        )
        return
    if prolog.root_namespace:
        yield file_finding(
            FindingCode.ROOT_NAMESPACE,
            line,
            "The elements of a case file stand in no namespace. Remove the xmlns of the root.",
        )
    if prolog.foreign_attributes:
        yield file_finding(
            FindingCode.ROOT_ATTRIBUTE, line, f"{ROOT} takes no attributes: remove them."
        )
    for stray_line in prolog.stray_lines:
        yield _stray(stray_line)
    for header_line in prolog.repeated_header_lines:
        yield _misplaced_header(header_line)
