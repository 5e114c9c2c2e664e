"""A deployment that grades a rule otherwise: what a vendor sees of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.checking.standards import load_standards
from app.intake.processing import Library
from app.measures.catalogue.catalogue import shipped_catalogue
from tests.case_files import TIN, a_case_file, a_record
from tests.registry import Caller, Registry

NOBODYS_NPI = "1234567890"
FILE = a_case_file(a_record("A-1"), a_record("A-2", staff=[(TIN, NOBODYS_NPI)]))


def graded(registry: Registry, rules: str, folder: Path) -> Caller:
    """A vendor of a deployment whose rules file says this."""
    file = folder / "rules.toml"
    file.write_text(rules)
    library = Library(standards=load_standards(file), measures=shipped_catalogue())
    registry.app.state.intake = replace(registry.intake, library=library)
    return registry.vendor()


GRADES = [
    # rules file                    status of the submission, stored, findings
    ("", "accepted", 2, {"error": 0, "warning": 1}),
    ('AR305.severity = "error"', "partially_accepted", 1, {"error": 1, "warning": 0}),
    ('AR305.severity = "info"', "accepted", 2, {"error": 0, "warning": 0}),
    ("AR305.enabled = false", "accepted", 2, {"error": 0, "warning": 0}),
]


@pytest.mark.parametrize(("rules", "status", "stored", "findings"), GRADES)
def test_the_grade_decides_what_becomes_of_the_record(
    registry: Registry,
    tmp_path: Path,
    rules: str,
    status: str,
    stored: int,
    findings: dict[str, int],
) -> None:
    receipt = graded(registry, rules, tmp_path).send(FILE)
    assert receipt["status"] == status
    assert receipt["records"]["created"] + receipt["records"]["held"] == stored
    assert findings.items() <= receipt["findings"].items()
