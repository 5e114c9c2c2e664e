"""The versions of the schema over HTTP: lists, files and differences."""

import io
from datetime import date
from functools import cache
from typing import Any

import pytest
import xmlschema
from lxml import etree
from portal_service import ADDRESS, SAMPLES, SCHEMAS, PortalSettings, Visitor, create_test_app

from app.checking.checker import CheckedRecord, Expectation, check_case_file
from app.checking.standards import Standards
from app.domain.findings import Finding
from app.rules.loading import load_rule_book

VERSIONS = [version.id for version in SCHEMAS.versions()]
VISITOR = Visitor()
STANDARDS = Standards(schemas=SCHEMAS, rules=load_rule_book())
every_version = pytest.mark.parametrize("version", VERSIONS)


@cache
def get(path: str) -> Any:
    response = VISITOR.get(path)
    assert response.status_code == 200
    return response.json()


def changes(since: str, version: str) -> list[tuple[str, str, Any, Any]]:
    found = get(f"/v1/schemas/{version}/changes?since={since}")["items"]
    return [(each["kind"], each["path"], each["before"], each["after"]) for each in found]


def elements(version: str) -> dict[str, dict[str, Any]]:
    return {each["path"]: each for each in get(f"/v1/schemas/{version}")["elements"]}


def test_all_versions_are_listed_with_their_days() -> None:
    items = {item["id"]: item for item in get("/v1/schemas")["items"]}
    assert list(items) == VERSIONS
    assert items["2020V1.0"] == {
        "id": "2020V1.0",
        "year": 2020,
        "order": "strict",
        "status": "open",
        "as_of": "2021-05-01",
        "accepted_from": "2020-04-06",
        "accepted_from_assumed": True,
        "accepted_until": None,
        "accepted_until_assumed": False,
        "required_from": "2020-04-06",
        "required_from_assumed": False,
        "notes": list(SCHEMAS.get("2020V1.0").notes),
        "source": SCHEMAS.get("2020V1.0").source,
        "links": {
            "self": f"{ADDRESS}/v1/schemas/2020V1.0",
            "xsd": f"{ADDRESS}/v1/schemas/2020V1.0.xsd",
            "sample": f"{ADDRESS}/v1/schemas/2020V1.0/sample.xml",
        },
    }
    assert items["2018V1.0R"]["order"] == "any"


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("2019V1.0", "closed"),  # until 2020-04-05
        ("2020V1.0R", "open"),
        ("2023V1.0", "closed"),  # open, but only from 2023-04-03
    ],
)
def test_a_version_is_open_on_its_days_only(version: str, status: str) -> None:
    items = {item["id"]: item["status"] for item in get("/v1/schemas")["items"]}
    assert items[version] == status


def test_links_lead_to_the_public_address_behind_a_proxy() -> None:
    app = create_test_app(settings=PortalSettings(public_url="https://cases.example.org/"))
    links = Visitor(app).get("/v1/schemas/2020V1.0").json()["links"]
    assert links["xsd"] == "https://cases.example.org/v1/schemas/2020V1.0.xsd"


def test_a_version_shows_its_elements_with_values_and_assumptions() -> None:
    shown = elements("2020V1.0")
    sex = shown["/AnesthesiaRecords/AnesthesiaRecord/Demographic/PatientSex"]
    assert (sex["min_occurs"], sex["max_occurs"], sex["kind"]) == (1, 1, "list")
    assert [each["value"] for each in sex["values"]] == ["Male", "Female", "Missing", "Unknown"]
    record = shown["/AnesthesiaRecords/AnesthesiaRecord"]
    assert (record["max_occurs"], record["kind"]) == (None, None)
    staff = "/AnesthesiaRecords/AnesthesiaRecord/AnesthesiaCase/AnesthesiaStaffSet/AnesthesiaStaff"
    assert shown[staff]["assumptions"]
    assert shown[f"{staff}/TaxID"]["patterns"] == ["[0-9]{9}"]


def test_the_counts_are_those_of_the_elements() -> None:
    counts, shown = get("/v1/schemas/2020V1.0")["counts"], elements("2020V1.0").values()
    assert counts["elements"] == len(shown)
    assert counts["values"] == sum(each["kind"] is not None for each in shown)
    assert counts["lists"] == sum(each["kind"] == "list" for each in shown)
    assert counts["assumptions"] == sum(len(each["assumptions"]) for each in shown)
    sample = etree.parse(SAMPLES / "2020V1.0" / "valid" / "minimal.xml")
    assert counts["required"] == sum(1 for _ in sample.iter("*"))


@every_version
def test_the_xsd_is_one_file_that_accepts_the_sample(version: str) -> None:
    xsd = VISITOR.get(f"/v1/schemas/{version}.xsd")
    sample = VISITOR.get(f"/v1/schemas/{version}/sample.xml")
    assert xsd.headers["content-type"] == sample.headers["content-type"] == "application/xml"
    tree = etree.fromstring(xsd.content)
    assert tree.findall("{*}include") == []
    libxml2 = etree.XMLSchema(tree)
    for name in ("minimal", "maximal"):
        libxml2.assertValid(etree.parse(SAMPLES / version / "valid" / f"{name}.xml"))
    libxml2.assertValid(etree.fromstring(sample.content))
    xmlschema.XMLSchema10(xsd.text).validate(sample.text)


