"""Each rule of CMS that is asked here, by a document that breaks it."""

from copy import deepcopy
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from app.domain.cms import DocumentRule
from app.exports.cms.choosing import MEANINGS
from app.exports.cms.rules import faults_of
from app.exports.cms.value_rules import faults_of_value
from tests.cms import a_year, activity, document, facts_of

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "send-to-cms.md"
FIGURES = {
    "424": {"": {"performance_met": 20, "performance_not_met": 5}},
    "AQI48": {
        "surveyed": {"performance_met": 37, "performance_not_met": 3},
        "overall": {"performance_met": 13, "performance_not_met": 2},
    },
    "AQI65": {"": {"performance_met": 9, "performance_not_met": 1}},
}
QUALITY = "$.measurementSets[0]"
ACTIVITIES = "$.measurementSets[1]"
WARM, ASKED, COOL = (f"{QUALITY}.measurements[{number}]" for number in range(3))
STRATA = f"{ASKED}.value.strata"


class Gone(Enum):
    """Has the same name in every process that runs tests, as ids of tests must."""

    GONE = "gone"


GONE = Gone.GONE


def changed(path: str, value: Any) -> dict[str, Any]:
    """A document that CMS would take, but for what stands at `path`."""
    made = deepcopy(document(a_year(), FIGURES, activity("IA_BE_6")))
    keys = path.removeprefix("$.").replace("]", "").replace("[", ".").split(".")
    *way, last = (int(key) if key.isdecimal() else key for key in keys)
    at: Any = made
    for key in way:
        at = at[key]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return made


def test_what_is_changed_here_was_good() -> None:
    assert faults_of(document(a_year(), FIGURES, activity("IA_BE_6")), a_year()) == ()


def broken(path: str, value: Any, rule: str, *, at: str | None = None) -> Any:
    """What stands at `path` instead, the rule that finds it, and where, if not there."""
    return pytest.param(path, value, (rule, at or path), id=f"{path}: {value}")


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        # who it is about
        broken("$.entityType", "apm", "entity"),
        broken("$.taxpayerIdentificationNumber", 891234567, "entity"),  # a number loses its zeros
        broken("$.taxpayerIdentificationNumber", "731942", "entity"),
        broken("$.taxpayerIdentificationNumber", GONE, "entity"),
        broken("$.nationalProviderIdentifier", "1234567893", "entity"),  # of a group
        broken("$.performanceYear", "2025", "year"),
        # sets
        broken(f"{QUALITY}.category", "pi", "category"),
        broken(f"{QUALITY}.category", "aci", "category"),
        broken(f"{QUALITY}.submissionMethod", "electronicHealthRecord", "submission_method"),
        broken(f"{QUALITY}.submissionMethod", "cmsWebInterface", "submission_method"),
        broken(f"{QUALITY}.programName", "G0059", "program"),
        broken(f"{QUALITY}.performanceStart", "2024-12-31", "period"),
        broken(f"{QUALITY}.performanceStart", "2025-01-01T00:00:00Z", "period"),
        broken(f"{QUALITY}.performanceEnd", "2025-02-30", "period"),
        broken(f"{QUALITY}.performanceEnd", GONE, "period"),
        broken(f"{ACTIVITIES}.performanceEnd", "2025-03-01", "period"),  # before the start
        # measures and activities
        broken(f"{WARM}.measureId", "999", "measure_unknown"),
        broken(f"{WARM}.measureId", "AQI80", "measure_unknown"),  # of another year
        broken(f"{COOL}.measureId", "AQI48", "measure_twice"),
        broken(f"{ACTIVITIES}.measurements[0].measureId", "IA_NONE_1", "measure_unknown"),
        broken(f"{ACTIVITIES}.measurements[0].value", "yes", "value_shape"),
        # shapes
        broken(f"{WARM}.value", True, "value_shape"),
        broken(f"{WARM}.value.performanceMet", GONE, "value_shape"),
        broken(f"{WARM}.value.performanceMet", 20.0, "value_shape"),
        broken(f"{WARM}.value.performanceMet", "20", "value_shape"),
        broken(f"{WARM}.value.perfomanceNotMet", 5, "value_shape"),
        broken(f"{WARM}.value.performanceRate", 80.0, "value_shape"),  # CMS works it out
        broken(f"{WARM}.value.isEndToEndReported", 0, "value_shape"),
        broken(f"{COOL}.value.performanceRate", GONE, "value_shape"),
        broken(STRATA, "both", "value_shape"),
        broken(f"{STRATA}[1].performanceMet", GONE, "value_shape"),
        # numbers
        broken(f"{WARM}.value.performanceMet", 26, "counts"),
        broken(f"{WARM}.value.performanceMet", -1, "counts"),
        broken(
            f"{WARM}.value.performanceNotMet",
            6,
            "counts",
            at=f"{WARM}.value.eligiblePopulation",
        ),
        broken(f"{STRATA}[0].performanceMet", 41, "counts"),
        broken(
            f"{WARM}.value.eligiblePopulationExclusion",
            7,
            "counts",
            at=f"{WARM}.value.eligiblePopulation",
        ),
        broken(f"{COOL}.value.performanceRate", 100.01, "performance_rate"),
        broken(f"{ASKED}.value.performanceRate", -0.5, "performance_rate"),
        # strata
        broken(f"{STRATA}[1].stratum", "all", "strata", at=STRATA),
        broken(f"{STRATA}[1].stratum", "surveyed", "strata", at=f"{ASKED}.value.strata"),
        broken(f"{STRATA}[1]", GONE, "strata", at=STRATA),
    ],
)
def test_a_document_that_breaks_a_rule_is_found(
    path: str, value: Any, found: tuple[str, str]
) -> None:
    faults = faults_of(changed(path, value), a_year())
    assert found in {(fault.rule, fault.path) for fault in faults}
    assert all(fault.message and fault.mend for fault in faults)


