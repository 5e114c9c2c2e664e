"""What decisions about a reconciliation change: TINs, clinicians and employments, never a case."""

from dataclasses import dataclass, replace
from datetime import date

import uuid_utils.compat as uuids

from app.domain.errors.requests import InvalidRequest
from app.domain.reconciliation import RowKey, Verdict
from app.domain.roster import Clinician, Credentials, Employment, PracticeTin, RosterEntry
from app.roster.changing import RosterWork
from app.roster.entry_service import require_fitting
from app.roster.reconciling import ReportRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision about a row. What is None is taken from the cases, or stays as it is.

    Days are those of the employment, for an unknown TIN those in which it is valid.
    """

    key: RowKey
    verdict: Verdict
    reason: str | None = None
    name: str | None = None
    credentials: Credentials | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """What the decisions came to."""

    decided: int = 0
    registered_tins: int = 0
    released_cases: int = 0
    added_clinicians: int = 0
    added_employments: int = 0
    changed_employments: int = 0


def register_tin(asked: Asked, row: ReportRow, roster: RosterWork, done: Reconciled) -> None:
    """A TIN that is registered for other days is valid for those of the cases as well."""
    known = roster.work.roster.all(PracticeTin, roster.practice, tin=row.key.tin)
    done.registered_tins += 1
    if not known:
        entry = PracticeTin(
            practice_id=roster.practice,
            id=uuids.uuid7(),
            tin=row.key.tin,
            valid_from=asked.starts_on,
            valid_until=asked.ends_on,
        )
        require_fitting(entry, roster.work)
        roster.add(entry)
        return
    _replace(known[0], _widened(known[0], asked, row), roster)


def _widened(before: PracticeTin, asked: Asked, row: ReportRow) -> PracticeTin:
    """An open end stays open."""
    assert row.first_day is not None, "an unknown TIN is one of cases"
    assert row.last_day is not None, "an unknown TIN is one of cases"
    first, last = before.valid_from, before.valid_until
    return replace(
        before,
        valid_from=None if first is None else asked.starts_on or min(first, row.first_day),
        valid_until=None if last is None else asked.ends_on or max(last, row.last_day),
        version=before.version + 1,
    )


def join_list(
    asked: Asked, row: ReportRow, credentials: str | None, roster: RosterWork, done: Reconciled
) -> None:
    """The clinician works under the TIN: from the first case on, if nothing else is told."""
    known = roster.work.roster.all(Clinician, roster.practice, npi=row.key.npi)
    if known:
        clinician = known[0]
    else:
        assert credentials is not None, "cases name the credentials of everybody"
        clinician = Clinician(
            practice_id=roster.practice,
            id=uuids.uuid7(),
            npi=row.key.npi,
            name=asked.name or "",
            credentials=asked.credentials or Credentials(credentials),
        )
        roster.add(clinician)
        done.added_clinicians += 1
    assert row.first_day is not None, "somebody who is not on the list has cases"
    employment = Employment(
        practice_id=roster.practice,
        id=uuids.uuid7(),
        clinician_id=clinician.id,
        tin=row.key.tin,
        starts_on=asked.starts_on or row.first_day,
        ends_on=asked.ends_on,
    )
    require_fitting(employment, roster.work)
    roster.add(employment)
    done.added_employments += 1


def correct_employment(asked: Asked, row: ReportRow, roster: RosterWork, done: Reconciled) -> None:
    """Change the days of the newest employment of the row."""
    if asked.starts_on is None and asked.ends_on is None:
        raise InvalidRequest("starts_on, ends_on: a correction names one of them.")
    assert row.clinician is not None, "somebody with an employment is on the list"
    jobs = roster.work.roster.all(
        Employment, roster.practice, clinician_id=row.clinician.id, tin=row.key.tin
    )
    before = max(jobs, key=lambda job: job.starts_on)
    after = replace(
        before,
        starts_on=asked.starts_on or before.starts_on,
        ends_on=asked.ends_on or before.ends_on,
        version=before.version + 1,
    )
    _replace(before, after, roster)
    done.changed_employments += 1


def _replace(before: RosterEntry, after: RosterEntry, roster: RosterWork) -> None:
    require_fitting(after, roster.work)
    roster.replace(before, after)
