"""The catalogue held against files of CMS, by the command line: a small folder of their shape."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.measures.catalogue.catalogue import shipped_catalogue

CATALOGUE = shipped_catalogue()
YEAR = 2026


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def official_measures() -> list[dict[str, Any]]:
    """What CMS would have to publish for 2026 to agree with what is shipped."""
    improvement = {"category": "ia", "measureId": "IA_BE_6", "title": "Not a quality measure"}
    return [improvement, *(official_measure(f) for f in CATALOGUE.register.measures if is_in(f))]


def is_in(facts: Any) -> bool:
    return facts.years is not None and facts.is_active_in(YEAR)


def official_measure(facts: Any) -> dict[str, Any]:
    overall = facts.overall.in_year(YEAR)
    metric = facts.metric_type.in_year(YEAR)
    return {
        "category": "quality",
        "measureId": facts.measure_id,
        "title": facts.title or "Of another specialty",
        "measureType": camel(facts.measure_type.in_year(YEAR) or "process"),
        "isHighPriority": facts.is_high_priority_in(YEAR),
        "isInverse": facts.inverse,
        "isRegistryMeasure": facts.is_of_a_qcdr,
        "metricType": camel(metric) if metric else None,
        "overallAlgorithm": camel(overall) if overall else None,
        "primarySteward": facts.steward,
        "strata": [{"name": name, "description": "..."} for name in facts.strata_in(YEAR)],
        "submissionMethods": [camel(each) for each in facts.collection.in_year(YEAR) or ()],
        "measureSets": ["anesthesiology"] if YEAR in (facts.anesthesiology_set or ()) else None,
        "sevenPointCapRemoved": ["registry"] if is_flat(facts.measure_id) else [],
    }


def is_flat(measure_id: str) -> bool:
    benchmark = benchmarks().of(measure_id)
    return benchmark is not None and benchmark.flat_topped_out_scale


def benchmarks() -> Any:
    year = CATALOGUE.for_year(YEAR)
    assert year is not None
    return year.benchmarks


def official_benchmarks() -> list[dict[str, Any]]:
    return [
        {
            "measureId": measure_id,
            "performanceYear": YEAR,
            "benchmarkYear": numbers.benchmark_year,
            "submissionMethod": "registry",
            "isToppedOut": numbers.topped_out,
            "isToppedOutByProgram": numbers.seven_point_cap,
            "isInverse": numbers.inverse,
            "percentiles": percentiles((*numbers.bounds, numbers.p99)),
            "averagePerformanceRate": float(numbers.average),
        }
        for measure_id, numbers in benchmarks().registry.items()
    ]


def percentiles(values: tuple[Decimal, ...]) -> dict[str, float]:
    percents = ("1", *map(str, range(10, 100, 10)), "99")
    return dict(zip(percents, map(float, values), strict=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The npm package, unpacked, of one year."""
    mvp = CATALOGUE.register.listed_in(YEAR)
    write(tmp_path / "measures" / str(YEAR) / "measures-data.json", official_measures())
    write(tmp_path / "benchmarks" / f"{YEAR}.json", official_benchmarks())
    write(
        tmp_path / "mvp" / str(YEAR) / "mvp-enriched.json",
        [
            {
                "mvpId": "G0059",
                "qualityMeasures": [f.measure_id for f in mvp if "G0059" in f.mvps_in(YEAR)],
            }
        ],
    )
    return tmp_path


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def compare(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["catalogue", "import", str(folder), *options])
    return done.exit_code, done.stdout or done.stderr


def change(folder: Path, file: str, measure_id: str, **changed: Any) -> None:
    path = folder / file
    content = json.loads(path.read_text("utf-8"))
    (entry,) = (each for each in content if each["measureId"] == measure_id)
    write(path, [each | changed if each is entry else each for each in content])


MEASURES, BENCHMARKS = f"measures/{YEAR}/measures-data.json", f"benchmarks/{YEAR}.json"


def test_files_that_agree(folder: Path) -> None:
    assert compare(folder) == (0, "2026: no difference\n")


