"""The reconciliation of a practice and year: the report, and what is decided about its rows."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from app.domain.audit import Actor, AuditAction
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import RosterConflict
from app.domain.identifiers import PracticeId, Tin
from app.domain.reconciliation import Decision, RowKey, RowKind, Verdict
from app.domain.roster import Clinician, Employment
from app.domain.roster_changes import ChangeAction
from app.roster.changing import RosterWork, changing_roster
from app.roster.reconciled import Asked, Reconciled, correct_employment, join_list, register_tin
from app.roster.reconciling import ReportRow, Roster, doubts_about, reconcile
from app.storage.unit_of_work import OpenWork, UnitOfWork

_KIND: Final = "reconciliation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A row with what was decided about it last, None while it is open."""

    row: ReportRow
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A report whose days are those of whole months, but where a part of a month decides.

    `cases` are those that count, `tins` those of the practice on any day.
    """

    rows: list[Reported]
    cases: int
    tins: list[Tin]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """Some rows of a report, with their days.

    `totals` counts the rows of each kind in the whole report. `following`: the place to go on
    from, None behind the last.
    """

    totals: Mapping[RowKind, int]
    rows: list[Reported]
    following: int | None


def outline_of(practice: PracticeId, performance_year: int, *, open_work: OpenWork) -> Outline:
    """Every row, read from the totals."""
    with open_work() as work:
        return _outline(practice, performance_year, work)


def part_of_report(
    practice: PracticeId,
    performance_year: int,
    *,
    wanted: Callable[[Reported], bool],
    start: int = 0,
    limit: int,
    open_work: OpenWork,
) -> ReportPart:
    """At most `limit` of the wanted rows, from the place `start` among them on.

    Days are asked of the cases for these alone.
    """
    end = start + limit
    with open_work() as work:
        every = _outline(practice, performance_year, work).rows
        asked = [each for each in every if wanted(each)]
        rows = _with_days([each.row for each in asked[start:end]], practice, work)
    return ReportPart(
        totals=Counter(each.row.key.kind for each in every),
        rows=[replace(each, row=row) for each, row in zip(asked[start:end], rows, strict=True)],
        following=end if end < len(asked) else None,
    )


def decide(
    asked: Sequence[Asked],
    practice: PracticeId,
    performance_year: int,
    actor: Actor,
    *,
    day: date,
    open_work: OpenWork,
) -> Reconciled:
    """Carry out every decision, or none; cases that were held for want of a TIN count at once.

    Raises: InvalidRequest, RosterConflict, ProviderListLocked.
    """
    done = Reconciled()
    with changing_roster(practice, actor, day=day, open_work=open_work) as roster:
        rows = _rows_about({each.key for each in asked}, practice, performance_year, roster.work)
        joining = {key.npi for key in rows if key.kind is RowKind.NOT_ON_LIST}
        credentials = roster.work.reconciliation.credentials(practice, performance_year, joining)
        for place, each in enumerate(_tins_first(asked)):
            row = rows.get(each.key)
            if row is None:
                raise RosterConflict(f"Decision {place + 1}: the report has no such row any more.")
            _carry_out(each, row, credentials.get(each.key.npi), roster, done)
            _keep(each, performance_year, roster)
            done.decided += 1
        done.released_cases = roster.follow_tins() if done.registered_tins else 0
    return done


def _tins_first(asked: Sequence[Asked]) -> list[Asked]:
    """Somebody may join the list under a TIN that is confirmed in the same breath."""
    return sorted(asked, key=lambda each: each.key.kind is not RowKind.UNKNOWN_TIN)


def _outline(practice: PracticeId, performance_year: int, work: UnitOfWork) -> Outline:
    roster = _roster(practice, work)
    cases, seen = work.reconciliation.seen_by_month(practice, performance_year)
    if doubts := doubts_about(seen, roster):
        days = work.reconciliation.days_of(practice, performance_year, doubts)
        seen = seen.with_days(doubts, days)
    rows = reconcile(performance_year, seen, roster)
    return Outline(
        rows=_with_decisions(rows, practice, performance_year, work),
        cases=cases,
        tins=sorted(roster.tins.spans),
    )


def _rows_about(
    keys: Collection[RowKey], practice: PracticeId, performance_year: int, work: UnitOfWork
) -> dict[RowKey, ReportRow]:
    every = (each.row for each in _outline(practice, performance_year, work).rows)
    rows = [row for row in every if row.key in keys]
    return {row.key: row for row in _with_days(rows, practice, work)}


def _with_days(
    rows: Sequence[ReportRow], practice: PracticeId, work: UnitOfWork
) -> list[ReportRow]:
    stretches = [stretch for row in rows if (stretch := row.stretch) is not None]
    ends = work.reconciliation.ends_of(practice, stretches) if stretches else {}
    return [row.with_ends(ends) for row in rows]


def _roster(practice: PracticeId, work: UnitOfWork) -> Roster:
    return Roster(
        tins=work.practices.registered_tins(practice),
        clinicians=work.roster.all(Clinician, practice),
        employments=work.roster.all(Employment, practice),
    )


def _with_decisions(
    rows: Sequence[ReportRow], practice: PracticeId, performance_year: int, work: UnitOfWork
) -> list[Reported]:
    decisions = work.reconciliation.decisions(practice, performance_year)
    return [Reported(row=row, decision=decisions.get(row.key)) for row in rows]


def _carry_out(
    asked: Asked, row: ReportRow, credentials: str | None, roster: RosterWork, done: Reconciled
) -> None:
    """A rejected row changes nothing here: the sender is to mend the cases."""
    match asked.verdict, row.key.kind:
        case ((Verdict.CONFIRM | Verdict.CORRECT), RowKind.UNKNOWN_TIN):
            register_tin(asked, row, roster, done)
        case ((Verdict.CONFIRM | Verdict.CORRECT), RowKind.NOT_ON_LIST):
            join_list(asked, row, credentials, roster, done)
        case Verdict.CORRECT, (RowKind.OUTSIDE_EMPLOYMENT | RowKind.WITHOUT_CASES):
            correct_employment(asked, row, roster, done)
        case Verdict.CORRECT, _:
            raise InvalidRequest(
                "decision: the list has nothing to correct there; reject the row, so that the"
                " sender mends the cases, or confirm it."
            )


def _keep(asked: Asked, performance_year: int, roster: RosterWork) -> None:
    key: RowKey = asked.key
    decision = Decision(
        key=key,
        verdict=asked.verdict,
        reason=asked.reason,
        at=datetime.now(UTC),
        by=roster.actor,
    )
    roster.work.reconciliation.decide(roster.practice, performance_year, decision)
    told = {
        "performance_year": performance_year,
        "kind": key.kind.value,
        "tin": key.tin,
        "npi": key.npi,
        "decision": asked.verdict.value,
        "reason": asked.reason,
    }
    roster.tell_of(_KIND, ChangeAction.DECIDED, before=None, after=told)
    roster.work.audit.record(
        roster.actor,
        AuditAction.RECONCILIATION_DECIDED,
        practice=roster.practice,
        reason=asked.reason,
        kind=key.kind,
        decision=asked.verdict,
        performance_year=performance_year,
    )
