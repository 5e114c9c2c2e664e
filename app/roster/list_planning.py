"""What a provider list would change: every line beside the list as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.roster import Clinician, Employment, RosterEntry
from app.roster.list_lines import Job, LineFinding, LineProblem, ListLine


class PlannedAction(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a line makes of an entry; `before` is None for a new one."""

    line: int
    action: PlannedAction
    before: RosterEntry | None
    after: RosterEntry


@dataclass(kw_only=True)
class ListPlan:
    """`not_in_file` employments are on the list and stay as they are."""

    lines: int
    clinicians: list[Planned] = field(default_factory=list)
    employments: list[Planned] = field(default_factory=list)
    not_in_file: int = 0
    findings: list[LineFinding] = field(default_factory=list)


def plan_import(
    lines: Sequence[ListLine],
    *,
    practice: PracticeId,
    clinicians: Iterable[Clinician],
    employments: Iterable[Employment],
    tins: frozenset[Tin],
) -> ListPlan:
    """A clinician is known by NPI, an employment by NPI, TIN and first day.

    What the file does not name stays: it says what is new or other, not what is gone.
    """
    plan = ListPlan(lines=len(lines))
    known = {clinician.npi: clinician for clinician in clinicians}
    ids = _plan_clinicians(plan, lines, practice, known)
    _plan_employments(plan, lines, practice, ids, list(employments), tins)
    return plan


def _plan_clinicians(
    plan: ListPlan, lines: Sequence[ListLine], practice: PracticeId, known: dict[Npi, Clinician]
) -> dict[Npi, UUID]:
    told: dict[Npi, ListLine] = {}
    ids: dict[Npi, UUID] = {}
    for line in lines:
        first = told.setdefault(line.npi, line)
        if first is not line:
            _compare(plan, line, first)
            continue
        before = known.get(line.npi)
        if before is None and not line.name:
            _find(plan, line, "name", LineProblem.MISSING)
        after = _clinician(line, practice, before)
        ids[line.npi] = after.id
        plan.clinicians.append(_planned(line, before, after))
    return ids


def _compare(plan: ListPlan, line: ListLine, first: ListLine) -> None:
    for column in ("name", "credentials", "asa_member_years"):
        if getattr(line, column) != getattr(first, column):
            _find(plan, line, column, LineProblem.LINES_DISAGREE)


def _clinician(line: ListLine, practice: PracticeId, before: Clinician | None) -> Clinician:
    if before is None:
        return Clinician(
            practice_id=practice,
            id=uuids.uuid7(),
            npi=line.npi,
            name=line.name,
            credentials=line.credentials,
            asa_member_years=line.asa_member_years,
        )
    return replace(
        before,
        name=line.name or before.name,
        credentials=line.credentials,
        asa_member_years=line.asa_member_years,
    )


def _plan_employments(
    plan: ListPlan,
    lines: Sequence[ListLine],
    practice: PracticeId,
    ids: dict[Npi, UUID],
    employments: list[Employment],
    tins: frozenset[Tin],
) -> None:
    known = {(each.clinician_id, each.tin, each.starts_on): each for each in employments}
    after: dict[tuple[object, ...], tuple[int, Employment]] = {
        key: (0, each) for key, each in known.items()
    }
    named = set()
    for line in lines:
        if line.job is None:
            continue
        if line.job.tin not in tins:
            _find(plan, line, "tin", LineProblem.TIN_NOT_REGISTERED)
            continue
        wanted = _employment(line.job, practice, ids[line.npi])
        key = (wanted.clinician_id, wanted.tin, wanted.starts_on)
        if key in named:
            _find(plan, line, None, LineProblem.TOLD_TWICE)
            continue
        named.add(key)
        before = known.get(key)
        if before is not None:
            wanted = replace(before, ends_on=wanted.ends_on)
        after[key] = (line.line, wanted)
        plan.employments.append(_planned(line, before, wanted))
    plan.not_in_file = len(known.keys() - named)
    plan.findings += _overlaps(after.values())


def _employment(job: Job, practice: PracticeId, clinician_id: UUID) -> Employment:
    assert job.span.first is not None, "a line with a job has its first day"
    return Employment(
        practice_id=practice,
        id=uuids.uuid7(),
        clinician_id=clinician_id,
        tin=job.tin,
        starts_on=job.span.first,
        ends_on=job.span.last,
    )


def _overlaps(employments: Iterable[tuple[int, Employment]]) -> list[LineFinding]:
    """Lines whose days overlap with the employment before; line 0 stands for the list."""
    ordered = sorted(
        employments, key=lambda each: (each[1].clinician_id, each[1].tin, each[1].starts_on)
    )
    findings = []
    for (line, earlier), (other, later) in pairwise(ordered):
        same = (earlier.clinician_id, earlier.tin) == (later.clinician_id, later.tin)
        if same and earlier.span.overlaps(later.span) and (line or other):
            findings.append(
                LineFinding(line=max(line, other), column="starts_on", problem=LineProblem.OVERLAP)
            )
    return findings


def _planned(line: ListLine, before: RosterEntry | None, after: RosterEntry) -> Planned:
    if before is None:
        action = PlannedAction.ADDED
    elif before == after:
        action = PlannedAction.UNCHANGED
    elif _ends(before, after):
        action = PlannedAction.ENDED
    else:
        action = PlannedAction.CHANGED
    if action in (PlannedAction.CHANGED, PlannedAction.ENDED):
        after = replace(after, version=after.version + 1)
    return Planned(line=line.line, action=action, before=before, after=after)


def _ends(before: RosterEntry, after: RosterEntry) -> bool:
    return (
        isinstance(before, Employment)
        and isinstance(after, Employment)
        and before.ends_on is None
        and after.ends_on is not None
    )


def _find(plan: ListPlan, line: ListLine, column: str | None, problem: LineProblem) -> None:
    plan.findings.append(LineFinding(line=line.line, column=column, problem=problem))
