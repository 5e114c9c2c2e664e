"""The words for what is wrong with the file as a whole, outside its records."""

from collections.abc import Iterator

from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.xsd.cutter import AfterTheEnd, BrokenPiece, CutOff, Stray
from app.xsd.prolog import (
    HEADER,
    RECORD,
    ROOT,
    DtdRefused,
    EndsInProlog,
    NothingThere,
    PrologFault,
    Root,
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
        case Stray():
            return file_finding(
                FindingCode.BETWEEN_RECORDS,
                cut.line,
                f"Something other than {HEADER} and {RECORD} stands directly in {ROOT}. Remove it.",
                expected=(RECORD,),
            )
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


def missing_header(line: int) -> Finding:
    return file_finding(
        FindingCode.HEADER_MISSING,
        line,
        f"The file must begin with a {HEADER}.",
        expected=(HEADER,),
    )


def misplaced_header(line: int) -> Finding:
    return file_finding(
        FindingCode.HEADER_MISPLACED,
        line,
        f"{HEADER} stands once, before the first {RECORD}.",
    )


def no_records(line: int) -> Finding:
    return file_finding(
        FindingCode.NO_RECORDS, line, f"The file holds no {RECORD}.", expected=(RECORD,)
    )


def refused_encoding() -> Finding:
    return file_finding(
        FindingCode.ENCODING,
        1,
        "The file is in no encoding that is read here. Save it as UTF-8.",
        path="/",
        expected=("UTF-8", "UTF-16", "ISO-8859-1"),
    )


def of_prolog(fault: PrologFault) -> Finding:
    match fault:
        case NothingThere():
            return file_finding(FindingCode.FILE_EMPTY, fault.line, "The file is empty.", path="/")
        case DtdRefused():
            return file_finding(
                FindingCode.DTD_REFUSED,
                fault.line,
                "A document type declaration (DOCTYPE) is not allowed. Remove it.",
                path="/",
            )
        case EndsInProlog():
            return file_finding(
                FindingCode.FILE_CUT_OFF,
                fault.line,
                f"The file ends before the tag of {ROOT} is complete; it was probably cut off."
                " Send it again.",
                path="/",
            )
        case _:
            return file_finding(
                FindingCode.NOT_XML,
                fault.line,
                f"This is not well-formed XML: {fault}.",
                path="/",
            )


def of_root(root: Root) -> Iterator[Finding]:
    if root.local_name != ROOT:
        yield file_finding(
            FindingCode.WRONG_ROOT,
            root.line,
            f"The root element of a case file is {ROOT}.",
            path="/",
            expected=(ROOT,),
        )
        return
    if root.namespace:
        yield file_finding(
            FindingCode.ROOT_NAMESPACE,
            root.line,
            "The elements of a case file stand in no namespace. Remove the xmlns of the root.",
        )
    if root.has_foreign_attributes:
        yield file_finding(
            FindingCode.ROOT_ATTRIBUTE, root.line, f"{ROOT} takes no attributes: remove them."
        )


def of_broken_piece(piece: BrokenPiece) -> tuple[FindingCode, str]:
    """Return the code and the words for a header or record that could not be read."""
    if piece.too_large:
        return FindingCode.RECORD_TOO_LARGE, f"This {piece.name} is larger than 16 MiB."
    if piece.cut_off:
        return (
            FindingCode.FILE_CUT_OFF,
            f"The file ends inside this {piece.name}; it was probably cut off. Send it again.",
        )
    code = FindingCode.NOT_XML if piece.name == HEADER else FindingCode.RECORD_MALFORMED
    return code, f"This {piece.name} is not well-formed XML: {piece.reason}."
