"""`nacor registration`, `nacor consent` and `nacor agreement`, as staff at a terminal use them."""

import csv
import json
from pathlib import Path

import pytest

from tests.case_files import NPI
from tests.commands import Nacor
from tests.registry import PRACTICE, Registry
from tests.reporting import CONSENTS, SIGNED, registration_path
from tests.rosters import Staff

REGISTRATION = {"option": "individual_qcdr", "is_renewal": False, "representative": SIGNED}


@pytest.fixture
def form(tmp_path: Path) -> str:
    path = tmp_path / "registration.json"
    path.write_text(json.dumps(REGISTRATION))
    return str(path)


def test_a_practice_is_registered_and_its_clinician_signs(
    registry: Registry, nacor: Nacor, form: str
) -> None:
    practice = registry.practice()
    Staff(caller=practice).bring_in_robin()
    late = nacor("registration", "set", PRACTICE, "2024", form)
    assert late.exit_code == 2, "the deadline of 2024 has passed"
    assert "late_reason" in late.stderr
    made = nacor("registration", "set", PRACTICE, "2023", form)
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["option"] == "individual_qcdr"
    again = nacor("registration", "set", PRACTICE, "2023", form)
    assert json.loads(again.stdout)["version"] == 2
    assert practice.get(registration_path(2023)).headers["ETag"] == '"2"'

    signature = ("--signer", "Robin Example", "--signed-on", "2023-02-01", "--evidence", "form 17")
    signed = nacor("consent", "add", PRACTICE, "2023", "--npi", NPI, *signature)
    assert signed.exit_code == 0, signed.output
    consent = json.loads(signed.stdout)
    assert practice.read(f"{CONSENTS}/{consent['id']}") == consent
    [told] = csv.DictReader(nacor("registration", "list", "2023").stdout.splitlines())
    assert (told["is_registered"], told["signed_consents"]) == ("True", "1")

    why = ("--on", "2023-05-01", "--reason", "Reports with another practice.")
    assert nacor("consent", "withdraw", PRACTICE, consent["id"], *why).exit_code == 0
    [told] = csv.DictReader(nacor("consent", "list", PRACTICE, "2023").stdout.splitlines())
    assert (told["npi"], told["state"]) == (NPI, "withdrawn")
    newest = practice.read("/v1/audit", practice_id=PRACTICE, limit=2)["items"]
    assert [entry["action"] for entry in newest] == ["list.exported", "consent.withdrawn"]
    assert {entry["actor"]["kind"] for entry in newest} == {"operator"}


def test_an_agreement_is_recorded_and_listed(registry: Registry, nacor: Nacor) -> None:
    added = nacor(
        *("agreement", "add", PRACTICE, "participation"),
        *("--from", "2024-01-01", "--reference", "contract 2024-17"),
    )
    assert added.exit_code == 0, added.output
    listed = nacor("agreement", "list", PRACTICE)
    assert json.loads(listed.stdout) == json.loads(added.stdout)
    [agreement] = Staff(caller=registry.practice()).listed("agreements")
    assert agreement == json.loads(added.stdout)


def test_a_form_that_cannot_be_read_is_told_field_by_field(nacor: Nacor, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({**REGISTRATION, "option": "group"}))
    told = nacor("registration", "set", PRACTICE, "2023", str(path))
    assert told.exit_code == 2
    assert "option: must be 'group_qr'" in told.stderr
