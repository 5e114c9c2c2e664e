"""The provider list as a spreadsheet: brought in all or nothing, and given out again."""

import csv
import io
from typing import Any

from httpx import Response

from tests.case_files import NPI, OTHER_NPI, OTHER_TIN, TIN
from tests.problems import problem
from tests.registry import OTHER_PRACTICE, Registry
from tests.rosters import ROBIN, ROSTER, Staff

HEADER = "npi,name,credentials,asa_member_years,tin,starts_on,ends_on"
ROBIN_LINE = f"{NPI},Robin Example,Anesthesiologist,2023 2024,{TIN},2023-01-01,"
KIM_LINE = f"{OTHER_NPI},Kim Sample,Certified Registered Nurse Anesthetist,,{TIN},2024-02-01,"


def a_list(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *lines, "")).encode()


def bring_in(staff: Staff, content: bytes, *, dry_run: bool = False) -> Response:
    return staff.caller.ask(
        "POST",
        f"{ROSTER}/clinicians/import",
        params={"dry_run": str(dry_run).lower()},
        content=content,
        headers={"Content-Type": "text/csv"},
    )


def brought_in(staff: Staff, content: bytes, *, dry_run: bool = False) -> Any:
    answer = bring_in(staff, content, dry_run=dry_run)
    assert answer.status_code == 200, answer.text
    return answer.json()


def exported(staff: Staff) -> bytes:
    answer = staff.caller.get(f"{ROSTER}/clinicians.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return answer.content


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def findings(answer: Response) -> list[tuple[int, str | None, str]]:
    assert problem(answer, 422) == "provider-list-rejected"
    return [(each["line"], each["column"], each["problem"]) for each in answer.json()["findings"]]


def test_a_list_brings_in_clinicians_and_where_they_work(staff: Staff) -> None:
    done = brought_in(staff, a_list(ROBIN_LINE, KIM_LINE))
    assert done["clinicians"]["added"] == done["employments"]["added"] == 2
    names = [(each["name"], each["asa_member_years"]) for each in staff.listed("clinicians")]
    assert names == [("Robin Example", [2023, 2024]), ("Kim Sample", [])]
    assert [each["starts_on"] for each in staff.listed("employments")] == [
        "2023-01-01",
        "2024-02-01",
    ]


def test_a_dry_run_says_what_would_be_and_does_nothing(staff: Staff) -> None:
    robin = staff.bring_in_robin()
    told = brought_in(
        staff,
        a_list(
            f"{NPI},Robin Sample,Anesthesiologist,,{TIN},2023-01-01,2024-05-31",
            KIM_LINE,
        ),
        dry_run=True,
    )
    assert told["dry_run"] is True
    assert told["changes"] == [
        {"line": 2, "what": "clinician", "action": "changed", "columns": ["name"]},
        {"line": 2, "what": "employment", "action": "ended", "columns": ["ends_on"]},
        {"line": 3, "what": "clinician", "action": "added", "columns": []},
        {"line": 3, "what": "employment", "action": "added", "columns": []},
    ]
    assert staff.listed("clinicians") == [robin]
    assert len(staff.listed("roster-changes")) == 3


def test_importing_an_export_changes_nothing(staff: Staff) -> None:
    staff.add("tins", tin=OTHER_TIN)
    brought_in(
        staff,
        a_list(
            ROBIN_LINE,
            f"{NPI},Robin Example,Anesthesiologist,2023 2024,{OTHER_TIN},2024-03-01,2024-03-31",
            f'{OTHER_NPI},"=cmd|calc, Kim",Surgeon,,,,',
        ),
    )
    content, history = exported(staff), staff.listed("roster-changes")
    again = brought_in(staff, content)
    assert again["changes"] == []
    assert (again["clinicians"]["unchanged"], again["employments"]["unchanged"]) == (2, 2)
    assert exported(staff) == content
    assert staff.listed("roster-changes") == history


def test_what_a_list_does_not_name_stays_as_it_is(staff: Staff) -> None:
    staff.bring_in_robin()
    assert brought_in(staff, a_list(KIM_LINE))["not_in_file"] == 1
    assert len(staff.listed("employments")) == 2


def test_one_fault_and_nothing_of_the_list_is_taken_over(staff: Staff) -> None:
    answer = bring_in(staff, a_list(ROBIN_LINE, KIM_LINE.replace(OTHER_NPI, "1987654321")))
    assert findings(answer) == [(3, "npi", "check-digit")]
    assert answer.json()["findings"][0]["mend"] == "Look it up in NPPES."
    assert "1987654321" not in answer.text
    assert staff.listed("clinicians") == []


def test_what_contradicts_the_list_or_itself_is_told(staff: Staff) -> None:
    staff.bring_in_robin()
    answer = bring_in(
        staff,
        a_list(
            f"{NPI},Robin Example,Anesthesiologist,,{TIN},2024-01-01,",
            f"{NPI},Robin Sample,Anesthesiologist,,{OTHER_TIN},2024-01-01,",
            f"{OTHER_NPI},,Surgeon,,,,",
            KIM_LINE.replace("Certified Registered Nurse Anesthetist", "Surgeon"),
            KIM_LINE.replace("Certified Registered Nurse Anesthetist", "Surgeon"),
        ),
    )
    assert findings(answer) == [
        (2, "starts_on", "overlap"),
        (3, "name", "lines-disagree"),
        (3, "tin", "tin-not-registered"),
        (4, "name", "missing"),
        (5, "name", "lines-disagree"),
        (6, None, "told-twice"),
        (6, "name", "lines-disagree"),
    ]


def test_formulas_in_a_name_are_given_out_as_text(staff: Staff) -> None:
    for number, name in enumerate(("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "Kim;=1")):
        npi = ["1234567893", "1987654328", "1000000004", "1000000012", "1000000020"][number]
        staff.add("clinicians", **{**ROBIN, "npi": npi, "name": name})
    names = [line[1] for line in cells(exported(staff))[1:]]
    assert sorted(names) == ["'+1", "'-1", "'=HYPERLINK(1)", "'@SUM(A1)", "Kim;'=1"]
    assert bring_in(staff, exported(staff)).json()["clinicians"]["unchanged"] == 5


def test_a_list_is_read_and_changed_by_its_practice_only(registry: Registry) -> None:
    registry.register(OTHER_PRACTICE)
    callers = (
        registry.vendor(),
        registry.practice(OTHER_PRACTICE),
        registry.practice(sandbox=True),
    )
    for caller in callers:
        assert problem(bring_in(Staff(caller=caller), a_list()), 403) == "not-permitted"
        assert problem(caller.get(f"{ROSTER}/clinicians.csv"), 403) == "not-permitted"
    assert problem(registry.anyone().get(f"{ROSTER}/clinicians.csv"), 401) == "not-authenticated"


def test_a_list_above_a_mebibyte_is_not_read(staff: Staff) -> None:
    answer = bring_in(staff, a_list("x" * (1 << 20)))
    assert problem(answer, 413) == "request-too-large"
