"""Diagnoses, anesthesia codes, emergencies and kinds of anesthesia."""

import pytest
from sample_records import a_record, changed, codes_of, remarks_of, sample_record

from app.rules.definition import VersionYears

DIAGNOSES = [
    # code       ICDVersion  codes
    ("K80.20", "10", []),
    ("K80.20", "9", ["AR330"]),
    ("K80", "9", ["AR330"]),
    ("S72.141A", "9", ["AR330"]),
    ("0FT44ZZ", "10", []),  # ICD-10-PCS
    ("0FT44ZZ", "9", ["AR330"]),
    ("V10", "10", []),  # a form of both
    ("E10", "9", ["AR330"]),
    ("12A34", "10", []),  # NACOR registry codes have a version because the schema asks for one
    ("12A34", "9", []),
    ("574.20", "9", ["AR331"]),
    ("574.20", "10", ["AR331"]),  # and not that its version should be 9
    ("V10.1", "9", ["AR331"]),
    ("E884.2", "10", ["AR331"]),
    ("5123", "10", ["AR331"]),
]


@pytest.mark.parametrize("section", ["PreOp", "PostOp"])
@pytest.mark.parametrize(("code", "version", "codes"), DIAGNOSES)
def test_a_diagnosis_is_coded_in_the_version_of_its_time(
    section: str, code: str, version: str, codes: list[str]
) -> None:
    before, opening, after = sample_record().partition(f"<{section}>")
    record = before + opening + changed(after, ICDValue=code, ICDVersion=version)
    found = remarks_of(record)
    assert [code.value for code, _ in found] == codes
    if codes:
        element = "ICDVersion" if codes == ["AR330"] else "ICDValue"
        assert found[0][1].at == f"{section}/ICDSet/ICD[1]/{element}"


def test_the_version_that_the_code_has_is_suggested() -> None:
    [(_, remark)] = remarks_of(a_record(ICDValue="K80.20", ICDVersion="9"))
    assert remark.suggestion == "10"


DAYS = [
    # date of service   code, version    codes
    ("2015-10-01", ("K80.20", "10"), []),
    ("2015-09-30", ("K80.20", "10"), ["AR331"]),
    ("2015-10-01", ("574.20", "9"), ["AR331"]),
    ("2015-09-30", ("574.20", "9"), []),
]


@pytest.mark.parametrize(("day", "diagnosis", "codes"), DAYS)
def test_icd_10_began_on_a_day(day: str, diagnosis: tuple[str, str], codes: list[str]) -> None:
    value, version = diagnosis
    record = a_record(PreLabSet=None, Age="42").replace("2020-03-01", day)
    both = "<ICD>{}</ICD>".format(f"<ICDValue>{value}</ICDValue><ICDVersion>{version}</ICDVersion>")
    before, opening, after = changed(record, ICDSet=both).partition("<PostOp>")
    record = before + opening + changed(after, ICDSet=both, QCDRSet="")
    years = VersionYears(first=2015, last=None, lenient_until=None)
    expected = codes * 2  # before and after the case
    assert codes_of(record, years=years) == expected


ANESTHESIA_CODES = [
    # CPTAnesValue  codes
    ("00100", []),
    ("01999", []),
    ("00099", ["AR332"]),
    ("02000", ["AR332"]),
    ("47562", ["AR332"]),
    ("64400", []),  # nerve blocks, which are billed beside anesthesia
    ("64530", []),
    ("64531", ["AR332"]),
    ("36555", []),  # lines
    ("36620", []),
    ("36641", ["AR332"]),
    ("93503", []),
    ("93312", []),  # echocardiography through the esophagus
    ("93319", ["AR332"]),
    ("76937", []),
    ("62273", []),  # a blood patch
    ("31500", []),
    ("99100", []),
    ("99116", []),
    ("99135", []),
    ("99140", []),
    ("99213", ["AR332"]),
    ("4255F", []),  # quality codes, which measures take from here too
    ("4255f", []),
    ("G9771", []),
    ("M1234", []),
    ("0437T", ["AR332"]),
]


@pytest.mark.parametrize(("value", "codes"), ANESTHESIA_CODES)
def test_the_anesthesia_set_holds_anesthesia_codes(value: str, codes: list[str]) -> None:
    assert codes_of(a_record(CPTAnesValue=value)) == codes


EMERGENCIES = [
    # ASAClass  ProcStatus   codes
    ("II", "Elective", []),
    ("IIE", "Elective", ["AR333"]),
    ("IIE", "Emergency", []),
    ("II", "Emergency", ["AR333"]),
    ("VE", "Urgent", []),
    ("V", "Urgent", []),
    ("IIIE", "Unknown", []),
    ("Unknown", "Emergency", []),
    ("VI", "Emergency", []),  # a donor
    ("VIE", "Elective", ["AR333"]),
]


@pytest.mark.parametrize(("asa_class", "status", "codes"), EMERGENCIES)
def test_an_emergency_is_one_in_both_elements(
    asa_class: str, status: str, codes: list[str]
) -> None:
    assert codes_of(a_record(ASAClass=asa_class, ProcStatus=status)) == codes


GENERAL, NEURAXIAL = "General Anesthesia", "Neuraxial"
KINDS = [
    # AnesthesiaCategory   AnesthesiaSubCategory               codes
    (GENERAL, "Inhalational General Anesthesia", []),
    (GENERAL, "Total Intravenous Anesthesia", []),
    (GENERAL, "Epidural", ["AR334"]),
    (NEURAXIAL, "Combined Spinal and Epidural", []),
    (NEURAXIAL, "Epidural", []),
    (NEURAXIAL, "Spinal", []),
    (NEURAXIAL, "Inhalational General Anesthesia", ["AR334"]),
    ("Monitored Anesthesia Care", "Total Intravenous Anesthesia", ["AR334"]),
    ("Peripheral Nerve Block", "Spinal", ["AR334"]),
    ("No Anesthesia Provided", "Spinal", ["AR334"]),
    ("Unknown", "Spinal", []),
    ("Monitored Anesthesia Care", None, []),
]


@pytest.mark.parametrize(("category", "subcategory", "codes"), KINDS)
def test_a_subcategory_is_one_of_its_category(
    category: str, subcategory: str | None, codes: list[str]
) -> None:
    record = a_record(AnesthesiaCategory=category, AnesthesiaSubCategory=subcategory)
    assert codes_of(record) == codes