def test_the_single_xsd_refuses_what_the_version_refuses() -> None:
    libxml2 = etree.XMLSchema(etree.fromstring(VISITOR.get("/v1/schemas/2020V1.0.xsd").content))
    sample = VISITOR.get("/v1/schemas/2020V1.0/sample.xml").text
    assert not libxml2.validate(etree.fromstring(sample.encode().replace(b">Female<", b">F<")))
    other_version = sample.replace("2020V1.0", "2019V1.0").encode()
    assert not libxml2.validate(etree.fromstring(other_version))


@every_version
def test_the_sample_passes_every_rule_and_has_every_element(version: str) -> None:
    content = VISITOR.get(f"/v1/schemas/{version}/sample.xml").content
    day = date(SCHEMAS.get(version).year, 12, 31)  # no case lies in the future
    checked = list(check_case_file(io.BytesIO(content), STANDARDS, Expectation(day=day)))
    findings = [each for each in checked if isinstance(each, Finding)]
    findings += [f for each in checked if isinstance(each, CheckedRecord) for f in each.findings]
    assert [each for each in findings if each.code != "AR105"] == []  # the year may be over
    present = {element.tag for element in etree.fromstring(content).iter("*")}
    assert present == {model.name for _, model in SCHEMAS.get(version).model.walk()}


def test_files_are_not_sent_again_to_who_has_them() -> None:
    path = "/v1/schemas/2020V1.0.xsd"
    first = VISITOR.get(path)
    again = VISITOR.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    squeezed = VISITOR.get(path, headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
    assert squeezed.status_code == 304
    other = VISITOR.get("/v1/schemas/2020V1.0R.xsd", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/schemas/2021V1.0",
        "/v1/schemas/2021V1.0.xsd",
        "/v1/schemas/2021V1.0/sample.xml",
        "/v1/schemas/2021V1.0/changes?since=2020V1.0",
        "/v1/schemas/2020V1.0/changes?since=2021V1.0",
    ],
)
def test_an_unknown_version_is_a_problem(path: str) -> None:
    response = VISITOR.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"{ADDRESS}/docs/problems/schema-version-unknown"


RECORD = "/AnesthesiaRecords/AnesthesiaRecord"
PROCEDURE_NAME = f"{RECORD}/Procedure/ProcedureName"


def test_procedure_name_came_in_2022_and_may_not_be_empty_since_2023() -> None:
    added = ("element_added", PROCEDURE_NAME, None, "0..1")
    assert added in changes("2020V1.0", "2022V1.0")
    nillable = ("nillable", PROCEDURE_NAME, True, False)
    assert nillable in changes("2022V1.0", "2023V1.0")
    assert ("pattern", PROCEDURE_NAME) in {each[:2] for each in changes("2022V1.0", "2023V1.0")}


def test_the_misspelled_names_of_2017_are_renamed_not_gone() -> None:
    found = changes("2017V1.0", "2018V1.0")
    codes = f"{RECORD}/AnesthesiaCase/CPTAnesSet"
    assert ("element_renamed", codes, "CPTAnessSet", "CPTAnesSet") in found
    modifier = f"{codes}/CPTAnes/CPTAnesModifier"
    assert ("element_renamed", modifier, "CPTAnesModifer", "CPTAnesModifier") in found
    assert ("element_removed", f"{RECORD}/PreOp/PreRiskSet", "0..1", None) in found
    assert ("occurrence", "/AnesthesiaRecords/RecordHeader/EmailSet", "0..1", "1..1") in found


def test_new_values_of_a_list_are_named() -> None:
    path = f"{RECORD}/OutcomesEvents/OutcomeSet/Outcome/OutcomeID"
    assert ("values_added", path, None, ["102", "103"]) in changes("2018V1.0", "2019V1.0")
    assert ("values_removed", path, ["102", "103"], None) in changes("2019V1.0", "2018V1.0")


def test_the_letter_r_frees_the_order_of_the_sections_and_nothing_else() -> None:
    version = "/AnesthesiaRecords/RecordHeader/AQIXMLVersion"
    assert changes("2020V1.0", "2020V1.0R") == [
        ("values_removed", version, ["2020V1.0"], None),
        ("values_added", version, None, ["2020V1.0R"]),
        ("order", RECORD, "fixed", "any"),
    ]


@every_version
def test_a_version_does_not_differ_from_itself(version: str) -> None:
    assert changes(version, version) == []


def test_changes_need_a_version_to_compare_with() -> None:
    response = VISITOR.get("/v1/schemas/2020V1.0/changes")
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"in": "query", "parameter": "since", "message": "is required"}
    ]
