"""Every sample case file that the portal offers of a version, by its name."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from app.domain.findings import FindingCode
from app.portal.scenarios import Scenario, scenario_file, scenarios
from app.xsd.catalogue import SchemaVersion
from app.xsd.samples import sample_case_file


class SampleUnknown(LookupError):
    """There is no sample of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`codes` are the findings that the file gives, in their order; a good one gives none."""

    name: str
    title: str
    about: str
    codes: tuple[FindingCode, ...] = ()


_FULL: Final = Sample(
    name="full",
    title="Full",
    about="Every element that the version has, repeated ones twice: to test an export and a mapping"
    " against.",
)


@cache
def samples() -> dict[str, Sample]:
    """Return all by their names, in the order in which a page lists them: smallest, largest,
    then by workflow.
    """
    smallest, *of_workflows = [_of_scenario(each) for each in scenarios().values()]
    return {sample.name: sample for sample in (smallest, _FULL, *of_workflows)}


@cache
def sample_file(version: SchemaVersion, name: str) -> bytes:
    """Raises: SampleUnknown."""
    if name == _FULL.name:
        return sample_case_file(version)
    scenario = scenarios().get(name)
    if scenario is None:
        raise SampleUnknown(name)
    return scenario_file(scenario, version)


def _of_scenario(scenario: Scenario) -> Sample:
    return Sample(
        name=scenario.name, title=scenario.title, about=scenario.about, codes=scenario.codes
    )
