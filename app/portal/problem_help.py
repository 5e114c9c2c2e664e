"""What every kind of problem means, for people: data/problems.toml, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.web.problems import ProblemKind, problem_kinds

_FILE: Final = Path(__file__).parent / "data" / "problems.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemHelp:
    kind: ProblemKind
    explanation: str
    mend: str


@cache
def problem_catalogue() -> dict[str, ProblemHelp]:
    """Return the help for every kind of problem by its slug, in the order of their status."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        kind.slug: ProblemHelp(
            kind=kind,
            explanation=entries[kind.slug]["explanation"],
            mend=entries[kind.slug]["mend"],
        )
        for kind in problem_kinds()
    }
