"""The pages that come from the code say what the code says. Stale? Run `make docs`."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("writer", ROOT / "tools" / "write_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_lists_every_setting(writer: ModuleType) -> None:
    readme = writer.README.read_text()
    assert writer.readme_with_settings(readme) == readme


def test_the_findings_page_is_that_of_the_catalogue(writer: ModuleType) -> None:
    assert writer.FINDINGS.read_text() == writer.findings_page()


def test_the_page_about_rules_is_that_of_the_rules(writer: ModuleType) -> None:
    assert writer.RULES.read_text() == writer.rules_page()


def test_the_page_about_measures_is_that_of_the_catalogue(writer: ModuleType) -> None:
    assert writer.MEASURES.read_text() == writer.measures_page()


def test_the_page_about_access_is_that_of_the_tables(writer: ModuleType) -> None:
    assert writer.ACCESS.read_text() == writer.access_page()


def test_every_document_that_a_page_links_to_is_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
