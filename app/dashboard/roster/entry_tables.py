"""Tables of the entries of a roster, a column for each field that the API shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.dashboard.roster.entry_forms import as_text, name_of
from app.dashboard.roster.entry_words import label_of
from app.domain.roster import Clinician, Employment, RosterEntry, VirtualGroup
from app.roster.entry_kinds import EntryKind

_MORE: Final = {Clinician: "Works under", VirtualGroup: "Confirmed"}


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """`cells` in the order of the columns of the table."""

    id: UUID
    cells: tuple[str, ...]

    def has(self, words: Sequence[str]) -> bool:
        """Whether each of the words, in small letters, stands in some cell."""
        text = " ".join(self.cells).casefold()
        return all(word in text for word in words)


def columns_of(kind: EntryKind) -> list[str]:
    more = [_MORE[kind.entry]] if kind.entry in _MORE else []
    return [label_of(name) for name in kind.asked.model_fields] + more


def rows_of(
    kind: EntryKind,
    entries: Sequence[RosterEntry],
    *,
    clinicians: Mapping[UUID, Clinician],
    employments: Sequence[Employment],
) -> list[TableRow]:
    jobs: dict[UUID, list[str]] = defaultdict(list)
    for each in employments:
        jobs[each.clinician_id].append(job_text(each))
    return [
        TableRow(
            id=entry.id,
            cells=(
                *(_cell(name, entry, clinicians) for name in kind.asked.model_fields),
                *_more(entry, jobs),
            ),
        )
        for entry in entries
    ]


def _more(entry: RosterEntry, jobs: Mapping[UUID, Sequence[str]]) -> list[str]:
    """What no form asks for."""
    match entry:
        case Clinician():
            return ["; ".join(jobs.get(entry.id, ()))]
        case VirtualGroup(confirmed_at=None):
            return ["awaits the registry"]
        case VirtualGroup(confirmed_at=confirmed_at):
            return [f"{confirmed_at:%Y-%m-%d}"]
        case _:
            return []


def job_text(job: Employment) -> str:
    until = f" until {job.ends_on}" if job.ends_on else ""
    return f"{job.tin} from {job.starts_on}{until}"


def _cell(name: str, entry: RosterEntry, clinicians: Mapping[UUID, Clinician]) -> str:
    value = getattr(entry, name)
    if name == "clinician_id":
        return name_of(clinicians[value]) if value in clinicians else ""
    return as_text(value)
