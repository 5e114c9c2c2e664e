"""What a document for CMS says of results and activities, and what is left out of it and why."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.exports.cms.choosing import MEANINGS, LeftOutReason
from app.exports.cms.differences import Difference, differences
from app.exports.cms.document import as_bytes
from app.exports.cms.opened_wire import ContentOut
from app.exports.cms.rules import faults_of
from app.exports.cms.values import (
    performance_rate,
    value_of,
)
from app.measures.activities.crediting import Standing as ActivityStanding
from app.reporting.submittability import NotSubmittable, Standing
from tests.case_files import NPI, TIN
from tests.cms import (
    GROUP,
    INDIVIDUAL,
    SUBGROUP,
    a_year,
    activity,
    document,
    facts_of,
    left_out,
    rates,
)

WARM = {
    "424": {
        "": {
            "performance_met": 1760,
            "performance_not_met": 61,
            "denominator_exception": 12,
            "denominator_exclusion": 30,
            "unreported": 9,
        }
    }
}
ASKED = {
    "AQI48": {
        "surveyed": {
            "performance_met": 377,
            "performance_not_met": 33,
            "denominator_exclusion": 10,
        },
        "overall": {"performance_met": 134, "performance_not_met": 8},
    }
}


def test_a_group_tells_a_measure_of_mips_without_its_exclusions() -> None:
    made = document(a_year(), WARM)
    assert made == {
        "entityType": "group",
        "taxpayerIdentificationNumber": TIN,
        "performanceYear": 2025,
        "measurementSets": [
            {
                "category": "quality",
                "submissionMethod": "registry",
                "programName": "mips",
                "performanceStart": "2025-01-01",
                "performanceEnd": "2025-12-31",
                "measurements": [
                    {
                        "measureId": "424",
                        "value": {
                            "isEndToEndReported": False,
                            "eligiblePopulation": 1842,
                            "performanceMet": 1760,
                            "performanceNotMet": 61,
                            "eligiblePopulationException": 12,
                            "eligiblePopulationExclusion": 0,
                        },
                    }
                ],
            }
        ],
    }
    assert faults_of(made, a_year()) == ()


def test_a_clinician_tells_the_strata_of_a_measure_of_a_qcdr_with_their_exclusions() -> None:
    year = a_year(option="individual_qcdr")
    made = document(year, ASKED, entity=INDIVIDUAL)
    assert (made["entityType"], made["nationalProviderIdentifier"]) == ("individual", NPI)
    [told] = made["measurementSets"][0]["measurements"]
    assert told["value"] == {
        "isEndToEndReported": False,
        "performanceRate": 94.37,  # 134 of 142, the rate of the stratum called overall
        "strata": [
            {
                "stratum": "surveyed",
                "eligiblePopulation": 420,
                "performanceMet": 377,
                "performanceNotMet": 33,
                "eligiblePopulationException": 0,
                "eligiblePopulationExclusion": 10,
            },
            {
                "stratum": "overall",
                "eligiblePopulation": 142,
                "performanceMet": 134,
                "performanceNotMet": 8,
                "eligiblePopulationException": 0,
                "eligiblePopulationExclusion": 0,
            },
        ],
    }
    assert faults_of(made, year) == ()


def test_a_stratum_without_cases_is_told_with_zeros() -> None:
    none_surveyed = {"AQI48": {"overall": {"performance_met": 3}}}
    [told] = document(a_year(), none_surveyed)["measurementSets"][0]["measurements"]
    surveyed = told["value"]["strata"][0]
    assert (surveyed["stratum"], surveyed["eligiblePopulation"]) == ("surveyed", 0)


@pytest.mark.parametrize(
    ("measure_id", "year", "expected"),
    [
        ("AQI80", 2026, Decimal(91)),  # the mean of 92 and 90, whatever their cases
        ("AQI78", 2025, Decimal(4100) / 45),  # over the cases of both
    ],
)
def test_several_rates_become_one_by_the_algorithm_of_the_measure(
    measure_id: str, year: int, expected: Decimal
) -> None:
    facts = facts_of(measure_id)
    first, second = facts.strata_in(year)
    both = rates(
        measure_id,
        year,
        {
            first: {"performance_met": 23, "performance_not_met": 2},
            second: {"performance_met": 18, "performance_not_met": 2},
        },
    )
    assert performance_rate(facts, year, both) == expected
    value = value_of(facts, year, both)
    assert value["performanceRate"] == round(float(expected), 2)
    assert [each["stratum"] for each in value["strata"]] == [first, second]


def test_activities_are_a_set_of_their_own_over_the_days_of_all() -> None:
    year = a_year()
    made = document(
        year,
        {},
        activity("IA_PSPA_7", "2025-04-01", "2025-08-01"),
        activity("IA_BE_6", "2025-05-01", "2025-09-30"),
    )
    assert made["measurementSets"] == [
        {
            "category": "ia",
            "submissionMethod": "registry",
            "programName": "mips",
            "performanceStart": "2025-04-01",
            "performanceEnd": "2025-09-30",
            "measurements": [
                {"measureId": "IA_BE_6", "value": True},
                {"measureId": "IA_PSPA_7", "value": True},
            ],
        }
    ]
    goes_on = document(year, {}, activity("IA_BE_6", "2025-05-01", None))
    assert goes_on["measurementSets"][0]["performanceEnd"] == "2025-12-31"
    assert faults_of(made, year) == faults_of(goes_on, year) == ()


def test_a_subgroup_is_known_by_the_id_that_cms_gave_it() -> None:
    year = a_year(mvp="G0059")
    made = document(year, WARM, entity=SUBGROUP)
    assert made["entityType"] == "subgroup"
    assert made["entityId"] == "SG-00007"
    assert "taxpayerIdentificationNumber" not in made
    assert made["measurementSets"][0]["programName"] == "G0059"
    assert faults_of(made, year) == ()
    without = document(year, WARM, entity=replace(SUBGROUP, entity_id=None))
    [fault] = faults_of(without, year)
    assert (fault.rule, fault.path) == ("entity", "$.entityId")


def test_the_same_results_give_the_same_bytes() -> None:
    one = as_bytes(document(a_year(), {**WARM, **ASKED}, activity("IA_BE_6")))
    assert one == as_bytes(document(a_year(), {**ASKED, **WARM}, activity("IA_BE_6")))
    assert json.loads(one)["taxpayerIdentificationNumber"] == TIN


QCDR_ALONE = {"AQI18": {"": {"performance_met": 2, "performance_not_met": 1}}}


def test_what_has_no_figure_is_left_out_for_that_alone() -> None:
    silent = {"424": {"": {"unreported": 40}}, "AQI18": {"": {"denominator_exception": 2}}}
    told = left_out(a_year(), silent)
    assert told["424"] == (LeftOutReason.NOTHING_REPORTED,)
    assert told["AQI18"] == (LeftOutReason.NO_PERFORMANCE_RATE,)
    assert told["430"] == (LeftOutReason.NO_ELIGIBLE_CASE,)
    assert told["EPREOP31"] == (LeftOutReason.NO_RESULT,)


def test_what_a_practice_may_not_send_is_left_out_with_every_reason() -> None:
    assert left_out(a_year(), WARM | QCDR_ALONE).keys().isdisjoint({"424", "AQI18"})
    qualified = a_year(option="group_qr", has_vendor_id=False, mvp="G0059")
    assert left_out(qualified, WARM | QCDR_ALONE)["AQI18"] == (
        LeftOutReason.NOT_IN_THE_MVP,
        LeftOutReason.NO_VENDOR_ID,
        NotSubmittable.MEASURE_NOT_IN_OPTION,
    )
    alone = left_out(a_year(option="individual_qr"), WARM)
    assert alone["424"] == (NotSubmittable.LEVEL_NOT_REGISTERED,)
    unsigned = a_year(option="individual_qr")
    unsigned = replace(
        unsigned, standing=Standing(registration=unsigned.standing.registration, consents={})
    )
    assert left_out(unsigned, WARM, entity=INDIVIDUAL)["424"] == (NotSubmittable.NO_CONSENT,)


def test_an_activity_that_does_not_count_is_left_out() -> None:
    short = activity("IA_BE_6", standing=ActivityStanding.TOO_FEW_DAYS)
    assert left_out(a_year(), {}, short)["IA_BE_6"] == (ActivityStanding.TOO_FEW_DAYS,)


def test_every_reason_has_a_meaning() -> None:
    counts_not = set(ActivityStanding) - {ActivityStanding.COUNTS}
    assert MEANINGS.keys() == {*map(str, (*LeftOutReason, *NotSubmittable, *counts_not))}


def test_what_changed_is_told_field_by_field() -> None:
    year = a_year()
    before = document(year, WARM | ASKED, activity("IA_BE_6"))
    more = {"424": {"": {**WARM["424"][""], "performance_met": 1761}}}
    after = document(year, more | ASKED, activity("IA_PSPA_7"))
    of_set = {"category": "ia", "program": "mips", "measure_id": ""}
    assert differences(before, before) == ()
    assert {
        (each.measure_id, each.field, each.before, each.after)
        for each in differences(before, after)
    } == {
        ("424", "eligiblePopulation", 1842, 1843),
        ("424", "performanceMet", 1760, 1761),
        ("IA_BE_6", "value", True, None),
        ("IA_PSPA_7", "value", None, True),
    }
    renamed = document(year, WARM, entity=replace(SUBGROUP, entity_id="SG-00008"))
    assert differences(document(year, WARM, entity=SUBGROUP), renamed) == (
        Difference(
            category="",
            program="",
            measure_id="",
            field="entityId",
            before="SG-00007",
            after="SG-00008",
        ),
    )
    nothing = document(year, {})
    assert Difference(
        **of_set, field="performanceStart", before="2025-04-01", after=None
    ) in differences(before, nothing)


def test_the_year_has_to_be_over_and_its_cases_decided_alike() -> None:
    early = a_year(day=date(2025, 12, 31))
    assert [each.message for each in faults_of(document(early, WARM), early)] == [
        "The year is not over."
    ]
    mixed = a_year(is_settled=False)
    [fault] = faults_of(document(mixed, WARM), mixed)
    assert fault.path == "$.performanceYear"


def test_a_document_without_anything_is_withheld() -> None:
    [fault] = faults_of(document(a_year(), {}, entity=GROUP), a_year())
    assert (fault.rule, fault.path) == ("nothing_to_send", "$.measurementSets")


def test_the_figures_of_each_stratum_are_shown_as_they_are_sent() -> None:
    [quality, attested] = document(a_year(), ASKED, activity("IA_BE_6"))["measurementSets"]
    [sent] = quality["measurements"]
    shown = ContentOut.of("quality", "mips", sent)
    assert shown.performance_rate == sent["value"]["performanceRate"]
    assert [(each.stratum, each.performance_met) for each in shown.figures] == [
        (stratum["stratum"], stratum["performanceMet"]) for stratum in sent["value"]["strata"]
    ]
    [done] = attested["measurements"]
    assert ContentOut.of("ia", "mips", done).figures == []
    ratio = {"measureId": "EPREOP31", "value": {"numerator": 8.74, "denominator": 402.0}}
    assert ContentOut.of("quality", "mips", ratio).figures == []
