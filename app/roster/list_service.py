"""The provider list of a practice: taken over from CSV as a whole or not at all, and given out."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from app.domain.audit import Actor, AuditAction
from app.domain.errors.roster import PracticeUnknown, ProviderListRejected
from app.domain.identifiers import PracticeId
from app.domain.roster import Clinician, Employment, PracticeTin
from app.roster.changing import RosterWork, changing_roster
from app.roster.list_lines import LineFinding
from app.roster.list_planning import ListPlan, Planned, PlannedAction, plan_import
from app.roster.list_reading import read_provider_list
from app.roster.list_writing import write_provider_list
from app.storage.unit_of_work import OpenWork

_MOST_FINDINGS: Final = 1_000


def import_provider_list(
    content: bytes,
    practice: PracticeId,
    actor: Actor,
    *,
    dry_run: bool,
    day: date,
    open_work: OpenWork,
) -> ListPlan:
    """Return what was done; with `dry_run` what would be, and nothing is.

    Raises: PracticeUnknown, ProviderListRejected, ProviderListLocked.
    """
    lines, unread = read_provider_list(content)
    with changing_roster(practice, actor, day=day, open_work=open_work, keep=not dry_run) as roster:
        stored = roster.work.roster
        plan = plan_import(
            lines,
            practice=practice,
            clinicians=stored.all(Clinician, practice),
            employments=stored.all(Employment, practice),
            tins=frozenset(each.tin for each in stored.all(PracticeTin, practice)),
        )
        findings = [*unread, *plan.findings]
        if findings:
            findings.sort(key=lambda each: (each.line, each.column or ""))
            raise ProviderListRejected([as_json(each) for each in findings[:_MOST_FINDINGS]])
        for planned in (plan.clinicians, plan.employments):
            _take_over(planned, roster)
        _record(plan, roster)
    return plan


def export_provider_list(practice: PracticeId, *, open_work: OpenWork) -> bytes:
    """The list as CSV; importing it again changes nothing. Raises: PracticeUnknown."""
    with open_work() as work:
        if not work.practices.exists(practice):
            raise PracticeUnknown("No practice of this id is registered.")
        return write_provider_list(
            work.roster.all(Clinician, practice), work.roster.all(Employment, practice)
        )


def as_json(finding: LineFinding) -> dict[str, object]:
    return {
        "line": finding.line,
        "column": finding.column,
        "problem": finding.problem.value,
        "message": finding.message,
        "mend": finding.mend,
    }


def _take_over(planned: Sequence[Planned], roster: RosterWork) -> None:
    added = [each.after for each in planned if each.action is PlannedAction.ADDED]
    changed = [
        (each.before, each.after)
        for each in planned
        if each.before is not None and each.action is not PlannedAction.UNCHANGED
    ]
    roster.take_over(added, changed)


def _record(plan: ListPlan, roster: RosterWork) -> None:
    counts = Counter(each.action for each in (*plan.clinicians, *plan.employments))
    added, changed, ended = (
        counts[action]
        for action in (PlannedAction.ADDED, PlannedAction.CHANGED, PlannedAction.ENDED)
    )
    if added or changed or ended:
        roster.work.audit.record(
            roster.actor,
            AuditAction.ROSTER_IMPORTED,
            practice=roster.practice,
            added=added,
            changed=changed,
            ended=ended,
        )
