"""What changed in the catalogue from year to year, as data and in words."""

import pytest

from app.measures.catalogue.catalogue import shipped_catalogue
from app.measures.changes.change_words import in_words
from app.measures.changes.comparing import ChangeKind, changes_between

CATALOGUE = shipped_catalogue()


def changes(since, until, measure_id=None):
    older, newer = CATALOGUE.for_year(since), CATALOGUE.for_year(until)
    return [each for each in changes_between(older, newer) if each.measure_id == measure_id]


def kinds(since, until, measure_id=None):
    return {each.kind: (each.before, each.after) for each in changes(since, until, measure_id)}


def said(since, until, measure_id=None):
    return [in_words(each) for each in changes(since, until, measure_id)]


@pytest.mark.parametrize("year", CATALOGUE.performance_years)
def test_a_year_does_not_differ_from_itself(year):
    assert changes_between(CATALOGUE.for_year(year), CATALOGUE.for_year(year)) == ()


def test_the_year_itself():
    assert said(2023, 2024) == ["Completeness asked for, in percent: 70 → 75"]
    assert kinds(2022, 2023)[ChangeKind.FLOOR] == ("3", "1")
    assert kinds(2022, 2023)[ChangeKind.NO_BENCHMARK] == (("3", "3"), ("0", "3"))


def test_measures_that_came_and_went():
    assert said(2025, 2026, "424") == ["No longer among the measures for anesthesia"]
    assert said(2024, 2025, "AQI79") == ["New"]
    assert said(2026, 2025, "424") == ["New"], "backwards too"


def test_the_cap_of_seven_points_is_lifted_in_2025():
    found = kinds(2024, 2025, "477")
    assert found[ChangeKind.SEVEN_POINT_CAP] == (True, False)
    assert found[ChangeKind.FLAT_TOPPED_OUT_SCALE] == (False, True)
    assert found[ChangeKind.BENCHMARK][1][0] == "84"
    assert ChangeKind.TOPPED_OUT not in found, "topped out in both years"


def test_a_measure_becomes_topped_out():
    assert kinds(2021, 2022, "424")[ChangeKind.TOPPED_OUT] == (False, True)


def test_rules_that_changed_name_what_joined():
    assert said(2021, 2022, "076")[1:] == [
        "Rules, not-eligible:cpt: No CPT code of the measure"
        " → No CPT code of the measure, or one by telehealth",
        "Rules, listed codes: added: 93593, 93594, 93595, 93596, 93597",
    ]
    assert "Rules, not-eligible:cpt: decided otherwise (No CPT code of the measure)" in said(
        2021, 2022, "424"
    )
    assert (
        "Rules, overall rate: The mean of the two rates → Over the cases of both parts together"
        in (said(2022, 2023, "AQI73"))
    )


def test_facts_that_changed():
    assert said(2018, 2019, "463")[0] == "High priority: no → yes"
    assert "Type: outcome → patient reported outcome" in said(2020, 2021, "AQI48")
    assert "Kind of rate: single performance rate → multi performance rate" in said(
        2021, 2022, "AQI71"
    )
    assert "In MVPs: none → G0059" in said(2022, 2023, "404")
    assert "Computed here: no → yes" in said(2021, 2022, "AQI71")
