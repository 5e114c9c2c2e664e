"""The published measure data: which measure in which year, and data that must not be loaded."""

import shutil

import pytest

from app.measures.catalogue.catalogue import DATA, load_catalogue, shipped_catalogue

CATALOGUE = shipped_catalogue()

COMPUTED = {
    2018: "044 076 404 424 426 427 430 463 AQI18 AQI48 AQI56 QUANTUM31",
    2019: "044 076 404 424 430 463 AQI18 AQI48 AQI56 AQI65 AQI67 QUANTUM31",
    2020: "044 076 404 424 430 463 477 AQI18 AQI48 AQI56 AQI65 AQI67 AQI68 QUANTUM31",
    2021: "044 076 404 424 430 463 477 ABG40 ABG41 ABG42"
    " AQI18 AQI48 AQI56 AQI65 AQI67 AQI68 AQI72 QUANTUM31",
    2022: "076 404 424 430 463 477 ABG40 ABG41 ABG42 ABG43"
    " AQI18 AQI48 AQI56 AQI65 AQI67 AQI68 AQI71 AQI72 AQI73 QUANTUM31",
    2023: "404 424 430 463 477 ABG40 ABG41 ABG42 ABG43 ABG44"
    " AQI18 AQI48 AQI56 AQI65 AQI67 AQI68 AQI71 AQI72 AQI73",
    2024: "404 424 430 463 477 ABG42 ABG44 AQI18 AQI48 AQI65 AQI67 AQI71 AQI72",
    2025: "404 424 430 463 477 ABG42 ABG44 AQI18 AQI48 AQI65 AQI71",
    2026: "404 430 463 477 ABG44 AQI18 AQI48 AQI65 AQI71",
}


def test_the_measures_of_each_year():
    assert {
        year.performance_year: " ".join(measure.measure_id for measure in year.measures)
        for year in CATALOGUE.years
    } == COMPUTED


def test_every_measure_of_a_year_is_listed_computed_or_not():
    for year in CATALOGUE.years:
        listed = {facts.measure_id for facts in year.all_facts}
        known = CATALOGUE.register.listed_in(year.performance_year)
        assert listed == {facts.measure_id for facts in known}
        assert not listed & {"PQRS193", "226"}, "retired, of other specialties"


def test_only_what_answers_is_known_is_computed():
    for year in CATALOGUE.years:
        for facts in year.without_results:
            is_explained = facts.not_computed.in_year(year.performance_year) is not None
            is_in_mips = facts.years is not None
            assert is_explained or not is_in_mips or not facts.has_known_answers, facts.measure_id


def test_a_year_without_measures():
    assert CATALOGUE.for_year(2017) is None
    assert CATALOGUE.for_year(2027) is None


def test_the_years_of_a_measure():
    assert CATALOGUE.computed_years("424") == tuple(range(2018, 2026))
    assert CATALOGUE.computed_years("477") == tuple(range(2020, 2027))
    assert CATALOGUE.computed_years("076") == tuple(range(2018, 2023))
    assert CATALOGUE.computed_years("AQI49") == ()


def test_the_rules_of_each_year():
    thresholds = {
        y.performance_year: y.rules.completeness.threshold_percent for y in CATALOGUE.years
    }
    assert thresholds == {
        2018: 60, 2019: 60, 2020: 70, 2021: 70, 2022: 70, 2023: 70, 2024: 75, 2025: 75, 2026: 75,
    }  # fmt: skip
    floors = {y.performance_year: y.rules.floor.points for y in CATALOGUE.years}
    assert floors == {year: 3 if year < 2023 else 1 for year in range(2018, 2027)}
    assert {y.rules.case_minimum.cases for y in CATALOGUE.years} == {20}


def test_every_measure_has_a_benchmark_or_is_known_to_have_none_and_names_its_sources():
    for year in CATALOGUE.years:
        for measure in year.measures:
            has_none = measure.measure_id in year.benchmarks.without
            assert (measure.benchmark is None) is has_none
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
    assert not any(flat[year] for year in range(2018, 2025))
    assert flat[2025] == ["424", "430", "463", "477"]
    assert flat[2026] == ["430", "463", "477"]


