"""The reconciliation is read from totals, and says what every case, day by day, would say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from app.domain.identifiers import Npi, Tin, npi_check_digit, parse_practice_id
from app.domain.reconciliation import RowKind, SeenInCases, SeenStaff, SeenTin
from app.domain.roster import Clinician, Employment
from app.roster.reconciliation_service import outline_of
from app.roster.reconciling import ReportRow, Roster, reconcile
from tests.case_files import NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry
from tests.rosters import ROSTER, Staff

YEARS: Final = (2023, 2024)
FIRST_DAY: Final = date(2023, 1, 1)
DAYS: Final = 510
UNKNOWN_TIN: Final = Tin("881234567")
TINS: Final = (Tin(TIN), Tin(TIN), Tin(OTHER_TIN), UNKNOWN_TIN)
IMPOSSIBLE: Final = Npi("1234567890")
_NINE_DIGITS: Final = [f"{number}" for number in range(110000000, 110000012)]
LISTED: Final = [Npi(digits + npi_check_digit(digits)) for digits in _NINE_DIGITS]
NPIS: Final = (*LISTED[2:], Npi(NPI), IMPOSSIBLE)
"""Of whom there are cases: two on the list have none."""


@dataclass(frozen=True)
class Case:
    day: date
    staff: Sequence[tuple[Tin, Npi]]

    def is_held(self, roster: Roster) -> bool:
        spans = roster.tins.spans
        return not all(tin in spans and spans[tin].covers(self.day) for tin, _ in self.staff)


def some_cases(chance: Random) -> list[Case]:
    return [
        Case(
            day=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
            staff=[(chance.choice(TINS), npi) for npi in chance.sample(NPIS, chance.randint(1, 2))],
        )
        for _ in range(160)
    ]


def send(cases: Iterable[Case], vendor: Caller) -> None:
    records = (
        a_record(f"A-{number}", staff=case.staff, start=f"{case.day}T07:30:00",
                 end=f"{case.day}T09:30:00")
        for number, case in enumerate(cases)
    )  # fmt: skip
    assert vendor.send(a_case_file(*records))["records"]["rejected"] == 0


def keep_a_roster(chance: Random, staff: Staff) -> None:
    """Two TINs, one given up within a month, and jobs that begin and end on any day."""
    staff.add("tins", tin=OTHER_TIN, valid_from="2023-02-11", valid_until="2024-03-20")
    for npi in LISTED:
        told = {"npi": npi, "name": "Robin Example", "credentials": "Anesthesiologist"}
        clinician = staff.add("clinicians", **told)
        for tin in chance.sample((TIN, OTHER_TIN), chance.choice((1, 2))):
            begins = FIRST_DAY + timedelta(days=chance.randrange(-60, 300))
            ends = begins + timedelta(days=chance.randrange(30, 500))
            staff.employ(clinician, tin=tin, starts_on=f"{begins}", ends_on=f"{ends}")


def roster_of(registry: Registry) -> Roster:
    practice = parse_practice_id(PRACTICE)
    with registry.open_work() as work:
        return Roster(
            tins=work.practices.registered_tins(practice),
            clinicians=work.roster.all(Clinician, practice),
            employments=work.roster.all(Employment, practice),
        )


def seen_day_by_day(cases: Iterable[Case], roster: Roster) -> SeenInCases:
    staff: Counter[tuple[Tin, Npi, date]] = Counter()
    tins: defaultdict[tuple[Tin, date], list[bool]] = defaultdict(list)
    cases_of: Counter[Npi] = Counter()
    for case in cases:
        staff.update((tin, npi, case.day) for tin, npi in case.staff)
        cases_of.update(npi for _, npi in case.staff)
        for tin in {tin for tin, _ in case.staff}:
            tins[tin, case.day].append(case.is_held(roster))
    return SeenInCases(
        staff=tuple(
            SeenStaff(tin=tin, npi=npi, first_day=day, last_day=day, cases=number)
            for (tin, npi, day), number in staff.items()
        ),
        tins=tuple(
            SeenTin(tin=tin, first_day=day, last_day=day, cases=len(held), held=sum(held))
            for (tin, day), held in tins.items()
        ),
        cases_of=cases_of,
    )


def as_answered(row: ReportRow) -> dict[str, Any]:
    return {
        "kind": row.key.kind,
        "tin": row.key.tin or None,
        "npi": row.key.npi or None,
        "name": None if row.clinician is None else row.clinician.name,
        "tins": list(row.tins),
        "cases": row.cases,
        "held_cases": row.held,
        "first_date_of_service": None if row.first_day is None else f"{row.first_day}",
        "last_date_of_service": None if row.last_day is None else f"{row.last_day}",
    }


def answered(staff: Staff, year: int) -> list[Any]:
    pages = staff.caller.pages(f"{ROSTER}/reconciliation", performance_year=year, limit=17)
    told = [row for page in pages for row in page]
    return [{name: row[name] for name in row if name not in ("state", "decision")} for row in told]


def in_months(row: ReportRow) -> ReportRow:
    return replace(
        row,
        first_day=None if row.first_day is None else row.first_day.replace(day=1),
        last_day=None if row.last_day is None else row.last_day.replace(day=1),
    )


def test_the_report_and_what_is_decided_are_those_of_every_case_day_by_day(
    registry: Registry,
) -> None:
    chance, staff = Random(3), Staff(caller=registry.practice())
    cases = some_cases(chance)
    keep_a_roster(chance, staff)
    send(cases, registry.vendor())
    roster = roster_of(registry)
    for year in YEARS:
        seen = seen_day_by_day((case for case in cases if case.day.year == year), roster)
        rows = reconcile(year, seen, roster)
        assert {row.key.kind for row in rows} == set(RowKind)
        assert answered(staff, year) == [as_answered(row) for row in rows]

        outline = outline_of(parse_practice_id(PRACTICE), year, open_work=registry.open_work)
        assert [in_months(each.row) for each in outline.rows] == [in_months(row) for row in rows]
        assert outline.cases == staff.caller.count(year)
        assert outline.tins == sorted([TIN, OTHER_TIN])

    unknown = [row for row in rows if row.key.kind is RowKind.UNKNOWN_TIN]
    joining = [row for row in rows if row.key.kind is RowKind.NOT_ON_LIST]
    confirm(staff, *unknown, *joining)
    [widened] = [each["valid_until"] for each in staff.listed("tins") if each["tin"] == OTHER_TIN]
    assert [widened] == [f"{row.last_day}" for row in unknown if row.key.tin == OTHER_TIN]
    began = {(row.key.npi, row.key.tin, f"{row.first_day}") for row in joining}
    assert began
    assert began <= set(employments(staff))


def confirm(staff: Staff, *rows: ReportRow) -> None:
    decisions = [
        {"kind": row.key.kind, "tin": row.key.tin, "npi": row.key.npi or None} for row in rows
    ]
    asked = {
        "performance_year": YEARS[-1],
        "decisions": [{**each, "decision": "confirm"} for each in decisions],
    }
    answer = staff.caller.ask("POST", f"{ROSTER}/reconciliation", json=asked)
    assert answer.status_code == 200, answer.text


def employments(staff: Staff) -> Iterator[tuple[str, str, str]]:
    """NPI, TIN and the first day of each."""
    clinicians = staff.caller.read(f"{ROSTER}/clinicians", limit=500)["items"]
    npis = {each["id"]: each["npi"] for each in clinicians}
    for each in staff.caller.read(f"{ROSTER}/employments", limit=500)["items"]:
        yield npis[each["clinician_id"]], each["tin"], each["starts_on"]
