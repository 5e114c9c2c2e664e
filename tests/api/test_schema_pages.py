"""The schema to read: the tree of a version, and what changed between two."""

import re

import pytest
from portal_service import SCHEMAS, Visitor

VISITOR = Visitor()
VERSIONS = [version.id for version in SCHEMAS.versions()]
RECORD = "/AnesthesiaRecords/AnesthesiaRecord"


def page(path: str) -> str:
    response = VISITOR.get(path)
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("version", VERSIONS)
def test_every_element_stands_in_the_tree_under_its_own_address(version: str) -> None:
    text = page(f"/docs/schemas/{version}")
    shown = re.findall(r'<details class="element[^"]*" id="([^"]+)"', text)
    elements = VISITOR.get(f"/v1/schemas/{version}").json()["elements"]
    paths = [each["path"] for each in elements]
    short = [path.removeprefix(f"{RECORD}/") for path in paths]
    assert shown == [path.removeprefix("/AnesthesiaRecords/").lstrip("/") for path in short]


def test_an_element_tells_how_often_it_stands_what_it_holds_and_what_is_assumed() -> None:
    text = page("/docs/schemas/2020V1.0")
    begins = text.index('id="AnesthesiaCase/AnesthesiaStaffSet/AnesthesiaStaff/NPI"')
    npi = text[begins : text.index("</details>", begins)]
    assert "exactly one" in npi
    assert "ten digits" in npi
    assert "[0-9]{10}" in npi
    begins = text.index('id="Demographic/HomeState"')
    state = text[begins : text.index("</details>", begins)]
    assert "at most one, may be sent as nil" in state
    assert ">assumed<" in state
    assert "<code>IL</code></td><td>Illinois</td>" in state


def test_a_version_in_any_order_says_so() -> None:
    assert "stand\nin any order" in page("/docs/schemas/2020V1.0R")
    assert "stand\nin fixed order" in page("/docs/schemas/2020V1.0")


@pytest.mark.parametrize(
    ("version", "earlier"),
    [
        ("2018V1.0", "2017V1.0"),
        ("2018V1.0R", "2018V1.0"),  # the first that leaves the order free
        ("2019V1.0R", "2018V1.0R"),
        ("2023V1.0", "2022V1.0"),
    ],
)
def test_a_version_is_compared_with_the_one_its_senders_come_from(
    version: str, earlier: str
) -> None:
    listed = page("/docs/schemas")
    assert re.findall(rf"/docs/schemas/{version}/changes\?since=([^\"]+)", listed) == [earlier]
    assert f"<code>{earlier}</code> to <code>{version}</code>" in page(
        f"/docs/schemas/{version}/changes"
    )


def test_any_two_versions_can_be_compared_by_the_form() -> None:
    chosen = VISITOR.get("/docs/schemas/changes?version=2022V1.0&since=2017V1.0")
    assert chosen.status_code == 303
    text = page(chosen.headers["location"])
    assert "CPTAnessSet is now called CPTAnesSet." in text
    assert '<a href="/docs/schemas/2022V1.0#Procedure/ProcedureName">' in text
    assert "<option selected>2017V1.0</option>" in text


def test_a_version_does_not_differ_from_itself() -> None:
    text = page("/docs/schemas/2020V1.0/changes?since=2020V1.0")
    assert "A version does not differ from itself." in text


def test_an_assumed_day_is_marked() -> None:
    text = page("/docs/schemas")
    assert '<td class="day">2019-04-01*</td>' in text
    assert '<td class="day">2020-04-05</td>' in text  # announced
