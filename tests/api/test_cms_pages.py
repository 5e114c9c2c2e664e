"""Files for CMS on pages: staff make, download and mark them, the practice looks at its own."""

import re
from datetime import date

from anyio.from_thread import BlockingPortal

from app.domain.principals import Role
from tests.case_files import NPI, OTHER_TIN, TIN, a_case_file
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import browser_of, location_of, text_of
from tests.registry import OTHER_PRACTICE, Registry
from tests.reporting import register
from tests.rosters import Staff
from tests.smokers import ABSTAINED, only_smoker

PAGE = f"{ROOT}/cms"
MAKE = f"{PAGE}?year=2024"
DOCUMENTS = "Documents of 2024"


def test_staff_make_documents_and_say_that_one_was_uploaded(
    registry: Registry, staff: Staff, portal: BlockingPortal
) -> None:
    staff.bring_in_robin()
    group = staff.add("subgroups", tin=TIN, performance_year=2024, name="Ambulatory", npis=[NPI])
    registry.vendor().send(a_case_file(only_smoker("A-1", ABSTAINED)))
    acknowledged = {"mvp": "G0059", "cms_registration_acknowledged": True}
    register(staff.caller, "group_qr", subgroup_ids=[group["id"]], **acknowledged)
    registry.on_day(date(2025, 3, 14))
    internal = browser_of(registry, portal, Role.INTERNAL)
    practice = browser_of(registry, portal, Role.PRACTICE)

    page = internal.get(PAGE)
    assert "Nothing was made of 2024 yet." in text_of(page)
    field = f"entity_ids.{group['id']}"
    wrong = send(internal, page, MAKE, {field: "SG 1005"})
    assert (wrong.status_code, field in said_beside(wrong)) == (422, True)
    page = internal.follow(send(internal, wrong, MAKE, {field: "SG-1005"}))
    assert "The documents are made." in text_of(page)
    assert "2 of 2 were ready to be uploaded." in text_of(page)
    of_group, of_subgroup = rows_of(page, DOCUMENTS)
    assert of_group[0] == f"TIN {TIN}"
    assert of_subgroup[:3] == ["Subgroup Ambulatory", "1", "0"]

    [document] = [
        each["links"]["self"].rpartition("/")[2]
        for made in registry.internal().read("/v1/cms-submissions", practice_id="12345")["items"]
        for each in registry.internal().read(made["links"]["documents"])["items"]
        if each["group_id"]
    ]
    address = f"{PAGE}/{document}"
    opened = internal.get(address)
    assert "at CMS SG-1005" in text_of(opened)
    told = rows_of(opened, "Measures and activities with the figures that go to CMS")
    assert told == [["404", "quality, G0059", "1", "1", "0", "0", "0", ""]]
    left_out = dict(rows_of(opened, "Measures and activities that were left out"))
    assert left_out["EPREOP31"] == "The registry works out no result of it."
    assert internal.get(f"/v1/cms-documents/{document}/file").json()["entityId"] == "SG-1005"
    ahead = send(internal, opened, address, {"sent_on": "2025-03-15", "id_at_cms": "d7b1"})
    assert said_beside(ahead) == {"sent_on": "It lies ahead."}
    sent = send(internal, ahead, address, {"sent_on": "2025-03-14", "id_at_cms": "d7b1"})
    assert location_of(sent) == f"{address}?marked=1"

    shown = practice.get(address)
    assert "Sent on 2025-03-14; CMS calls it d7b1." in text_of(shown)
    assert "Mark as sent" not in shown.text
    assert "Make the documents" not in practice.get(PAGE).text
    send(internal, internal.get(PAGE), MAKE, {})
    newest = practice.get(PAGE)
    [_, (_, _, _, _, state, _)] = rows_of(newest, DOCUMENTS)
    assert state == "withheld", "without the id that CMS gave it"
    [_, nameless] = re.findall(rf'href="({PAGE}/[0-9a-f-]+)"', newest.text)
    changed = rows_of(practice.get(nameless), "What changed since it was sent")
    assert changed == [["", "", "entityId", "SG-1005", ""]]
    registry.register(OTHER_PRACTICE, OTHER_TIN)
    elsewhere = internal.get(f"/practices/{OTHER_PRACTICE}/cms/{document}")
    assert elsewhere.status_code == 404