def test_an_excluded_case_of_mips_is_in_no_population() -> None:
    made = changed(f"{WARM}.value.eligiblePopulation", 32)
    made["measurementSets"][0]["measurements"][0]["value"]["eligiblePopulationExclusion"] = 7
    [fault] = faults_of(made, a_year())
    assert fault.rule == "exclusion"
    assert fault.path == f"{WARM}.value.eligiblePopulationExclusion"


def test_every_key_that_is_missing_is_named() -> None:
    faults = faults_of(changed(f"{WARM}.value", {}), a_year())
    assert [fault.path.rpartition(".")[2] for fault in faults] == [
        "isEndToEndReported",
        "eligiblePopulation",
        "performanceMet",
    ]


def test_two_sets_of_one_kind_are_one_too_many() -> None:
    made = document(a_year(), FIGURES)
    made["measurementSets"] *= 2
    [fault] = faults_of(made, a_year())
    assert (fault.rule, fault.path) == ("set_twice", "$.measurementSets[1]")


def test_what_is_outside_of_the_mvp_is_refused() -> None:
    year = a_year(mvp="G0059")
    made = document(a_year(), FIGURES, activity("IA_AHE_1"))
    for each in made["measurementSets"]:
        each["programName"] = "G0059"
    assert [(fault.rule, fault.path) for fault in faults_of(made, year)] == [
        ("program", f"{COOL}.measureId"),
        ("program", f"{ACTIVITIES}.measurements[0].measureId"),
    ]


def test_a_measure_of_a_qcdr_needs_a_registry_that_cms_knows() -> None:
    faults = faults_of(document(a_year(), FIGURES), a_year(has_vendor_id=False))
    assert [(fault.rule, fault.path) for fault in faults] == [
        ("vendor", f"{ASKED}.measureId"),
        ("vendor", f"{COOL}.measureId"),
    ]


def test_a_ratio_has_no_bounds_but_its_keys() -> None:
    """As CMS says since December 2025: the numerator may exceed the denominator."""
    good: dict[str, Any] = {
        "isEndToEndReported": False,
        "numerator": 412.5,
        "denominator": 402,
        "observationInstances": 389,
    }
    facts = facts_of("EPREOP31")
    assert list(faults_of_value(facts, 2026, good, "$")) == []
    broken = {**good, "numerator": float("nan"), "observationInstances": 389.5}
    assert [fault.path for fault in faults_of_value(facts, 2026, broken, "$")] == [
        "$.numerator",
        "$.observationInstances",
    ]


def test_every_rule_and_reason_is_explained() -> None:
    page = HOW_TO.read_text(encoding="utf-8")
    assert {word for word in (*DocumentRule, *MEANINGS) if f"`{word}`" not in page} == set()
