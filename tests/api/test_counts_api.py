"""GET /v1/counts against a recount by hand of the very file that was sent."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from lxml import etree

from app.synthetic.generate import GenerationPlan, generate_case_file
from app.synthetic.practice import practice_tins
from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN, a_case_file, a_record
from tests.registry import PRACTICE, Caller, Registry

GROUPS = ("tin", "npi", "month", "facility")
PLAN = GenerationPlan(cases=60, year=2024, seed=11, detail="small")
CASE_FILE = b"".join(generate_case_file(PLAN))


@dataclass(frozen=True)
class Counted:
    """A case as the file has it; one (TIN, NPI) may stand there more than once."""

    day: date
    facility: str
    staff: frozenset[tuple[str, str]]


def cases_in(case_file: bytes) -> list[Counted]:
    return [
        Counted(
            day=min(
                date.fromisoformat(start.text[:10])
                for start in record.iterfind(".//AnesthesiaMethod/AnesthesiaStartTime")
            ),
            facility=record.findtext("Procedure/FacilityID"),
            staff=frozenset(
                (member.findtext("TaxID"), member.findtext("NPI"))
                for member in record.iterfind(".//AnesthesiaStaff")
            ),
        )
        for record in etree.fromstring(case_file).iterfind("AnesthesiaRecord")
    ]


def recounted(
    cases: list[Counted], groups: tuple[str, ...], *, tin: str | None = None, npi: str | None = None
) -> dict[tuple[str, ...], int]:
    """How many cases stand in each group, every case once, whatever its staff."""
    found: dict[tuple[str, ...], set[int]] = {}
    for number, case in enumerate(cases):
        for member_tin, member_npi in case.staff:
            if tin not in (None, member_tin) or npi not in (None, member_npi):
                continue
            keys = {
                "tin": member_tin,
                "npi": member_npi,
                "month": f"{case.day:%Y-%m}",
                "facility": case.facility,
            }
            found.setdefault(tuple(keys[group] for group in groups), set()).add(number)
    return {key: len(numbers) for key, numbers in found.items()}


def asked(caller: Caller, groups: tuple[str, ...], **filters: str) -> tuple[int, Any]:
    answer = caller.read(
        "/v1/counts",
        practice_id=PRACTICE,
        performance_year=2024,
        group_by=",".join(groups),
        **filters,
    )
    counted = {tuple(group[name] for name in groups): group["cases"] for group in answer["groups"]}
    assert all(set(group) == {*groups, "cases"} for group in answer["groups"])
    assert len(counted) == len(answer["groups"])
    return answer["cases"], counted


EVERY_GROUPING = [chosen for n in range(1, 5) for chosen in combinations(GROUPS, n)]
PERIODS = {
    "the whole year": ("2024-01-01", "2024-12-31"),
    "whole months": ("2024-03-01", "2024-09-30"),
    "a month": ("2024-02-01", "2024-02-29"),
    "from inside a month": ("2024-03-15", "2024-09-30"),
    "to inside a month": ("2024-03-01", "2024-09-14"),
    "a day": ("2024-05-07", "2024-05-07"),
    "beyond the year": ("2020-01-01", "2030-06-15"),
    "nothing": ("2024-09-30", "2024-03-01"),
}


def test_counts_agree_with_a_recount_of_the_file(registry: Registry) -> None:
    registry.register(PRACTICE, *practice_tins(PRACTICE, PLAN.seed))
    practice = registry.practice()
    assert practice.send(CASE_FILE)["records"]["created"] == PLAN.cases
    cases = cases_in(CASE_FILE)
    tin, npi = min(min(case.staff) for case in cases)

    for groups in EVERY_GROUPING:
        assert asked(practice, groups) == (len(cases), recounted(cases, groups)), groups
    for filters in ({"tin": tin}, {"npi": npi}, {"tin": tin, "npi": npi}):
        for groups in EVERY_GROUPING:
            total = recounted(cases, (), **filters).get((), 0)
            assert asked(practice, groups, **filters) == (
                total,
                recounted(cases, groups, **filters),
            ), (filters, groups)
    for first, last in PERIODS.values():
        within = [
            c for c in cases if date.fromisoformat(first) <= c.day <= date.fromisoformat(last)
        ]
        for groups in ((), ("tin",), ("npi", "month"), GROUPS):
            expected = {} if groups == () else recounted(within, groups)
            period = {"from": first, "to": last}
            assert asked(practice, groups, **period) == (len(within), expected), (period, groups)
        for filters in ({"tin": tin}, {"npi": npi}):
            total, _ = asked(practice, (), **filters, **{"from": first, "to": last})
            assert total == recounted(within, (), **filters).get((), 0)


def test_a_case_counts_once_for_practice_tin_and_clinician(registry: Registry) -> None:
    registry.register(PRACTICE, OTHER_TIN)
    practice = registry.practice()
    practice.send(
        a_case_file(
            a_record("A-1", staff=[(TIN, NPI)]),
            a_record("A-2", staff=[(TIN, NPI), (TIN, OTHER_NPI)]),
            a_record("A-3", staff=[(TIN, NPI), (OTHER_TIN, OTHER_NPI)]),
            a_record("A-4", staff=[(TIN, NPI), (TIN, NPI), (TIN, NPI)]),
        )
    )
    total, by_tin = asked(practice, ("tin",))
    assert total == 4
    assert by_tin == {(TIN,): 4, (OTHER_TIN,): 1}  # more than four: A-3 stands in both
    assert asked(practice, ("npi",)) == (4, {(NPI,): 4, (OTHER_NPI,): 2})
    assert asked(practice, ("tin", "npi")) == (
        4,
        {(TIN, NPI): 4, (TIN, OTHER_NPI): 1, (OTHER_TIN, OTHER_NPI): 1},
    )
    assert asked(practice, ("tin",), npi=OTHER_NPI) == (2, {(TIN,): 1, (OTHER_TIN,): 1})


@pytest.mark.parametrize("period", PERIODS.values(), ids=list(PERIODS))
def test_held_deleted_and_sandbox_cases_count_in_no_period(
    registry: Registry, period: tuple[str, str]
) -> None:
    practice = registry.practice()
    day = {"start": "2024-05-07T07:30:00", "end": "2024-05-07T08:30:00"}
    practice.send(
        a_case_file(
            a_record("A-1", **day),
            a_record("A-2", staff=[(OTHER_TIN, NPI)], **day),
            a_record("A-3", **day),
        )
    )
    registry.practice(sandbox=True).send(a_case_file(a_record("A-9", **day)))
    (first, _, third) = practice.read("/v1/cases", practice_id=PRACTICE)["items"]
    assert first["anesthesia_record_id"] == "A-1"
    practice.delete(f"/v1/cases/{third['case_id']}", reason="duplicate")
    from_, to = period
    counts = 1 if from_ <= "2024-05-07" <= to else 0
    assert practice.count(**{"from": from_, "to": to}) == counts


def listed(caller: Caller, **filters: str) -> list[str]:
    pages = caller.pages("/v1/cases", practice_id=PRACTICE, limit=7, **filters)
    return [case["case_id"] for page in pages for case in page]


@pytest.fixture
def filled(registry: Registry) -> Caller:
    """Sixty cases that count, and of each kind that does not count one: held, deleted, sandbox."""
    registry.register(PRACTICE, TIN, *practice_tins(PRACTICE, PLAN.seed))
    practice = registry.practice()
    practice.send(CASE_FILE)
    day = {"start": "2024-05-07T07:30:00", "end": "2024-05-07T08:30:00"}
    practice.send(
        a_case_file(a_record("H-1", staff=[(OTHER_TIN, NPI)], **day), a_record("D-1", **day))
    )
    registry.practice(sandbox=True).send(a_case_file(a_record("S-1", **day)))
    (deleted,) = listed(practice, tin=TIN, **{"from": "2024-05-07", "to": "2024-05-07"})
    practice.delete(f"/v1/cases/{deleted}", reason="duplicate")
    return practice


def test_every_number_can_be_listed_to_its_cases(filled: Caller) -> None:
    for groups in (("tin",), ("npi", "month"), ("facility",), GROUPS):
        _, counted = asked(filled, groups)
        assert counted
        for key, cases in list(counted.items())[:25]:
            group = dict(zip(groups, key, strict=True))
            found = listed(filled, performance_year="2024", status="active", **group)
            assert (len(found), len(set(found))) == (cases, cases), group
            assert filled.count(**group) == cases, group


@pytest.mark.parametrize("period", PERIODS.values(), ids=list(PERIODS))
def test_the_number_of_a_period_can_be_listed_to_its_cases(
    filled: Caller, period: tuple[str, str]
) -> None:
    bounds = {"from": period[0], "to": period[1]}
    for more in ({}, {"month": "2024-05"}):
        found = listed(filled, performance_year="2024", status="active", **bounds, **more)
        assert len(found) == filled.count(**bounds, **more)


def test_without_filters_all_but_deleted_cases_are_listed(filled: Caller) -> None:
    assert len(listed(filled)) == PLAN.cases + 1
    assert len(listed(filled, status="active")) == PLAN.cases
    assert len(listed(filled, status="held")) == 1
    assert len(listed(filled, status="deleted")) == 1
    assert listed(filled, performance_year="2023") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "gone"),
        ("month", "2024-13"),
        ("month", "0000-01"),
        ("month", "March"),
        ("facility", "\x00"),
        ("npi", "123456789"),
        ("npi", "12345678901"),
        ("tin", "89-1234567"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(registry: Registry, name: str, value: str) -> None:
    answer = registry.practice().get("/v1/cases", practice_id=PRACTICE, **{name: value})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/invalid-request")


def test_an_npi_with_a_wrong_check_digit_is_asked_for_as_it_is_listed(registry: Registry) -> None:
    mistyped = "1234567890"
    practice = registry.practice()
    practice.send(a_case_file(a_record("A-1", staff=[(TIN, mistyped)]), a_record("A-2")))
    assert asked(practice, ("npi",)) == (2, {(mistyped,): 1, (NPI,): 1})
    assert practice.count(npi=mistyped) == 1
    assert len(listed(practice, npi=mistyped)) == 1


def test_the_answer_is_as_published(registry: Registry) -> None:
    practice = registry.practice()
    practice.send(a_case_file())
    answer = practice.read(
        "/v1/counts", practice_id=PRACTICE, performance_year=2024, group_by="tin, month"
    )
    assert answer.pop("as_of").endswith("Z")
    assert answer == {
        "practice_id": PRACTICE,
        "performance_year": 2024,
        "cases": 1,
        "groups": [{"tin": TIN, "month": "2024-03", "cases": 1}],
    }


def test_a_year_without_cases_has_none(registry: Registry) -> None:
    assert asked(registry.practice(), ("tin", "month")) == (0, {})


def test_an_unknown_grouping_is_refused_with_the_known_ones(registry: Registry) -> None:
    answer = registry.practice().get(
        "/v1/counts", practice_id=PRACTICE, performance_year=2024, group_by="surgeon"
    )
    assert answer.status_code == 422
    assert "tin, npi, month, facility" in answer.json()["detail"]


def test_the_cases_of_a_clinician_are_listed_once_each_year_by_year(registry: Registry) -> None:
    """Years arrive in any order; one case names the clinician twice, under two TINs."""
    registry.register(PRACTICE, TIN, OTHER_TIN)
    practice = registry.practice()
    years = ("2023", "2024", "2023", "2022", "2024", "2023")
    for number, year in enumerate(years):
        day = {"start": f"{year}-05-07T07:30:00", "end": f"{year}-05-07T08:30:00"}
        staff = [(TIN, NPI), (OTHER_TIN, NPI)] if number < 3 else [(TIN, NPI)]
        practice.send(a_case_file(a_record(f"{year}-{number}", staff=staff, **day)))
    practice.send(a_case_file(a_record("of another", staff=[(TIN, OTHER_NPI)])))

    def record_ids(limit: int, **filters: str) -> list[str]:
        asked = {"practice_id": PRACTICE, "npi": NPI, "limit": limit, **filters}
        pages = practice.pages("/v1/cases", **asked)
        return [case["anesthesia_record_id"] for page in pages for case in page]

    in_order = [f"{year}-{number}" for number, year in enumerate(years)]
    for limit in (1, 2, 50):
        assert record_ids(limit) == in_order
        assert record_ids(limit, tin=OTHER_TIN) == in_order[:3]
        for year in ("2022", "2023", "2024"):
            of_year = [each for each in in_order if each.startswith(year)]
            assert record_ids(limit, performance_year=year) == of_year
        assert record_ids(limit, performance_year="2021") == []
