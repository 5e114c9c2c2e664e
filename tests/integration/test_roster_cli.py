"""`nacor roster`: provider lists from and to spreadsheets, locked and unlocked by an operator."""

import json
from pathlib import Path

import pytest

from tests.case_files import NPI, OTHER_TIN, TIN
from tests.commands import Nacor
from tests.registry import PRACTICE, Registry
from tests.rosters import Staff

HEADER = "npi,name,credentials,asa_member_years,tin,starts_on,ends_on"
ROBIN = f"{NPI},Robin Example,Anesthesiologist,2024,{TIN},2024-01-01,"
OF = ("--practice", PRACTICE)
WHY = ("--reason", "Results go to CMS this month.")


@pytest.fixture
def robins_list(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEADER}\n{ROBIN}\n")
    return str(path)


def test_a_list_is_tried_brought_in_and_given_out(
    registry: Registry, nacor: Nacor, robins_list: str, tmp_path: Path
) -> None:
    staff = Staff(caller=registry.practice())
    tried = nacor("roster", "import", robins_list, *OF, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout.splitlines() == [
        "line 2: clinician added",
        "line 2: employment added",
        "1 lines, 0 entries as they were, 0 not told",
        "Nothing was changed: this was a dry run.",
    ]
    assert staff.listed("clinicians") == []

    assert nacor("roster", "import", robins_list, *OF).exit_code == 0
    [robin] = staff.listed("clinicians")
    assert robin["name"] == "Robin Example"
    by = staff.listed("roster-changes")[0]["by"]
    assert (by["key_id"], by["role"]) == (None, "operator")
    assert "@" in by["label"], "the account and the machine"

    given_out = nacor("roster", "export", *OF)
    assert given_out.stdout_bytes.decode("utf-8-sig").splitlines() == [HEADER, ROBIN]
    again = tmp_path / "again.csv"
    again.write_bytes(given_out.stdout_bytes)
    assert nacor("roster", "import", str(again), *OF).stdout.splitlines() == [
        "1 lines, 2 entries as they were, 0 not told"
    ]


def test_a_list_with_errors_is_refused_line_by_line_without_values(
    nacor: Nacor, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEADER}\n{ROBIN.replace(TIN, OTHER_TIN)}\n")
    refused = nacor("roster", "import", str(path), *OF)
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        "line 2, tin: The TIN is not registered for the practice. Correct it, or register the TIN"
        " for the practice first.",
        "nacor: The provider list has errors. 1 findings. Nothing of the file was taken over.",
    ]


def test_an_operator_locks_a_list_and_opens_it_again(nacor: Nacor, robins_list: str) -> None:
    locked = nacor("roster", "lock", "2024", *WHY, "--opens-on", "2099-01-01")
    assert locked.stdout == "The provider list of 2024 is locked and opens on 2099-01-01.\n"
    refused = nacor("roster", "import", robins_list, *OF)
    assert refused.exit_code == 2
    assert "opens again on 2099-01-01" in refused.stderr
    assert nacor("roster", "unlock", "2024", *WHY).stdout == "The provider list of 2024 is open.\n"
    assert nacor("roster", "import", robins_list, *OF).exit_code == 0


def test_an_operator_confirms_who_is_in_a_virtual_group(registry: Registry, nacor: Nacor) -> None:
    lakes = Staff(caller=registry.practice()).add(
        "virtual-groups", performance_year=2024, name="Northern Lakes", tins=[TIN, OTHER_TIN]
    )
    [entered] = map(json.loads, nacor("roster", "virtual-groups", "2024").stdout.splitlines())
    assert entered == {**lakes, "practice_id": PRACTICE, "confirmed_at": None}
    confirmed = json.loads(nacor("roster", "confirm-group", lakes["id"], *OF).stdout)
    assert (confirmed["version"], confirmed["confirmed_at"] is None) == (2, False)
    withdrawn = json.loads(nacor("roster", "confirm-group", lakes["id"], *OF, "--withdraw").stdout)
    assert withdrawn["confirmed_at"] is None


@pytest.mark.parametrize(
    "words",
    [
        ("import", "nowhere.csv", *OF),
        ("import", "nowhere.csv", "--practice", "x"),
        ("export", "--practice", "99999"),
        ("lock", "2024", *WHY, "--opens-on", "tomorrow"),
        ("lock", "2024", *WHY, "--opens-on", "2020-01-01"),
        ("confirm-group", "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23", *OF),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(nacor: Nacor, words: tuple[str, ...]) -> None:
    refused = nacor("roster", *words)
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
