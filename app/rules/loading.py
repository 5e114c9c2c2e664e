"""Reads the rules as data: those that are shipped, and what a deployment decides otherwise."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from app.domain.findings import FindingCode, Severity
from app.measures.catalogue.register import load_register
from app.rules.checks import CHECKS
from app.rules.definition import Given, Rule
from app.rules.rule_book import RuleBook

_FOLDER: Final = Path(__file__).parent / "data"


def load_rule_book(changes: Path | None = None) -> RuleBook:
    """Return the shipped rules, changed as the file `changes` says.

    Raises: RulesFileWrong.
    """
    rules = shipped_rules()
    if changes is not None:
        from app.rules.changes import changed  # see there why it is loaded this late

        rules = changed(rules, changes)
    return RuleBook(list(rules.values()), load_register())


@cache
def shipped_rules() -> Mapping[FindingCode, Rule]:
    """Every rule as it is shipped, in the order of the codes."""
    entries: dict[str, dict[str, Any]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        entries |= tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    rules = {FindingCode(code): _rule(FindingCode(code), entries[code]) for code in sorted(entries)}
    return MappingProxyType(rules)


def _rule(code: FindingCode, entry: Mapping[str, Any]) -> Rule:
    numbers = {name: Decimal(number) for name, number in entry.get("numbers", {}).items()}
    lists = {name: tuple(words) for name, words in entry.get("lists", {}).items()}
    return Rule(
        code=code,
        check=CHECKS[code],
        severity=Severity(entry["severity"]),
        source=entry["source"],
        assumed=entry.get("assumed", False),
        given=Given(numbers=numbers, lists=lists),
        echo_of=frozenset(FindingCode(cause) for cause in entry.get("echo_of", ())),
        first_year=entry.get("first_year"),
        last_year=entry.get("last_year"),
    )
