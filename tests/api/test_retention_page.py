"""Retention on a page: seen by the practice, held and purged by the staff of the registry."""

from anyio.from_thread import BlockingPortal
from lxml import html

from app.domain.principals import Role
from tests.case_files import a_case_file, a_record
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import browser_of, fields_of, text_of
from tests.registry import PRACTICE, Registry
from tests.workers import work_off

PAGE = f"{ROOT}/retention"
PURGES = f"{PAGE}/purges"
WHY = "The practice has ended."


def test_staff_hold_and_purge_and_the_practice_sees_it(
    registry: Registry, portal: BlockingPortal
) -> None:
    registry.vendor().send(a_case_file(a_record("A-1"), a_record("A-2")))
    robin = browser_of(registry, portal, Role.PRACTICE)
    staff = browser_of(registry, portal, Role.INTERNAL)
    seen = robin.get(PAGE)
    assert "kept for 6 years" in text_of(seen)
    assert "Place a hold" not in text_of(seen)
    assert "Purge for good" not in text_of(seen)

    page = staff.get(PAGE, params={"older_than": "2024-04-01"})
    assert "2 cases before 2024-04-01, 2 of them in the figures" in text_of(page)
    own = {"older_than": "2024-04-01", "cases": "2", "reason": WHY, "early": "true"}
    their_token = fields_of(robin.get(f"{ROOT}/details"), f"{ROOT}/details")["form_token"]
    answer = robin.post(PURGES, {**own, "form_token": their_token})
    assert "may not set retention" in text_of(answer)
    hold = {"hold_reason": "Letter of counsel, file 2024-17."}
    assert said_beside(send(staff, page, f"{PAGE}/holds", {"hold_reason": "x"})) != {}
    held = staff.follow(send(staff, page, f"{PAGE}/holds", hold))
    assert "nothing is purged" in text_of(held)
    refused = send(staff, page, PURGES, {"cases": "2", "reason": WHY, "early": "true"})
    assert (refused.status_code, "legal hold is in force" in text_of(refused)) == (409, True)

    [[why, *_]] = rows_of(robin.get(PAGE), "Legal holds")
    assert why == hold["hold_reason"]
    [lift] = [form for form in page_actions(held.text) if form.endswith("/lift")]
    staff.follow(send(staff, held, lift, {"lift_reason": "The case is closed."}))
    page = staff.get(PAGE, params={"older_than": "2024-04-01"})
    for typed, words in (
        ({"cases": "3", "reason": WHY, "early": "true"}, "2 cases would be purged, not 3"),
        ({"cases": "2", "reason": WHY}, "The retention policy keeps"),
        ({"cases": "two", "reason": WHY}, "Nothing was changed"),
    ):
        refused = send(staff, page, PURGES, typed)
        assert refused.status_code in (409, 422)
        assert "2 cases before 2024-04-01" in text_of(refused), "what was looked at stays so"
        assert words.casefold() in text_of(refused).casefold()
    assert registry.practice().count() == 2
    begun = send(staff, page, PURGES, {"cases": "2", "reason": WHY, "early": "true"})
    assert "lined up" in text_of(staff.follow(begun))
    work_off(registry, only=None)
    assert registry.practice().count() == 0
    [row] = rows_of(robin.get(PAGE), "Purges")
    assert row[1:] == ["2024-04-01", "2", "ended", WHY]
    started = registry.practice().read("/v1/audit", practice_id=PRACTICE, action="purge.started")[
        "items"
    ]
    assert [(each["actor"]["role"], each["reason"]) for each in started] == [("internal", WHY)]


def page_actions(text: str) -> list[str]:
    return [str(form.get("action")) for form in html.fromstring(text).forms]
