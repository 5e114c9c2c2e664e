"""The case file back as it was received, with a comment beside each faulty element.

The comments are on the lines of what they tell of, so that all lines keep their numbers.
"""

import re
from collections.abc import Iterator, Sequence
from shutil import copyfileobj
from typing import BinaryIO, Final

from app.domain.findings import Finding, FindingCode
from app.reports import words
from app.reports.byte_offsets import behind_declaration, encoding_as_written, offsets_as_written
from app.reports.checked_file import CheckedFile
from app.reports.places import places_of
from app.reports.printable import printable
from app.reports.utf8_file import as_utf8_file
from app.xsd.encoding import EncodingRefused

_COPIED_BYTES: Final = 1 << 20
_HYPHENS: Final = re.compile(r"-(?=-)")


class AnnotatedFiles:
    def begin(self, out: BinaryIO) -> None: ...

    def write(self, checked: CheckedFile, out: BinaryIO) -> str | None:
        """Return how many findings are not in the file: no comment can stand in an empty one, or
        before an XML declaration.

        Raises: ValueError if the file is not there.
        """
        if checked.source is None:
            raise ValueError("no comment can be put into a file that is not there")
        comments = list(_comments(checked, checked.source))
        _copy_with(comments, checked.source, out)
        left_out = checked.report.findings_total if not comments else 0
        return f"{words.amount(left_out, 'finding')} not marked in the file" if left_out else None

    def end(self, out: BinaryIO) -> None: ...


def _comments(checked: CheckedFile, source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield comments with their places, as bytes of the file as received, from front to back."""
    report = checked.report
    top = None if _is_empty(report.findings) else behind_declaration(source)
    if top is None:
        return
    encoding = encoding_as_written(source)
    omitted = words.omitted(report)
    if omitted:
        yield top, _comment(omitted, encoding)
    beside = _offsets(checked, source) if report.findings else []
    told = [
        (top if offset is None else offset, _told(finding, checked, is_beside=offset is not None))
        for offset, finding in zip(beside, report.findings, strict=True)
    ]
    for offset, text in sorted(told, key=lambda comment: comment[0]):
        yield offset, _comment(text, encoding)


def _is_empty(findings: Sequence[Finding]) -> bool:
    """A comment would turn an empty file into one that is not."""
    return any(finding.code is FindingCode.FILE_EMPTY for finding in findings)


def _offsets(checked: CheckedFile, source: BinaryIO) -> list[int | None]:
    """Where the comment on each finding goes, None when there is no place beside it."""
    findings = checked.report.findings
    try:
        with as_utf8_file(source, checked.spool) as file:
            places = places_of(findings, file)
    except EncodingRefused:
        return [None] * len(findings)
    wanted = [place.comment_at for place in places if place.comment_at is not None]
    written = offsets_as_written(source, wanted)
    return [None if place.comment_at is None else written[place.comment_at] for place in places]


def _told(finding: Finding, checked: CheckedFile, *, is_beside: bool) -> str:
    where = "" if is_beside or finding.line is None else f"line {finding.line}: "
    told = [f"{finding.code} {finding.severity}: {where}{finding.message}"]
    suggestion, reason = words.suggested(finding), checked.accepted_because(finding)
    if suggestion:
        told.append(suggestion)
    if reason:
        told.append(f"Accepted by the practice: {printable(reason)}")
    return " ".join(told)


def _comment(text: str, encoding: str) -> bytes:
    """XML allows no two hyphens in a comment."""
    return f"<!-- {_HYPHENS.sub('- ', text)} -->".encode(encoding, "replace")


def _copy_with(comments: list[tuple[int, bytes]], source: BinaryIO, out: BinaryIO) -> None:
    source.seek(0)
    at = 0
    for offset, comment in comments:
        while at < offset:
            chunk = source.read(min(_COPIED_BYTES, offset - at))
            at += len(chunk)
            out.write(chunk)
        out.write(comment)
    copyfileobj(source, out)
