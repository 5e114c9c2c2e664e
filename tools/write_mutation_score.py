"""Writes what the last mutation run came to into docs/reference/mutation.md, for `make mutate`.

Arguments are words that say which mutants were asked for; without them all were.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from mutmut.mutation.diff_apply import get_diff_for_mutant

_ROOT: Final = Path(__file__).parents[1]
PAGE: Final = _ROOT / "docs" / "reference" / "mutation.md"
_RESULT: Final = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
_NAME: Final = re.compile(r"(?P<module>[\w.]+)\.x(?:ǁ(?P<of>\w+)ǁ|_)(?P<function>\w+?)__mutmut_\d+")
_NOTICED: Final = ("killed", "timeout", "caught by type check")
_UNDECIDED: Final = "not checked"


class Place(NamedTuple):
    module: str
    function: str


def main() -> None:
    statuses = dict(_RESULT.findall(_told("results", "--all", "true")))
    if not statuses:
        sys.exit("There are no mutants: run `make mutate`.")
    asked = " ".join(sys.argv[1:]) or "all of them"
    PAGE.write_text("\n".join(_page(statuses, asked)) + "\n", "utf-8")


def _page(statuses: Mapping[str, str], asked: str) -> Iterator[str]:
    decided = {name: status for name, status in statuses.items() if status != _UNDECIDED}
    noticed = sum(status in _NOTICED for status in decided.values())
    yield "# What the tests of what decides notice"
    yield ""
    yield "Written by `make mutate`: each mutant is the code with one small change; it is noticed"
    yield "when a test fails by it. A run ends when its time is up, and may be of some alone: the"
    yield 'column "run" says how many of a module were decided. Why this tool, and how it runs:'
    yield "[ADR 32](../adr/0032-stored-cases-follow-changed-rules.md)."
    yield ""
    yield f"- {datetime.now(UTC).date()}, `make mutate`"
    yield f"- {len(statuses)} mutants; asked for: {asked}; {len(decided)} run"
    yield f"- {noticed} noticed, {len(decided) - noticed} survived: {_share(noticed, len(decided))}"
    yield ""
    yield from _by_module(statuses)
    yield ""
    yield "## What survives"
    yield ""
    yield from _survivors(decided)


def _by_module(statuses: Mapping[str, str]) -> Iterator[str]:
    all_, run, noticed = Counter[str](), Counter[str](), Counter[str]()
    for name, status in statuses.items():
        module = _place(name).module
        all_[module] += 1
        run[module] += status != _UNDECIDED
        noticed[module] += status in _NOTICED
    yield "| module | mutants | run | noticed | share of those run |"
    yield "|---|---|---|---|---|"
    for module in sorted(all_):
        share = _share(noticed[module], run[module])
        yield f"| `{module}` | {all_[module]} | {run[module]} | {noticed[module]} | {share} |"


def _survivors(decided: Mapping[str, str]) -> Iterator[str]:
    survivors = [name for name, status in decided.items() if status not in _NOTICED]
    if not survivors:
        yield "Nothing."
    for name in survivors:
        place = _place(name)
        yield f"- `{place.module}`, `{place.function}`"
        yield ""
        yield "  ```diff"
        yield from (f"  {line}" for line in _change(name))
        yield "  ```"
        yield ""


def _change(name: str) -> list[str]:
    """The lines of the diff that differ, without its headers."""
    return [
        line
        for line in get_diff_for_mutant(name).splitlines()
        if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))
    ]


def _place(name: str) -> Place:
    found = _NAME.fullmatch(name)
    assert found is not None, "mutmut names a mutant so"
    method = [found["of"]] if found["of"] else []
    return Place(found["module"], ".".join([*method, found["function"]]))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _told(*asked: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *asked]
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return done.stdout


if __name__ == "__main__":
    main()
