"""Every case file of the test data: the valid samples, and each fault of faults.toml."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_REST = "\u2026"


@cache
def corpus() -> dict[str, bytes]:
    """The files by what they show, as in "2020V1.0/maximal" and "a DTD"."""
    return {**dict(_samples()), **{fault["name"]: _faulty(fault).encode() for fault in _faults()}}


def _samples() -> Iterator[tuple[str, bytes]]:
    for path in sorted(DATA.glob("*/valid/*.xml")):
        yield f"{path.parts[-3]}/{path.stem}", path.read_bytes()


def _faults() -> list[dict[str, Any]]:
    faults: list[dict[str, Any]] = tomllib.loads((DATA / "faults.toml").read_text("utf-8"))["fault"]
    return faults


def _faulty(fault: dict[str, Any]) -> str:
    version, _, name = fault["in"].partition("/")
    text = (DATA / version / "valid" / f"{name}.xml").read_text("utf-8")
    text, kept = _edited(text, fault["find"], fault["replace"])
    if "then" in fault:
        find, replace = fault["then"]
        text, _ = _edited(text, find, replace.replace(_REST, kept))
    return text


def _edited(text: str, find: str, replace: str) -> tuple[str, str]:
    """The changed text, and what "..." stood for."""
    between = "(.*)" if find.endswith(_REST) else "(.*?)"
    found = re.search(between.join(map(re.escape, find.split(_REST))), text, re.DOTALL)
    assert found, f"{find} is not in the sample"
    kept = found.group(1) if found.groups() else ""
    return text[: found.start()] + replace.replace(_REST, kept) + text[found.end() :], kept
