"""The version of a year's rules: another one whenever a case may land elsewhere, and only then."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.measures.catalogue import version as module
from app.measures.catalogue.catalogue import load_catalogue
from app.measures.catalogue.version import catalogue_version
from tests.measure_folders import measures_where


def test_it_names_the_year_and_the_edition_before_the_hash() -> None:
    year, _, rest = catalogue_version(load_catalogue(), 2024).partition(".")
    edition, _, hash_ = rest.partition("-")
    assert (year, edition, len(hash_)) == ("2024", "1", 12)


def test_a_year_without_rules_has_one_too() -> None:
    assert catalogue_version(load_catalogue(), 2016).startswith("2016.0-")


def test_every_process_comes_to_the_same() -> None:
    asked = (
        "from app.measures.catalogue.catalogue import load_catalogue as load\n"
        "from app.measures.catalogue.version import catalogue_version\n"
        "print(catalogue_version(load(), 2025))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert done.stdout.strip() == catalogue_version(load_catalogue(), 2025)


def test_it_changes_in_the_years_in_which_a_changed_edition_is_in_force(tmp_path: Path) -> None:
    changed = measures_where(
        tmp_path / "measures", "424-2", "No CPT code of the measure", "No code of it"
    )
    shipped = load_catalogue()
    differing = {
        year
        for year in shipped.performance_years
        if catalogue_version(changed, year) != catalogue_version(shipped, year)
    }
    in_force = {year.performance_year for year in shipped.years if "424-2" in year.rules.editions}
    assert differing == in_force
    assert differing < set(shipped.performance_years)


def test_benchmarks_and_thresholds_are_no_part_of_it(tmp_path: Path) -> None:
    changed = measures_where(tmp_path / "measures", "../years/2024", "cases = 20", "cases = 21")
    assert catalogue_version(changed, 2024) == catalogue_version(load_catalogue(), 2024)


def test_code_that_decides_otherwise_makes_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    before = catalogue_version(load_catalogue(), 2024)
    monkeypatch.setattr(module, "DECIDING", module.DECIDING + 1)
    assert catalogue_version(load_catalogue(), 2024) != before
