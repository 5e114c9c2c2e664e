"""The register of measures: complete, and one with the rules of the measures that are computed."""

from collections import Counter

import pytest

from app.measures.catalogue.catalogue import Measure, shipped_catalogue
from app.measures.catalogue.register import load_register
from app.measures.catalogue.registered import MeasureGroup, MetricType, RegisteredMeasure
from app.measures.catalogue.terms import Confidence

REGISTER = load_register()
CATALOGUE = shipped_catalogue()
COMPUTED = [measure for year in CATALOGUE.years for measure in year.measures]


def named(alias: str) -> RegisteredMeasure:
    measure = REGISTER.named(alias)
    assert measure is not None
    return measure


def anesthesiology_set(year: int) -> str:
    of_year = [m.measure_id for m in REGISTER.measures if year in (m.anesthesiology_set or ())]
    return " ".join(sorted(of_year))


def active_numbers(group: MeasureGroup, prefix: str, year: int) -> str:
    of_year = [m for m in REGISTER.measures if m.group is group and m.is_active_in(year)]
    return " ".join(m.measure_id.removeprefix(prefix) for m in of_year)


def test_how_many_measures_of_each_group_are_known() -> None:
    assert Counter(measure.group for measure in REGISTER.measures) == {
        MeasureGroup.MIPS: 12,
        MeasureGroup.MIPS_ELSEWHERE: 316,
        MeasureGroup.AQI: 46,
        MeasureGroup.QCDR: 38,
        MeasureGroup.ASC: 13,
        MeasureGroup.LOCAL: 4,
    }
    assert REGISTER.years == range(2017, 2027)


@pytest.mark.parametrize(
    ("year", "mips"),
    [
        (2017, "044 076 130 317 404 424 426 427 430"),
        (2018, "044 076 404 424 426 427 430 463"),
        (2019, "044 076 404 424 430 463"),
        (2020, "044 076 404 424 430 463 477"),
        (2021, "044 076 404 424 430 463 477"),
        (2022, "076 404 424 430 463 477"),
        (2023, "404 424 430 463 477"),
        (2024, "404 424 430 463 477"),
        (2025, "404 424 430 463 477"),
        (2026, "404 430 463 477"),
    ],
)
def test_the_mips_set_of_anesthesiology_by_year(year: int, mips: str) -> None:
    assert anesthesiology_set(year) == mips


@pytest.mark.parametrize(
    ("year", "aqi"),
    [
        (2017, "18 28 29 30 31 32 34 35 37 41 42 48 49 50 51 52"),
        (2018, "18 41 42 48 49 50 51 53 54 55 56 57 58 59 60"),
        (2019, "18 48 49 55 56 57 58 59 61 62 63 64 65 66 67"),
        (2020, "18 48 49 55 56 57 58 61 62 65 67 68"),
        (2021, "18 48 49 55 56 57 62 65 67 68 69 70 71 72"),
        (2022, "18 48 49 56 57 62 65 67 68 69 71 72 73"),
        (2023, "18 48 49 56 65 67 68 69 71 72 73"),
        (2024, "18 48 49 65 67 71 72"),
        (2025, "18 48 49 65 71 74 75 76 77 78 79"),
        (2026, "18 48 65 71 79 80 81 82"),
    ],
)
def test_the_measures_of_aqi_by_year(year: int, aqi: str) -> None:
    assert active_numbers(MeasureGroup.AQI, "AQI", year) == aqi


@pytest.mark.parametrize(
    ("year", "mvp"),
    [
        (2022, ""),
        (2023, "404 424 430 463 477 AQI48 AQI69"),
        (2024, "404 424 430 463 477 487 AQI48 ABG44 EPREOP31"),
        (2026, "404 430 463 477 AQI48 ABG44 EPREOP31"),
    ],
)
def test_the_mvp_for_anesthesia_by_year(year: int, mvp: str) -> None:
    of_year = [m.measure_id for m in REGISTER.measures if year in m.mvps.get("G0059", ())]
    assert sorted(of_year) == sorted(mvp.split())