DIFFERENCES = [
    # file, measure, what CMS says instead, what is told of it
    (MEASURES, "404", {"title": "Smoking"}, "404 title: shipped Anesthesiology Smoking Abstinence"),
    (MEASURES, "404", {"measureType": "process"}, "shipped intermediate outcome, official process"),
    (MEASURES, "404", {"isHighPriority": False}, "404 high_priority: shipped yes, official no"),
    (MEASURES, "AQI18", {"isInverse": False}, "AQI18 inverse: shipped yes, official no"),
    (MEASURES, "430", {"metricType": "nonProportion"}, "430 metric_type: shipped single"),
    (MEASURES, "AQI80", {"overallAlgorithm": "weightedAverage"}, "official weighted average"),
    (MEASURES, "AQI80", {"strata": [{"name": "methadone"}]}, "official methadone"),
    (MEASURES, "477", {"submissionMethods": ["claims", "registry"]}, "official claims, registry"),
    (MEASURES, "477", {"measureSets": []}, "477 anesthesiology_set: shipped yes, official no"),
    (MEASURES, "477", {"sevenPointCapRemoved": []}, "registry flat_topped_out_scale: shipped yes"),
    (MEASURES, "477", {"measureId": "177X"}, "477 active: shipped yes, official no"),
    (MEASURES, "001", {"measureId": "601"}, "601 active: shipped no, official yes"),
    (BENCHMARKS, "404", {"benchmarkYear": 2023}, "404 registry benchmark_year: shipped 2024"),
    (BENCHMARKS, "404", {"isToppedOut": True}, "404 registry topped_out: shipped no, official yes"),
    (BENCHMARKS, "404", {"isToppedOutByProgram": True}, "404 registry seven_point_cap"),
    (BENCHMARKS, "404", {"isInverse": True}, "404 registry inverse_benchmark"),
    (BENCHMARKS, "404", {"averagePerformanceRate": 12.34}, "404 registry average: shipped"),
    (BENCHMARKS, "404", {"percentiles": percentiles((*map(Decimal, range(10)), Decimal("9.5")))},
     "404 registry p99: shipped 100, official 9.5"),
    (BENCHMARKS, "404", {"percentiles": None, "deciles": [1.5] * 9}, "official 1.5, 1.5"),
    (BENCHMARKS, "404", {"measureId": "AQI18"}, "AQI18 registry benchmark: shipped none"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "measure_id", "changed", "told"), DIFFERENCES)
def test_every_difference_is_told(
    folder: Path, file: str, measure_id: str, changed: dict[str, Any], told: str
) -> None:
    change(folder, file, measure_id, **changed)
    code, text = compare(folder)
    assert code == 1
    assert told in text


def test_a_measure_that_joins_the_mvp(folder: Path) -> None:
    write(folder / f"mvp/{YEAR}/mvp-enriched.json", [{"mvpId": "G0059", "qualityMeasures": []}])
    code, text = compare(folder, "--year", "2026")
    assert code == 1
    assert "404 G0059: shipped yes, official no" in text


def test_dashes_and_abbreviations_make_no_other_title(folder: Path) -> None:
    title = "Prevention of Post-Operative Nausea and Vomiting \u2013 Combination Therapy"
    change(folder, MEASURES, "430", title=title)
    assert compare(folder)[0] == 0


def test_a_year_to_come_has_everything_new(folder: Path) -> None:
    """CMS has the measures of a year before its benchmarks, and before the catalogue has either."""
    write(folder / "measures/2027/measures-data.json", official_measures())
    assert compare(folder)[0] == 0, "it is looked at when asked for"
    code, text = compare(folder, "--year", "2027")
    assert code == 1
    assert "2027 404 active: shipped no, official yes" in text
    assert "benchmark" not in text


def test_the_report_as_json(folder: Path) -> None:
    change(folder, MEASURES, "404", isHighPriority=False)
    code, text = compare(folder, "--format", "json")
    assert code == 1
    assert json.loads(text) == {
        "years": [2026],
        "differences": [
            {
                "performance_year": 2026,
                "measure_id": "404",
                "fact": "high_priority",
                "shipped": True,
                "official": False,
            }
        ],
    }


def test_what_cannot_be_read_is_told_apart(folder: Path, tmp_path: Path) -> None:
    assert compare(tmp_path / "nowhere")[0] == 2
    code, text = compare(folder, "--year", "2025")
    assert (code, "cannot be read" in text) == (2, True)
    assert compare(folder, "--year", "1999")[0] == 2
    (folder / BENCHMARKS).write_text("{", "utf-8")
    assert compare(folder)[0] == 2
    change(folder, MEASURES, "404", strata="none")
    write(folder / BENCHMARKS, [])
    code, text = compare(folder)
    assert (code, "measures of 2026" in text) == (2, True)


def diff(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["catalogue", "diff", *arguments])
    return done.exit_code, done.stdout or done.stderr


def test_changes_on_the_command_line() -> None:
    code, text = diff("2023", "2024")
    assert code == 0
    assert text.startswith(
        "2023 to 2024\n\nThe year\n  Completeness asked for, in percent: 70 → 75"
    )
    assert diff("2024", "2024") == (0, "2024 to 2024\nNothing changed.\n")


def test_changes_as_json_have_the_shape_of_the_interface() -> None:
    code, text = diff("2025", "2026", "--format", "json")
    assert code == 0
    found = {each["measure_id"]: each for each in json.loads(text)["items"]}
    assert found["424"]["kind"] == "measure_gone"
    assert found["424"]["message"] == "No longer among the measures for anesthesia"


def test_changes_of_a_year_that_is_not_known() -> None:
    code, text = diff("2016", "2024")
    assert code == 2
    assert "performance years 2018 to 2026" in text