SIZES = {
    "anes_cpt_404": 302,
    "anes_cpt_424": 252,
    "anes_cpt_430": 255,
    "anes_cpt_463": 265,
    "anes_cpt_477": 98,
    "anes_cpt_abg42": 253,
    "anes_cpt_abg44": 251,
    "anes_cpt_aqi48": 367,
    "anes_cpt_aqi67": 362,
    "anes_cpt_aqi68": 262,
    "anes_cpt_aqi71": 137,
    "anes_cpt_spine_2022": 6,
    "cabg_cpt": 16,
    "cvc_cpt_076": 21,
    "cvc_cpt_076_2019": 2,
    "cvc_cpt_076_2022": 5,
    "cvc_cpt_quantum31": 11,
    "icd10_diabetes_aqi71": 256,
}


def test_the_published_code_lists_keep_their_length():
    sizes = {
        name: len(listed.codes)
        for year in CATALOGUE.years
        for measure in year.measures
        for name, listed in measure.code_lists.items()
    }
    assert sizes == SIZES


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
    with pytest.raises(ValueError, match="register has no such measure in 2027"):
        catalogue.for_year(2027)
    for path in data.glob("register-*.toml"):
        path.write_text(path.read_text("utf-8").replace("-2026", "-2027"), "utf-8")
    assert [year.performance_year for year in load_catalogue(data).years][-1] == 2027


BROKEN = [
    # file, text in it, what stands there instead, what the refusal says
    ("editions/424-1.toml", 'kind = "temperature_near_end"', 'kind = "warmth"', "warmth"),
    ("editions/424-1.toml", "minutes_before = 30", "minutes_befor = 30", "minutes_befor"),
    ("editions/424-1.toml", 'codes = ["4255F"]', 'codes = ["4254F"]', "without a meaning: 4254F"),
    ("editions/424-1.toml", 'unless = "4255F"', 'unless = "4254F"', "without a meaning: 4254F"),
    ("editions/424-2.toml", 'edition = "424-2"', 'edition = "424-3"', "differs from the name"),
    ("editions/424-1.toml", '"anes_cpt_424"', '"anes_cpt_42"', "anes_cpt_42.toml is named"),
    ("editions/AQI73-1.toml", 'part = "b"\nstr', 'part = "c"\nstr', "without a rate: b"),
    ("editions/AQI73-1.toml", '"femoralAxillary"', '"femoral"', "register has other strata"),
    ("editions/AQI73-1.toml", 'stratum = "overall"', 'stratum = "femoralAxillary"', "land in"),
    ("editions/ABG42-1.toml", 'together_with = "036"', 'together_with = "035"', "meaning: 035"),
    ("editions/424-2.toml", 'extends = "424-1"', 'extends = "424-0"', "extends 424-0"),
    ("editions/424-2.toml", 'extends = "424-1"', 'extends = "424-2"', "extends 424-2"),
    ("editions/424-1.toml", 'edition = "424-1"', 'extends = "424-2"', "or extends it"),
    ("editions/424-2.toml", "not-eligible:cpt", "not-eligible:cpt-2", "does not extend"),
    ("editions/430-1.toml", '"antiemetics-adult-1"', '"antiemetics"', "antiemetics.toml is named"),
    ("editions/463-1.toml", '"volatile_agent"', '"volatile"', "has no {'volatile'}"),
    ("editions/430-1.toml", 'measure_id = "430"', 'measure_id = "439"', "no such measure"),
    ("years/2024.toml", '"404-1"', '"404-9"', "404-9.toml is named"),
    ("years/2024.toml", '"424-2"', '"424-1", "424-2"', "two editions of one measure"),
    ("years/2024.toml", '"430-1"', '"QUANTUM31-1"', "no such measure in 2024"),
    ("benchmarks/2024.toml", "[registry.404]", "[registry.40X]", "40X is not active"),
    ("benchmarks/2024.toml", "bounds = [7.7, 41.38", "bounds = [41.38, 7.7", "out of order"),
    ("benchmarks/2024.toml", "bounds = [7.7, 41.38, 59.25", "bounds = [59.25", "at least 9"),
    ("register-mips.toml", "codes_of_edition", "code_of_edition", "code_of_edition"),
    ("years/2024.toml", 'confidence = "verified"', 'confidence = "certain"', "confidence"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "refusal"), BROKEN)
def test_data_that_does_not_fit_is_refused(data, file, old, new, refusal):
    change(data / file, old, new)
    with pytest.raises(ValueError, match=refusal):
        _ = load_catalogue(data).years
