"""What every finding code means, for people: the table under data/findings, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from app.domain.findings import FindingCode, Severity

_FOLDER: Final = Path(__file__).parent / "data" / "findings"
_ONLY: Final = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingHelp:
    """`messages` are templates by name; a code with one way to say it calls it "message".

    `bad` and `good` are parts of a case file; `bad_is_file` tells that `bad` is a whole one.
    None where an example shows nothing. `bad` may be "": the empty file.
    """

    code: FindingCode
    title: str
    since: str
    severities: tuple[Severity, ...]
    messages: Mapping[str, str]
    explanation: str
    mend: str
    bad: str | None
    good: str | None
    bad_is_file: bool


@cache
def finding_catalogue() -> dict[FindingCode, FindingHelp]:
    """Return the help for every code that has one, in the order of the codes."""
    entries: dict[str, dict[str, Any]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        entries |= tomllib.loads(file.read_text(encoding="utf-8"))
    return {FindingCode(code): _help(FindingCode(code), entries[code]) for code in sorted(entries)}


def message_of(code: FindingCode, variant: str = _ONLY, /, **words: object) -> str:
    """Return what a report says about `code`; `words` fill the places of its template."""
    return finding_catalogue()[code].messages[variant].format_map(words)


def _help(code: FindingCode, entry: dict[str, Any]) -> FindingHelp:
    messages = entry.get("messages") or {_ONLY: entry["message"]}
    return FindingHelp(
        code=code,
        title=entry["title"],
        since=entry["since"],
        severities=tuple(Severity(each) for each in entry["severities"]),
        messages=MappingProxyType(messages),
        explanation=entry["explanation"],
        mend=entry["mend"],
        bad=_snippet(entry, "bad"),
        good=_snippet(entry, "good"),
        bad_is_file=entry.get("bad_is_file", False),
    )


def _snippet(entry: dict[str, Any], name: str) -> str | None:
    snippet: str | None = entry.get(name)
    return None if snippet is None else snippet.strip()
