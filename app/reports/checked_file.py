"""What a report is written from: the findings, and the case file that they are about."""

from dataclasses import dataclass
from typing import BinaryIO

from app.checking.report import ValidationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """`source` gives the file as it was checked, uncompressed; it is sought back to its beginning.

    `name` is what its sender calls it. `service_url` is where the pages about findings are,
    without a slash at the end.
    """

    name: str
    report: ValidationReport
    source: BinaryIO
    service_url: str
