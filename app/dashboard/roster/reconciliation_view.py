"""The report of a reconciliation as its page shows it, and what forms of the page say of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from pydantic import ValidationError

from app.dashboard.roster.reconciliation_words import WORDS, KindWords
from app.domain.errors.requests import InvalidRequest
from app.domain.reconciliation import RowKey, RowKind, Verdict
from app.roster.reconciled import Asked, Reconciled
from app.roster.reconciliation_service import Reported
from app.roster.reconciliation_wire import ReconciliationRequest, ReconciliationRow
from app.web.invalid_input import described

_ON_A_PAGE: Final = 50
_SEPARATOR: Final = ":"


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """`key` is what forms call the row: its kind, TIN and NPI."""

    key: str
    row: ReconciliationRow

    @classmethod
    def of(cls, reported: Reported) -> "ShownRow":
        return cls(key=key_of(reported), row=ReconciliationRow.of(reported))


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of a kind: `rows` of `total`, from the row `start` on. `following`: where to go on,
    None behind the last.
    """

    kind: RowKind
    words: KindWords
    rows: list[ShownRow]
    total: int
    cases: int
    start: int
    following: int | None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What decisions came to, with the cases that counted before and count now."""

    decided: int = 0
    tins: int = 0
    clinicians: int = 0
    employments: int = 0
    changed: int = 0
    released: int = 0
    before: int = 0
    after: int = 0

    @classmethod
    def by(cls, done: Reconciled, *, before: int, after: int) -> "Moved":
        return cls(
            decided=done.decided,
            tins=done.registered_tins,
            clinicians=done.added_clinicians,
            employments=done.added_employments,
            changed=done.changed_employments,
            released=done.released_cases,
            before=before,
            after=after,
        )

    @property
    def sentences(self) -> list[str]:
        counts = f"Cases that count: {self.before:,} before, {self.after:,} now."
        told = (
            _counted(self.decided, "row is decided", "rows are decided"),
            _counted(self.tins, "TIN is registered", "TINs are registered"),
            _counted(self.clinicians, "clinician joined the list", "clinicians joined the list"),
            _counted(self.employments, "employment was added", "employments were added"),
            _counted(self.changed, "employment was changed", "employments were changed"),
            _counted(self.released, "held case is released", "held cases are released"),
            counts if self.before != self.after else "",
        )
        return [each for each in told if each]

    @classmethod
    def told_in(cls, query: Mapping[str, str]) -> "Moved | None":
        """From the address that a decision leads to; None if none was just made."""
        told = {each.name: query.get(each.name, "") for each in fields(cls)}
        if not all(_is_number(value) for value in told.values()):
            return None
        return cls(**{name: int(value) for name, value in told.items()})


def groups_of(
    report: list[Reported], *, only: RowKind | None = None, start: int = 0
) -> list[Group]:
    """Return the kinds that have rows; of `only` from `start` on, of all others the first."""
    groups = (_group(kind, report, start=start if kind is only else 0) for kind in WORDS)
    return [each for each in groups if each.total and only in (None, each.kind)]


def key_of(reported: Reported) -> str:
    key: RowKey = reported.row.key
    return _SEPARATOR.join((key.kind, key.tin, key.npi))


def decisions_about(
    keys: list[str], verdict: Verdict, *, year: int, told: Mapping[str, str]
) -> list[Asked]:
    """Return what is asked about the rows; what is left empty in `told` is not told.

    Raises: InvalidRequest.
    """
    given = {name: value for name, value in told.items() if value.strip()}
    decisions = [{**_parts(key), "decision": verdict, **given} for key in keys]
    try:
        asked = ReconciliationRequest.model_validate(
            {"performance_year": year, "decisions": decisions}
        )
    except ValidationError as error:
        fault = described({**error.errors()[0], "loc": ("body", error.errors()[0]["loc"][-1])})
        raise InvalidRequest(f"{fault['parameter']}: {fault['message']}.") from None
    return [each.asked for each in asked.decisions]


def _group(kind: RowKind, report: list[Reported], *, start: int) -> Group:
    rows = [each for each in report if each.row.key.kind is kind]
    end = start + _ON_A_PAGE
    return Group(
        kind=kind,
        words=WORDS[kind],
        rows=[ShownRow.of(each) for each in rows[start:end]],
        total=len(rows),
        cases=sum(each.row.cases for each in rows),
        start=start,
        following=end if end < len(rows) else None,
    )


def _parts(key: str) -> dict[str, Any]:
    """Raises: InvalidRequest."""
    parts = key.split(_SEPARATOR)
    if len(parts) != len(fields(RowKey)):
        raise InvalidRequest("row: it is none of the report.")
    kind, tin, npi = parts
    return {"kind": kind, "tin": tin or None, "npi": npi or None}


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}." if number else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9
