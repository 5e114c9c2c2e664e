"""What the generator writes is valid, and comes back from the database as it was written."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.checking.report import validate_case_file
from app.checking.standards import Standards
from app.intake.processing import Library
from app.rules.loading import load_rule_book
from app.synthetic.form import VERSIONS
from app.synthetic.generate import GenerationPlan, generate_case_file, generate_records
from app.synthetic.practice import practice_tins
from app.xsd.catalogue import DEFAULT_FOLDER, SchemaCatalogue
from tests.registry import TODAY, Caller, Registry, library


@pytest.fixture(scope="module")
def all_open(tmp_path_factory: pytest.TempPathFactory) -> SchemaCatalogue:
    """The versions as shipped, but none of them closed: an archive that takes old years too."""
    folder = tmp_path_factory.mktemp("schemas") / "xsd"
    shutil.copytree(DEFAULT_FOLDER, folder)
    entries = (folder / "versions.toml").read_text().replace('"closed"', '"open"')
    kept = [line for line in entries.splitlines() if not line.startswith("accepted_")]
    (folder / "versions.toml").write_text("\n".join(kept))
    return SchemaCatalogue(folder)


@pytest.fixture
def archive(registry: Registry, all_open: SchemaCatalogue) -> Registry:
    intake = replace(
        registry.intake,
        library=Library(standards=standards_with(all_open), measures=library().measures),
    )
    registry.app.state.intake = intake
    return registry


def standards_with(schemas: SchemaCatalogue) -> Standards:
    return Standards(schemas=schemas, rules=load_rule_book())


practice_numbers = count(20_000)


@pytest.mark.parametrize("version", VERSIONS)
@settings(
    max_examples=2,
    deadline=None,
    # Each example is a practice of its own, so they can share a database.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10_000), cases=st.integers(1, 5), detail=st.sampled_from(["full", "small"])
)
def test_generated_cases_come_back_as_they_were_written(
    archive: Registry, all_open: SchemaCatalogue, version: str, seed: int, cases: int, detail: Any
) -> None:
    practice_id = str(next(practice_numbers))
    plan = GenerationPlan(
        cases=cases, version=version, practice_id=practice_id, seed=seed, detail=detail
    )
    case_file = b"".join(generate_case_file(plan))
    report = validate_case_file(BytesIO(case_file), standards_with(all_open), day=TODAY)
    assert [finding for finding in report.findings if finding.is_error] == []

    archive.register(practice_id, *practice_tins(practice_id, seed))
    practice = archive.practice(practice_id)
    receipt = practice.send(case_file, practice_id=practice_id)
    assert receipt["records"] | {"total": cases, "created": cases} == receipt["records"]
    assert practice.count(plan.service_year, practice_id=practice_id) == cases
    stored = stored_cases(practice, practice_id)
    for generated in generate_records(plan):
        record = etree.fromstring(generated.xml)
        case = stored[record.findtext("AnesthesiaCase/AnesthesiaRecordID")]
        assert written(record) == read_back(case)
        assert archive.record_as_received(case["case_id"]) == generated.xml.strip()


def stored_cases(caller: Caller, practice_id: str) -> dict[str, Any]:
    (listed,) = caller.pages("/v1/cases", practice_id=practice_id, limit=500)
    cases = [caller.read(f"/v1/cases/{summary['case_id']}") for summary in listed]
    return {case["fields"]["anesthesia_record_id"]: case for case in cases}


def written(record: etree._Element) -> dict[str, Any]:
    """The facts of a record by the names of its elements, read apart from the service's decoder."""
    starts = texts(record, ".//AnesthesiaMethod/AnesthesiaStartTime")
    ends = texts(record, ".//AnesthesiaMethod/AnesthesiaEndTime")
    return {
        "date_of_service": date.fromisoformat(min(starts)[:10]),
        "anesthesia_start": datetime.fromisoformat(min(starts)),
        "anesthesia_end": datetime.fromisoformat(max(ends)),
        "facility_id": record.findtext("Procedure/FacilityID"),
        "patient_sex": record.findtext("Demographic/PatientSex"),
        "patient_id": record.findtext("Demographic/PatientID") or None,
        "date_of_birth": as_date(record.findtext("Demographic/DOB")),
        "race": record.findtext("Demographic/Race") or None,
        "home_zip": record.findtext("Demographic/HomeZip") or None,
        "age_years": int(record.findtext("PreOp/Age")),
        "asa_class": record.findtext("PreOp/ASAClass"),
        "weight_kg": as_decimal(record.findtext("PreOp/WeightInKg")),
        "procedure_status": record.findtext("Procedure/ProcStatus"),
        "procedure_start": as_time(record.findtext("Procedure/ProcStartTime")),
        "place_of_service": as_whole(record.findtext("Procedure/ProcedureLocation/LocationType")),
        "hospital_stay_days": as_whole(record.findtext("PostOp/LengthOfHospitalStay")),
        "disposition": record.findtext("PostOp/PostOpDisposition") or None,
        "payment_methods": texts(record, "PostOp/PaymentMethod/PaymentCode"),
        "procedure_codes": texts(record, "Procedure/CPTSet/CPT/CPTValue"),
        "anesthesia_codes": texts(record, "AnesthesiaCase/*/CPTAnes/CPTAnesValue"),
        "diagnoses": texts(record, "PreOp/ICDSet/ICD/ICDValue"),
        "quality_codes": [
            (entry.findtext("QCDRMeasure"), entry.findtext("QCDRCodeValue"))
            for entry in record.iterfind("OutcomesEvents/QCDRSet/QCDR")
        ],
        "staff": [
            (
                member.findtext("TaxID"),
                member.findtext("NPI"),
                member.findtext("ProviderCredentials"),
            )
            for member in record.iterfind(".//AnesthesiaStaff")
        ],
    }


def read_back(case: Any) -> dict[str, Any]:
    fields = case["fields"]
    as_they_are = (
        "facility_id",
        "patient_sex",
        "patient_id",
        "race",
        "home_zip",
        "age_years",
        "asa_class",
        "procedure_status",
        "place_of_service",
        "hospital_stay_days",
        "disposition",
        "payment_methods",
    )
    return {name: fields[name] for name in as_they_are} | {
        "date_of_service": as_date(fields["date_of_service"]),
        "anesthesia_start": as_time(fields["anesthesia_start"]),
        "anesthesia_end": as_time(fields["anesthesia_end"]),
        "date_of_birth": as_date(fields["date_of_birth"]),
        "weight_kg": None if fields["weight_kg"] is None else Decimal(str(fields["weight_kg"])),
        "procedure_start": as_time(fields["procedure_start"]),
        "procedure_codes": [code["value"] for code in fields["procedure_codes"]],
        "anesthesia_codes": [code["value"] for code in fields["anesthesia_codes"]],
        "diagnoses": [code["value"] for code in fields["diagnoses"]],
        "quality_codes": [(each["measure"], each["code"]) for each in fields["quality_codes"]],
        "staff": [
            (member["tin"], member["npi"], member["credentials"]) for member in case["staff"]
        ],
    }


def texts(record: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in record.iterfind(path)]


def as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def as_whole(text: str | None) -> int | None:
    return int(text) if text else None


def as_decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
