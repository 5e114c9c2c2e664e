"""What a practice has to do for a performance year, and until when. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.billing.program_years import Days
from app.reporting.reporting_years import Deadlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A last day of a program year, as a source names it."""

    day: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`until` None: no source names a day. `link`: where it is done, where there is a page."""

    what: str
    until: date | None
    link: str | None = None

    def is_late(self, day: date) -> bool:
        return self.until is not None and day > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """Measures of a TIN with data that is not complete enough to be scored.

    `cases`: by measure, how many are still to be answered. `link`: where they are told.
    """

    tin: str
    cases: Mapping[str, int]
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStanding:
    """How a practice stands. `missing_consents`: 0 where none is needed.

    `ordered`, `paid`: of the orders in force.
    """

    registered: bool
    missing_consents: int
    ordered: bool
    paid: bool
    incomplete: tuple[Incomplete, ...] = ()


def calendar_of(reporting: Deadlines, billing: Days) -> tuple[Deadline, ...]:
    """The last days of a year in their order; a day that both name for the same is told once."""
    named = {
        "Last day to register": {reporting.register_until, billing.registration_until},
        "Last day for consents of clinicians": {reporting.consent_until},
        "Last day for ASA membership": {billing.membership_until},
        "Last day for dues": {billing.dues_until},
        "Last day for data": {billing.data_until},
        "The year is reconciled from here on": {billing.reconciled_from},
        "Last day to pay the final invoice": {billing.payment_until},
    }
    found = (Deadline(day=day, what=what) for what, days in named.items() for day in days if day)
    return tuple(sorted(found, key=lambda each: each.day))


def to_do(
    standing: YearStanding, year: int, reporting: Deadlines, billing: Days, *, root: str
) -> tuple[Due, ...]:
    """What has a day first, in the order of the days. `root`: the address of the practice."""
    found = [*_paperwork(standing, year, reporting, billing, root), *_answers(standing, billing)]
    return tuple(sorted(found, key=lambda due: due.until or date.max))


def _paperwork(
    standing: YearStanding, year: int, reporting: Deadlines, billing: Days, root: str
) -> Iterator[Due]:
    if not standing.registered:
        yield Due(what=f"Register for reporting in {year}", until=reporting.register_until)
    if standing.missing_consents:
        people = "clinician has" if standing.missing_consents == 1 else "clinicians have"
        yield Due(
            what=f"{standing.missing_consents} {people} not signed the consent for {year}",
            until=reporting.consent_until,
            link=f"{root}/dashboard/clinicians?year={year}",
        )
    if not standing.ordered:
        yield Due(what=f"Order for {year}", until=billing.registration_until)
    elif not standing.paid:
        yield Due(what=f"Pay the order for {year}", until=None)


def _answers(standing: YearStanding, billing: Days) -> Iterator[Due]:
    for each in standing.incomplete:
        cases = ", ".join(f"{more:,} of {measure_id}" for measure_id, more in each.cases.items())
        yield Due(
            what=f"Answer more cases of TIN {each.tin}: {cases}",
            until=billing.data_until,
            link=each.link,
        )
