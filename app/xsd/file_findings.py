"""The words for what is wrong with the file as a whole, outside its records."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.domain.finding_catalogue import message_of
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.cutter import MAX_RECORD_BYTES, AfterTheEnd, BrokenPiece, CutOff, Stray
from app.xsd.other_formats import HTML
from app.xsd.prolog import (
    HEADER,
    RECORD,
    ROOT,
    DtdRefused,
    EndsInProlog,
    NothingThere,
    OtherFormat,
    PrologFault,
    Root,
)
from app.xsd.suggestions import closest_element

ROOT_PATH = f"/{ROOT}"
HEADER_PATH = f"{ROOT_PATH}/{HEADER}"


def record_path(number: int) -> str:
    """Where the record with this number stands; they count from 1."""
    return f"{ROOT_PATH}/{RECORD}[{number}]"


def file_finding(
    code: FindingCode,
    line: int,
    variant: str = "message",
    *,
    path: str = ROOT_PATH,
    expected: tuple[str, ...] = (),
    suggestion: str | None = None,
    words: Mapping[str, object] = MappingProxyType({}),
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.FILE,
        path=path,
        line=line,
        message=message_of(code, variant, **words),
        expected=expected,
        suggestion=suggestion,
    )


def between(cut: Stray | CutOff | AfterTheEnd) -> Finding:
    match cut:
        case Stray():
            return _stray(cut)
        case CutOff():
            return file_finding(FindingCode.FILE_CUT_OFF, cut.line, "between")
        case AfterTheEnd():
            return file_finding(FindingCode.AFTER_THE_END, cut.line)


def meant_by(stray: Stray) -> str | None:
    """Which element `stray` was probably to be: the header, or a record."""
    if stray.wraps_records:
        return RECORD
    return None if stray.name is None else closest_element(stray.name, (HEADER, RECORD))


def _stray(stray: Stray) -> Finding:
    meant = meant_by(stray)
    variant = "wrapper" if stray.wraps_records else "misspelt" if meant else "message"
    return file_finding(
        FindingCode.BETWEEN_RECORDS,
        stray.line,
        variant,
        expected=(meant or RECORD,),
        suggestion=meant if variant == "misspelt" else None,
        words={"suggestion": meant},
    )


def missing_header(line: int) -> Finding:
    return file_finding(FindingCode.HEADER_MISSING, line, expected=(HEADER,))


def misplaced_header(line: int) -> Finding:
    return file_finding(FindingCode.HEADER_MISPLACED, line)


def no_records(line: int) -> Finding:
    return file_finding(FindingCode.NO_RECORDS, line, expected=(RECORD,))


def refused_encoding() -> Finding:
    expected = ("UTF-8", "UTF-16", "ISO-8859-1")
    return file_finding(FindingCode.ENCODING, 1, path="/", expected=expected)


def of_prolog(fault: PrologFault) -> Finding:
    match fault:
        case NothingThere():
            return file_finding(FindingCode.FILE_EMPTY, fault.line, path="/")
        case DtdRefused():
            return file_finding(FindingCode.DTD_REFUSED, fault.line, path="/")
        case EndsInProlog():
            return file_finding(FindingCode.FILE_CUT_OFF, fault.line, "start", path="/")
        case OtherFormat():
            words = {"format": str(fault)}
            return file_finding(FindingCode.NOT_XML, fault.line, "format", path="/", words=words)
        case _:
            return file_finding(
                FindingCode.NOT_XML, fault.line, "start", path="/", words={"reason": str(fault)}
            )


def of_root(root: Root) -> Iterator[Finding]:
    if root.local_name.lower() == "html":
        yield of_prolog(OtherFormat(HTML, root.line))
        return
    if root.local_name != ROOT:
        yield file_finding(FindingCode.WRONG_ROOT, root.line, path="/", expected=(ROOT,))
        return
    if root.namespace:
        variant = "prefix" if ":" in root.tag else "message"
        yield file_finding(FindingCode.ROOT_NAMESPACE, root.line, variant)
    if root.has_foreign_attributes:
        yield file_finding(FindingCode.ROOT_ATTRIBUTE, root.line)


def of_broken_header(piece: BrokenPiece) -> Finding:
    code, variant, words = _of_broken_piece(piece)
    return file_finding(code, piece.fault_line, variant, path=HEADER_PATH, words=words)


def of_broken_record(piece: BrokenPiece, number: int) -> Finding:
    code, variant, words = _of_broken_piece(piece)
    return Finding(
        code=code,
        severity=Severity.ERROR,
        scope=Scope.RECORD,
        record=number,
        path=record_path(number),
        line=piece.fault_line,
        message=message_of(code, variant, **words),
    )


def _of_broken_piece(piece: BrokenPiece) -> tuple[FindingCode, str, dict[str, object]]:
    if piece.too_large:
        words = {"element": piece.name, "limit": MAX_RECORD_BYTES >> 20}
        return FindingCode.RECORD_TOO_LARGE, "message", words
    if piece.cut_off:
        return FindingCode.FILE_CUT_OFF, "inside", {"element": piece.name}
    if piece.name == HEADER:
        return FindingCode.NOT_XML, "header", {"reason": piece.reason}
    return FindingCode.RECORD_MALFORMED, "message", {"reason": piece.reason}
