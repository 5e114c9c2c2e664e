"""A generated case file follows its schema and comes out the same every time."""

import hashlib
import os
import subprocess
import sys

import pytest
from generated_xml import records_of, schema_faults, text
from lxml import etree

from app.synthetic.form import VERSIONS
from app.synthetic.generate import GenerationPlan, generate_case_file, generate_records

STRICT_ORDER = [
    "Demographic",
    "Procedure",
    "AnesthesiaCase",
    "PreOp",
    "IntraOp",
    "PostOp",
    "TimingMilestones",
    "OutcomesEvents",
    "AnesthesiaDetails",
]


def case_file(plan: GenerationPlan) -> bytes:
    return b"".join(generate_case_file(plan))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("detail", "cases"), [("small", 200), ("full", 20)])
def test_every_version_follows_its_schema(version: str, detail: str, cases: int) -> None:
    data = case_file(GenerationPlan(cases=cases, version=version, detail=detail))
    assert schema_faults(data, version) == []


@pytest.mark.parametrize("year", [2017, 2021, 2026])
def test_the_dates_of_service_may_be_of_another_year_than_the_schema(year: int) -> None:
    plan = GenerationPlan(cases=60, version="2020V1.0", year=year, detail="small")
    assert schema_faults(case_file(plan), "2020V1.0") == []
    starts = [text(record, ".//AnesthesiaStartTime") for record in records_of(plan)]
    assert {start[:4] for start in starts} == {str(year)}


def test_the_same_plan_gives_the_same_bytes() -> None:
    plan = GenerationPlan(cases=30, version="2018V1.0R", seed=4, fault_rate=0.3)
    assert case_file(plan) == case_file(plan)


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    program = (
        "import hashlib\n"
        "from app.synthetic.generate import GenerationPlan, generate_case_file\n"
        "plan = GenerationPlan(cases=40, version='2020V1.0R', seed=9, fault_rate=0.2)\n"
        "print(hashlib.sha256(b''.join(generate_case_file(plan))).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for hash_seed in ("1", "2")
    }
    plan = GenerationPlan(cases=40, version="2020V1.0R", seed=9, fault_rate=0.2)
    assert digests == {hashlib.sha256(case_file(plan)).hexdigest()}


def test_more_cases_begin_with_the_same_cases() -> None:
    few = [record.xml for record in generate_records(GenerationPlan(cases=15))]
    many = [record.xml for record in generate_records(GenerationPlan(cases=30))]
    assert many[:15] == few


def test_another_seed_gives_other_cases() -> None:
    first = GenerationPlan(cases=5, seed=1, detail="small")
    second = GenerationPlan(cases=5, seed=2, detail="small")
    assert case_file(first) != case_file(second)


def test_record_ids_are_unique_over_seeds_and_years() -> None:
    ids = [
        text(record, "AnesthesiaCase/AnesthesiaRecordID")
        for seed in (0, 1)
        for year in (2022, 2023)
        for record in records_of(GenerationPlan(cases=50, seed=seed, year=year, detail="small"))
    ]
    assert len(set(ids)) == 200
    assert "2022-1-0000050" in ids


@pytest.mark.parametrize("version", VERSIONS)
def test_only_r_versions_change_the_order_of_the_sections(version: str) -> None:
    orders = {
        tuple(section.tag for section in record)
        for record in records_of(GenerationPlan(cases=20, version=version))
    }
    if version.endswith("R"):
        assert len(orders) > 10
        assert {frozenset(order) for order in orders} == {frozenset(STRICT_ORDER)}
    else:
        assert orders == {tuple(STRICT_ORDER)}


def test_records_have_the_size_of_real_ones() -> None:
    sizes = [len(record.xml) for record in generate_records(GenerationPlan(cases=600))]
    assert 20_000 < sum(sizes) / len(sizes) < 26_000
    assert max(sizes) > 50_000


def test_small_records_are_small_and_tell_the_same_cases() -> None:
    full, small = GenerationPlan(cases=80), GenerationPlan(cases=80, detail="small")
    sizes = [len(record.xml) for record in generate_records(small)]
    assert sum(sizes) / len(sizes) < 5_500
    for told, briefly in zip(records_of(full), records_of(small), strict=True):
        for path in (".//NPI", ".//CPTAnesValue", ".//AnesthesiaEndTime", ".//QCDRCodeValue"):
            assert briefly.findtext(path) == told.findtext(path)


def test_the_header_names_practice_version_and_a_date_derived_from_the_plan() -> None:
    plan = GenerationPlan(cases=1, practice_id="00777", version="2019V1.0", year=2020)
    header = etree.fromstring(case_file(plan))[0]
    assert text(header, "PracticeID") == "00777"
    assert text(header, "AQIXMLVersion") == "2019V1.0"
    assert text(header, "CreateDate") == "2021-01-15T06:00:00.000"


@pytest.mark.parametrize(
    ("version", "has_vendor", "anesthesia_codes", "has_name", "has_risks"),
    [
        ("2017V1.0", False, "CPTAnessSet", False, True),
        ("2018V1.0", True, "CPTAnesSet", False, False),
        ("2020V1.0", True, "CPTAnesSet", False, False),
        ("2022V1.0", True, "CPTAnesSet", True, False),
        ("2023V1.0R", True, "CPTAnesSet", True, False),
    ],
)
def test_what_the_years_changed(
    version: str, has_vendor: bool, anesthesia_codes: str, has_name: bool, has_risks: bool
) -> None:
    root = etree.fromstring(case_file(GenerationPlan(cases=10, version=version)))
    assert (root.find("RecordHeader/VendorSet") is not None) == has_vendor
    assert len(root.findall(f"AnesthesiaRecord/AnesthesiaCase/{anesthesia_codes}")) == 10
    assert len(root.findall("AnesthesiaRecord/Procedure/ProcedureName")) == 10 * has_name
    assert len(root.findall("AnesthesiaRecord/PreOp/PreRiskSet")) == 10 * has_risks


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"cases": 0}, "at least one case"),
        ({"cases": 1, "version": "2016V1.0"}, "version must be one of"),
        ({"cases": 1, "year": 1999}, "year must be"),
        ({"cases": 1, "fault_rate": 1.5}, "fault rate"),
        ({"cases": 1, "practice_id": "ABC"}, "practice id"),
        ({"cases": 1, "seed": -1}, "seed"),
        ({"cases": 1, "detail": "huge"}, "detail"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(wrong: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        GenerationPlan(**wrong)
