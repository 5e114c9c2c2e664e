"""Which findings an acceptance covers: those of its code, at its place, and never an error."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from app.checking.acceptance import InForce, is_acceptable, last_day, parse_place, place_of
from app.domain.acceptances import Acceptance, AcceptanceState, Author, Withdrawal
from app.domain.findings import Finding, FindingCode, Scope, Severity
from app.domain.identifiers import PracticeId

RECORD = "/AnesthesiaRecords/AnesthesiaRecord[3]"
DAY = date(2024, 6, 1)
BY = Author(key_id=UUID(int=1), role="practice", label=None)


def acceptance(
    number: int,
    *,
    code: FindingCode = FindingCode.TIN_NOT_REGISTERED,
    path: str | None = None,
) -> Acceptance:
    return Acceptance(
        id=UUID(int=number),
        practice_id=PracticeId("12345"),
        sandbox=False,
        code=code,
        path=path,
        reason="The clinicians are not enrolled yet.",
        expires_on=DAY,
        accepted_at=datetime(2024, 5, 1),
        by=BY,
    )


def finding(
    path: str = f"{RECORD}/AnesthesiaCase/AnesthesiaStaffSet",
    *,
    severity: Severity = Severity.WARNING,
    code: FindingCode = FindingCode.TIN_NOT_REGISTERED,
) -> Finding:
    return Finding(code=code, severity=severity, scope=Scope.RECORD, message="", path=path)


def test_an_acceptance_without_a_place_covers_its_code_everywhere() -> None:
    everywhere = acceptance(1)
    in_force = InForce([everywhere])
    assert in_force.covering(finding()) == everywhere
    assert in_force.covering(finding("/AnesthesiaRecords/RecordHeader")) == everywhere
    assert in_force.covering(finding(code=FindingCode.RECORD_ID_BLANK)) is None


PLACES = [
    # accepted at           found at                                   covered
    ("Procedure/CPTSet", f"{RECORD}/Procedure/CPTSet", True),
    ("Procedure/CPTSet", "/AnesthesiaRecords/AnesthesiaRecord[70000]/Procedure/CPTSet", True),
    ("Procedure/CPTSet/CPT", f"{RECORD}/Procedure/CPTSet/CPT[2]", True),
    ("Procedure/CPTSet", f"{RECORD}/Procedure/CPTSet/CPT[2]", False),
    ("Procedure", f"{RECORD}/Procedure/CPTSet", False),
    ("Procedure/CPTSet", f"{RECORD}/Procedure", False),
    ("CPTSet", f"{RECORD}/Procedure/CPTSet", False),
    ("RecordHeader/AQIXMLVersion", "/AnesthesiaRecords/RecordHeader/AQIXMLVersion", True),
    ("AnesthesiaRecord", RECORD, True),
]


@pytest.mark.parametrize(("place", "path", "covered"), PLACES)
def test_an_acceptance_with_a_place_covers_that_element_of_every_record_alone(
    place: str, path: str, covered: bool
) -> None:
    there = acceptance(1, path=place)
    assert InForce([there]).covering(finding(path)) == (there if covered else None)


SEVERITIES = [(Severity.INFO, True), (Severity.WARNING, True), (Severity.ERROR, False)]


@pytest.mark.parametrize(("severity", "covered"), SEVERITIES)
def test_an_error_is_not_covered_though_its_code_was_accepted(
    severity: Severity, covered: bool
) -> None:
    found = InForce([acceptance(1)]).covering(finding(severity=severity))
    assert (found is not None) is covered


def test_of_several_the_one_for_the_place_counts_and_of_those_the_newest() -> None:
    newest_first = [
        acceptance(4),
        acceptance(3, path="AnesthesiaCase/AnesthesiaStaffSet"),
        acceptance(2, path="AnesthesiaCase/AnesthesiaStaffSet"),
        acceptance(1),
    ]
    covering = InForce(newest_first).covering
    assert covering(finding()) == newest_first[1]
    assert covering(finding(f"{RECORD}/AnesthesiaCase")) == newest_first[0]


def test_what_is_missing_is_accepted_by_its_own_name_not_by_that_of_its_parent() -> None:
    no_codes = replace(finding(f"{RECORD}/Procedure"), missing="CPTSet")
    assert place_of(no_codes) == "Procedure/CPTSet"
    there = acceptance(1, path="Procedure/CPTSet")
    assert InForce([there]).covering(no_codes) == there
    assert InForce([there]).covering(replace(no_codes, missing="ICDSet")) is None
    assert InForce([acceptance(1, path="Procedure")]).covering(no_codes) is None


@pytest.mark.parametrize(
    "text",
    [
        "Procedure/CPTSet",
        "/Procedure/CPTSet",
        "AnesthesiaRecords/AnesthesiaRecord/Procedure/CPTSet",
        "/AnesthesiaRecords/AnesthesiaRecord[3]/Procedure/CPTSet[1]",
    ],
)
def test_a_place_is_read_as_a_person_or_a_report_writes_it(text: str) -> None:
    assert parse_place(text) == "Procedure/CPTSet"
    assert place_of(finding(f"{RECORD}/Procedure/CPTSet")) == parse_place(text)


@pytest.mark.parametrize("text", ["", "/", "Procedure/", "Procedure//CPT", "../PreOp", "a b", "é"])
def test_what_names_no_element_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="names of elements"):
        parse_place(text)


ENDS = [
    # asked for         it ends
    (None, date(2024, 8, 30)),
    (date(2024, 6, 1), date(2024, 6, 1)),
    (date(2025, 6, 1), date(2025, 6, 1)),
    (date(2024, 5, 31), None),
    (date(2025, 6, 3), None),
]


@pytest.mark.parametrize(("asked", "end"), ENDS)
def test_when_an_acceptance_ends(asked: date | None, end: date | None) -> None:
    if end is None:
        with pytest.raises(ValueError, match="in a year at the latest"):
            last_day(asked, day=DAY)
    else:
        assert last_day(asked, day=DAY) == end


ACCEPTABLE = [
    # published as                          graded here       can be accepted
    ([Severity.WARNING], None, True),
    ([Severity.INFO], None, True),
    ([Severity.ERROR, Severity.INFO], None, True),
    ([Severity.ERROR], None, False),
    ([Severity.WARNING], Severity.ERROR, False),
    ([Severity.ERROR], Severity.WARNING, True),
]


@pytest.mark.parametrize(("published", "graded", "acceptable"), ACCEPTABLE)
def test_what_can_be_accepted(
    published: list[Severity], graded: Severity | None, acceptable: bool
) -> None:
    assert is_acceptable(published, graded) is acceptable


def test_the_state_of_an_acceptance_on_a_day() -> None:
    made = acceptance(1)
    assert made.state_on(DAY) is AcceptanceState.IN_FORCE
    assert made.state_on(date(2024, 6, 2)) is AcceptanceState.EXPIRED
    gone = Withdrawal(at=datetime(2024, 5, 2), by=BY, reason=None)
    assert replace(made, withdrawal=gone).state_on(DAY) is AcceptanceState.WITHDRAWN