@pytest.mark.parametrize(
    ("alias", "measure_id"),
    [
        ("PQRS424", "424"),
        ("MIPS424", "424"),
        ("qid424", "424"),
        ("PQRS76", "076"),
        ("Quantum31", "QUANTUM31"),
        ("AQI48b", "AQI48"),
        ("ePreop31", "EPREOP31"),
        ("ASC_13", "ASC-13"),
        ("PQRS226", "226"),
    ],
)
def test_the_names_of_measures_in_files(alias: str, measure_id: str) -> None:
    assert named(alias).measure_id == measure_id


def test_a_name_means_one_measure() -> None:
    names = Counter(name.upper() for m in REGISTER.measures for name in set(m.aliases))
    assert [name for name, times in names.items() if times > 1] == []
    assert REGISTER.named("PQRS999") is None


@pytest.mark.parametrize("measure", COMPUTED, ids=lambda m: f"{m.measure_id}-{m.performance_year}")
def test_a_computed_measure_is_registered_as_its_edition_has_it(measure: Measure) -> None:
    registered, edition = named(measure.measure_id), measure.definition
    year = measure.performance_year
    assert registered.is_active_in(year)
    codes = {code.token: code.role for code in edition.codes}
    found = REGISTER.codes_of(registered, year)
    assert {token: code.role for token, code in found.items()} == codes


def test_measures_are_computed_in_no_year_in_which_they_are_not_active() -> None:
    for measure_id in {measure.measure_id for measure in COMPUTED}:
        measure = named(measure_id)
        later = [
            year
            for year in measure.years or ()
            if year in CATALOGUE.performance_years and measure.not_computed.in_year(year) is None
        ]
        assert later == list(CATALOGUE.computed_years(measure_id))


def test_facts_that_changed_over_the_years() -> None:
    survey, bypass = named("AQI48"), named("AQI49")
    assert survey.measure_type.in_year(2017) == "process"
    assert survey.measure_type.in_year(2024) == "patient_reported_outcome"
    assert survey.strata.in_year(2017) is None
    assert survey.strata.in_year(2018) == ("surveyed", "overall")
    assert bypass.metric_type.in_year(2017) is MetricType.MULTI_PERFORMANCE_RATE
    assert not named("PQRS463").high_priority.in_year(2018)
    assert named("PQRS463").high_priority.in_year(2019)
    hypotension = named("EPREOP31")
    assert hypotension.inverse
    assert hypotension.metric_type.in_year(2024) is MetricType.NON_PROPORTION


def test_codes_of_one_year_are_not_those_of_another() -> None:
    line = named("Quantum31")
    assert set(REGISTER.codes_of(line, 2017)) == {"1A", "1B", "1C"}
    assert set(REGISTER.codes_of(line, 2018)) == {"52A", "52C"}


def test_which_measures_a_code_reports() -> None:
    assert [m.measure_id for m in REGISTER.reported_by("4554F")] == ["430", "463"]
    assert [m.measure_id for m in REGISTER.reported_by("6030f")] == ["076"]
    assert REGISTER.reported_by("G0000") == ()


def test_codes_that_refer_to_others_refer_to_codes_of_their_measure() -> None:
    for measure in REGISTER.measures:
        tokens = {code.token for code in measure.codes}
        assert {code.unless for code in measure.codes if code.unless} <= tokens
        assert {code.code for code in measure.codes if code.modifier} <= tokens


def test_a_measure_whose_codes_are_not_public_has_no_answers() -> None:
    assert not named("AQI49").has_known_answers
    assert not named("AQI62").has_known_answers, "one shared code says who belongs, none the result"
    assert named("AQI18").has_known_answers


def test_what_is_assumed_is_marked_so() -> None:
    [beta_blocker, *_] = named("PQRS044").codes
    assert beta_blocker.confidence is Confidence.ASSUMED
    age = named("PQRS487").age
    assert age is not None
    assert age.confidence is Confidence.ASSUMED
