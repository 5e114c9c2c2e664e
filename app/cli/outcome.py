"""How commands end and what they print."""

from enum import StrEnum
from typing import Final

NO_ERROR: Final = 0
ERRORS_FOUND: Final = 1
UNREADABLE: Final = 2


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
