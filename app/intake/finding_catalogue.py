"""What every finding code means, for people: data/findings.toml, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain.findings import FindingCode, Severity

_FILE: Final = Path(__file__).parent / "data" / "findings.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingHelp:
    """`bad` and `good` are parts of a case file; `bad_is_file` tells that `bad` is a whole one.

    None where an example shows nothing. `bad` may be "": the empty file.
    """

    code: FindingCode
    title: str
    severities: tuple[Severity, ...]
    explanation: str
    mend: str
    bad: str | None
    good: str | None
    bad_is_file: bool


@cache
def finding_catalogue() -> dict[FindingCode, FindingHelp]:
    """Return the help for every code that has one, in the order of the codes."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {FindingCode(code): _help(FindingCode(code), entries[code]) for code in sorted(entries)}


def _help(code: FindingCode, entry: dict[str, Any]) -> FindingHelp:
    return FindingHelp(
        code=code,
        title=entry["title"],
        severities=tuple(Severity(each) for each in entry["severities"]),
        explanation=entry["explanation"],
        mend=entry["mend"],
        bad=_snippet(entry, "bad"),
        good=_snippet(entry, "good"),
        bad_is_file=entry.get("bad_is_file", False),
    )


def _snippet(entry: dict[str, Any], name: str) -> str | None:
    snippet: str | None = entry.get(name)
    return None if snippet is None else snippet.strip()
