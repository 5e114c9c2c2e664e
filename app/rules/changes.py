"""What a deployment decides about the rules: its settings file, read and held against them.

A module of its own because pydantic takes longer to load than a small file to check.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from app.domain.findings import FindingCode, Severity
from app.rules.definition import Given, Rule, RulesFileWrong


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is asked for")
    return value


_Number = Annotated[Decimal, BeforeValidator(_no_truth_value)]


class Change(BaseModel):
    """What it leaves out stays as shipped."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    severity: Severity | None = None
    numbers: dict[str, _Number] = {}
    lists: dict[str, tuple[str, ...]] = {}


_CHANGES: Final = TypeAdapter(dict[FindingCode, Change])


def changed(rules: Mapping[FindingCode, Rule], path: Path) -> Mapping[FindingCode, Rule]:
    """Return `rules` as the settings file at `path` wants them, without those switched off.

    Raises: RulesFileWrong.
    """
    changes = _changes_in(path)
    for code, change in changes.items():
        _require_known(path, code, change, rules)
    return {
        code: _changed(rule, changes.get(code, Change()))
        for code, rule in rules.items()
        if code not in changes or changes[code].enabled
    }


def _changed(rule: Rule, change: Change) -> Rule:
    given = Given(
        numbers={**rule.given.numbers, **change.numbers}, lists={**rule.given.lists, **change.lists}
    )
    return replace(rule, severity=change.severity or rule.severity, given=given)


def _changes_in(path: Path) -> Mapping[FindingCode, Change]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise RulesFileWrong(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesFileWrong(f"{path} is not TOML: {error}") from error
    if strangers := sorted(set(written) - set(FindingCode)):
        raise RulesFileWrong(f"{path}: {strangers[0]} is not the code of a finding")
    try:
        return _CHANGES.validate_python(written)
    except ValidationError as error:
        raise RulesFileWrong(f"{path}: {_first_fault(error)}") from error


def _require_known(
    path: Path, code: FindingCode, change: Change, rules: Mapping[FindingCode, Rule]
) -> None:
    if code not in rules:
        raise RulesFileWrong(f"{path}: {code} is no rule that can be switched or graded")
    given = rules[code].given
    unknown = [*(set(change.numbers) - set(given.numbers)), *(set(change.lists) - set(given.lists))]
    if unknown:
        raise RulesFileWrong(f"{path}: {code} takes no {', '.join(sorted(unknown))}")


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    what = "a table is asked for" if fault["type"] == "model_type" else fault["msg"]
    return f"{where}: {what}"
