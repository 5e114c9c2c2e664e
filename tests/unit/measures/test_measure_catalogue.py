"""The published measure data: which measure in which year, and data that must not be loaded."""

import shutil

import pytest

from app.measures.catalogue import DATA, load_catalogue

CATALOGUE = load_catalogue()

ACTIVE = {
    2019: ["404", "424", "430", "463"],
    2020: ["404", "424", "430", "463", "477"],
    2021: ["404", "424", "430", "463", "477"],
    2022: ["404", "424", "430", "463", "477"],
    2023: ["404", "424", "430", "463", "477"],
    2024: ["404", "424", "430", "463", "477"],
    2025: ["404", "424", "430", "463", "477"],
    2026: ["404", "430", "463", "477"],
}


def test_the_measures_of_each_year():
    assert {
        year.performance_year: [measure.measure_id for measure in year.measures]
        for year in CATALOGUE.years
    } == ACTIVE


def test_a_year_without_measures():
    assert CATALOGUE.for_year(2018) is None
    assert CATALOGUE.for_year(2027) is None


def test_the_years_of_a_measure():
    assert CATALOGUE.active_years("424") == tuple(range(2019, 2026))
    assert CATALOGUE.active_years("477") == tuple(range(2020, 2027))
    assert CATALOGUE.active_years("076") == ()


def test_the_rules_of_each_year():
    thresholds = {
        y.performance_year: y.rules.completeness.threshold_percent for y in CATALOGUE.years
    }
    assert thresholds == {
        2019: 60, 2020: 70, 2021: 70, 2022: 70, 2023: 70, 2024: 75, 2025: 75, 2026: 75,
    }  # fmt: skip
    floors = {y.performance_year: y.rules.floor.points for y in CATALOGUE.years}
    assert floors == {2019: 3, 2020: 3, 2021: 3, 2022: 3, 2023: 1, 2024: 1, 2025: 1, 2026: 1}
    assert {y.rules.case_minimum.cases for y in CATALOGUE.years} == {20}


def test_every_measure_has_a_benchmark_and_names_its_sources():
    for year in CATALOGUE.years:
        for measure in year.measures:
            assert measure.benchmark is not None
            assert measure.definition.source
            assert all(listed.source for listed in measure.code_lists.values())


def test_an_edition_that_extends_another_differs_only_in_what_it_says():
    first, second = (edition_of("424", year) for year in (2021, 2022))
    differing = {
        name for name in type(first).model_fields if getattr(first, name) != getattr(second, name)
    }
    assert differing == {"edition", "source", "eligibility"}
    assert [c.reason for c in first.eligibility] == [c.reason for c in second.eligibility]
    assert first.eligibility[1:] == second.eligibility[1:]
    assert first.code_list_ids == ("anes_cpt_424",)
    assert second.code_list_ids == ("anes_cpt_424", "anes_cpt_spine_2022")


def edition_of(measure_id, year):
    catalogue = CATALOGUE.for_year(year)
    assert catalogue is not None
    measure = catalogue.measure(measure_id)
    assert measure is not None
    return measure.definition


def test_the_flat_scale_of_topped_out_measures():
    flat = {
        year.performance_year: [
            m.measure_id for m in year.measures if m.benchmark and m.benchmark.flat_topped_out_scale
        ]
        for year in CATALOGUE.years
    }
    assert flat[2024] == []
    assert flat[2025] == ["424", "430", "463", "477"]
    assert flat[2026] == ["430", "463", "477"]


def test_the_published_code_lists_keep_their_length():
    year = CATALOGUE.for_year(2024)
    assert year is not None
    sizes = {
        name: len(listed.codes)
        for measure in year.measures
        for name, listed in measure.code_lists.items()
    }
    assert sizes == {
        "anes_cpt_404": 302,
        "anes_cpt_424": 252,
        "anes_cpt_spine_2022": 6,
        "anes_cpt_430": 255,
        "anes_cpt_463": 265,
        "anes_cpt_477": 98,
    }


@pytest.fixture
def data(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_new_year_is_one_new_file(data):
    text = (data / "years" / "2026.toml").read_text("utf-8")
    (data / "years" / "2027.toml").write_text(text.replace("2026", "2027", 1), "utf-8")
    catalogue = load_catalogue(data)
    assert [year.performance_year for year in catalogue.years][-1] == 2027


BROKEN = [
    # file, text in it, what stands there instead, what the refusal says
    ("editions/424-1.toml", 'kind = "temperature_near_end"', 'kind = "warmth"', "warmth"),
    ("editions/424-1.toml", "minutes_before = 30", "minutes_befor = 30", "minutes_befor"),
    ("editions/424-1.toml", 'codes = ["4255F"]', 'codes = ["4254F"]', "without a meaning: 4254F"),
    ("editions/424-1.toml", 'unless = "4255F"', 'unless = "4254F"', "without a meaning: 4254F"),
    ("editions/424-2.toml", 'edition = "424-2"', 'edition = "424-3"', "differs from the name"),
    ("editions/424-1.toml", '"anes_cpt_424"', '"anes_cpt_42"', "names anes_cpt_42"),
    ("editions/424-1.toml", '"MIPS424"', '"MIPS430"', "two active editions answer to one name"),
    ("editions/424-2.toml", 'extends = "424-1"', 'extends = "424-0"', "extends 424-0"),
    ("editions/424-2.toml", 'extends = "424-1"', 'extends = "424-2"', "extends 424-2"),
    ("editions/424-1.toml", 'edition = "424-1"', 'extends = "424-2"', "or extends it"),
    ("editions/424-2.toml", "not-eligible:cpt", "not-eligible:cpt-2", "does not extend"),
    ("editions/430-1.toml", '"antiemetics-adult-1"', '"antiemetics"', "names antiemetics"),
    ("editions/463-1.toml", '"volatile_agent"', '"volatile"', "has no {'volatile'}"),
    ("years/2024.toml", '"404-1"', '"404-9"', "names 404-9"),
    ("years/2024.toml", 'measure_id = "404"', 'measure_id = "405"', "405"),
    ("years/2024.toml", "bounds = [7.7, 41.38", "bounds = [41.38, 7.7", "out of order"),
    ("years/2024.toml", "bounds = [7.7, 41.38", "bounds = [41.38", "decile 10"),
    ("years/2024.toml", 'confidence = "verified"', 'confidence = "certain"', "confidence"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "refusal"), BROKEN)
def test_data_that_does_not_fit_is_refused(data, file, old, new, refusal):
    change(data / file, old, new)
    with pytest.raises(ValueError, match=refusal):
        load_catalogue(data)
