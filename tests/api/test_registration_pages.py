"""A practice fills in the registration form of a year: one flow, one price, one confirmation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from anyio.from_thread import BlockingPortal

from app.domain.principals import Role
from tests.billing import OF_PRACTICE, employ, enter_prices
from tests.case_files import NPI, TIN
from tests.forms import ROOT, rows_of, said_beside, send
from tests.people import Browser, browser_of, fields_of, location_of, text_of
from tests.receivers import MailServer
from tests.registry import PRACTICE, Registry
from tests.reporting import register, registration_path
from tests.rosters import ROBIN, Staff
from tests.workers import confirm_all

PAGE = f"{ROOT}/registration"
FORM, PREVIEW, ORDER = f"{PAGE}/form", f"{PAGE}/preview?year=2024", f"{PAGE}?year=2024"
REPORTING = f"{PAGE}/reporting"
ANSWERS = {
    "is_renewal": "true",
    "kind": "new",
    "product": "quality_reporting",
    "cases": "5000",
    "quantities.physician_anesthesiologist.member": "6",
    "quantities.care_team_clinician.non_member": "4",
    "option": "group_qcdr",
    "representative.name": "Robin Example",
    "representative.title": "Medical director",
    "representative.signed_on": "2024-02-01",
    "ordered_by.name": "Kim Sample",
    "ordered_by.mail": "kim@lakeside.example",
    "billing_contact.name": "Lee Instance",
    "billing_contact.mail": "lee@lakeside.example",
    "payment_policies_acknowledged": "true",
}

QUANTITIES = [name for name in ANSWERS if name.startswith("quantities")]


@pytest.fixture
def two(registry: Registry) -> Registry:
    """Two clinicians, one of them an ASA member, and prices for 2024."""
    employ(registry, 2, members=1)
    enter_prices(registry)
    return registry


@pytest.fixture
def kim(registry: Registry, portal: BlockingPortal) -> Browser:
    """Who does the billing of the practice."""
    return browser_of(registry, portal, Role.PRACTICE)


def orders(registry: Registry) -> list[str]:
    items = registry.practice().read(f"{OF_PRACTICE}/orders")["items"]
    return [f"{each['kind']} {each['total']} {each['state']}" for each in items]


def test_a_practice_sees_the_price_orders_registers_and_is_told_by_mail(
    two: Registry, kim: Browser, mail_server: MailServer
) -> None:
    before = text_of(kim.get(PAGE))
    assert "The last day to register is 2024-10-01." in before
    assert "Nothing is ordered for 2024." in before

    preview = send(kim, kim.get(FORM), PREVIEW, ANSWERS)
    assert rows_of(preview, "The initial invoice") == [
        ["Quality Reporting 2024: cases, ASA members", "2,500", "0.25", "625.00"],
        ["Quality Reporting 2024: cases, non-members", "2,500", "0.40", "1,000.00"],
        ["Total in USD", "", "", "1,625.00"],
    ]
    assert (orders(two), two.practice().get(registration_path()).status_code) == ([], 404)

    changed_mind = kim.fill_in(preview, f"{FORM}?year=2024")
    assert fields_of(changed_mind, PREVIEW).items() >= ANSWERS.items(), "nothing typed is lost"

    with ThreadPoolExecutor(2) as double_click:
        clicks = double_click.map(lambda _: kim.fill_in(preview, ORDER), range(2))
        placed, again = clicks
    assert location_of(again) == location_of(placed)
    page = kim.follow(placed)
    assert orders(two) == ["new 5000 placed"]
    registered = two.practice().read(registration_path())
    assert (registered["option"], registered["version"]) == ("group_qcdr", 1)
    [order] = two.practice().read(f"{OF_PRACTICE}/orders")["items"]
    assert (order["is_renewal"], sum(each["quantity"] for each in order["providers"])) == (True, 10)
    for shown in (
        "The order is placed.",
        "4 care team clinicians, non-members; 6 physician anesthesiologists, ASA members",
        "Group, by a qualified clinical data registry (QCDR)",
        "Robin Example, Medical director, 2024-02-01",
        "2031-12-31",
        "kim@lakeside.example order and registration on its way",
    ):
        assert shown in text_of(page)

    confirm_all(two, smtp=f"smtp://127.0.0.1:{mail_server.port}")
    assert {str(each["To"]) for each in mail_server.letters} == {
        "kim@lakeside.example",
        "lee@lakeside.example",
    }
    letter = mail_server.to("kim@lakeside.example")
    assert letter["Subject"] == "Order and registration received (practice 12345, 2024)"
    text = letter.get_content()
    for told in ("Quality Reporting", "5,000 in all", "renewal", "Group, by a qualified clinical"):
        assert told in text
    assert f"https://cases.example/practices/{PRACTICE}/invoices?year=2024" in text
    for private in (TIN, NPI, "Robin", "Kim", "Lakeside Anesthesia"):
        assert private not in text
    told = rows_of(kim.get(PAGE), "Who was told by mail")
    assert [row[1:] for row in told] == [
        ["kim@lakeside.example", "order and registration", "taken by the mail server"],
        ["lee@lakeside.example", "order and registration", "taken by the mail server"],
    ]


def test_every_fault_stands_beside_its_field_and_nothing_that_was_typed_is_lost(
    two: Registry, kim: Browser
) -> None:
    typed = {
        **ANSWERS,
        "cases": "many",
        "quantities.care_team_clinician.non_member": "four",
        "billing_contact.mail": "lee at lakeside",
        "representative.signed_on": "",
        "mvp": "G0059",
    }
    del typed["payment_policies_acknowledged"]
    refused = send(kim, kim.get(FORM), PREVIEW, typed)
    assert refused.status_code == 422
    assert said_beside(refused) == {
        "cases": "Must be a whole number.",
        "quantities.care_team_clinician.non_member": "Must be a whole number.",
        "billing_contact.mail": "Does not have the form that is asked for.",
        "representative.signed_on": "Is required.",
        "payment_policies_acknowledged": "Is required.",
    }
    assert fields_of(refused, PREVIEW).items() >= typed.items()

    better = {**ANSWERS, "representative.signed_on": "2024-06-02"}
    refused = send(kim, refused, PREVIEW, better)
    assert said_beside(refused) == {
        "cms_registration_acknowledged": "An MVP and its subgroups are registered with CMS too;"
        " set it to true to say that you know.",
        "representative.signed_on": "It lies in the future; register once it is signed.",
    }

    for differently, field in (
        ({"product": "nacor_benchmarking"}, "option"),
        ({"option": ""}, "option"),
        ({"option": "", "product": ""}, "product"),
        ({"low_volume.over_90000_usd": "true"}, "low_volume.over_200_patients"),
        (dict.fromkeys(QUANTITIES, ""), "quantities"),
        ({"cases": ""}, "cases"),
    ):
        refused = send(kim, refused, PREVIEW, {**ANSWERS, **differently})
        assert field in said_beside(refused), "the parts of the form fit each other"
    assert orders(two) == []


def test_an_order_or_its_registration_are_never_there_alone(two: Registry, kim: Browser) -> None:
    """Somebody else has registered the practice since the form was opened."""
    form = kim.get(FORM)
    register(two.practice(), "group_qr")
    refused = send(kim, send(kim, form, PREVIEW, ANSWERS), PREVIEW, {})
    assert refused.status_code == 428
    assert "It is registered already" in text_of(refused)
    assert orders(two) == []
    begun_anew = send(kim, kim.get(FORM), PREVIEW, ANSWERS)
    kim.fill_in(begun_anew, ORDER)
    assert two.practice().read(registration_path())["version"] == 2
    assert orders(two) == ["new 5000 placed"]


def test_what_is_added_later_leaves_the_registration_as_it_is(two: Registry, kim: Browser) -> None:
    kim.fill_in(send(kim, kim.get(FORM), PREVIEW, ANSWERS), ORDER)
    form = kim.get(FORM)
    known = fields_of(form, PREVIEW)
    assert (known["option"], known["ordered_by.name"]) == ("group_qcdr", "Kim Sample")
    more = {"kind": "adds", "cases": "100", "payment_policies_acknowledged": "true"}
    preview = send(kim, form, PREVIEW, more)
    assert rows_of(preview, "The initial invoice")[-1][-1] == "32.50"
    kim.fill_in(preview, ORDER)
    assert orders(two) == ["new 5000 placed", "adds 100 placed"]
    assert two.practice().read(registration_path())["version"] == 1

    confirm_all(two, smtp=None)
    told = rows_of(kim.get(PAGE), "Who was told by mail")
    assert {row[-1] for row in told} == {"could not be sent this deployment sends no mail"}


def test_how_results_are_reported_is_changed_without_an_order_and_the_history_tells(
    two: Registry, kim: Browser
) -> None:
    team = Staff(caller=two.practice())
    team.add("clinicians", **ROBIN)
    group = team.add("subgroups", tin=TIN, performance_year=2024, name="Cardiac", npis=[NPI])
    signed = {name: each for name, each in ANSWERS.items() if name.startswith("representative")}
    asked = {
        **signed,
        "is_renewal": "false",
        "option": "group_qcdr",
        "mvp": "G0059",
        "cms_registration_acknowledged": "true",
        "subgroup_ids": group["id"],
        "low_volume.over_90000_usd": "true",
        "low_volume.over_200_patients": "false",
        "low_volume.over_200_services": "false",
        "opts_in": "true",
    }
    here = f"{REPORTING}?year=2024"
    page = kim.follow(send(kim, kim.get(REPORTING), here, asked))
    assert "The registration is as you said." in text_of(page)
    for shown in ("G0059", "Cardiac", "may opt in, opts in"):
        assert shown in text_of(page)

    withdrawn = send(kim, kim.get(REPORTING), here, {"withdrawn_on": "2024-05-01"})
    history = rows_of(kim.follow(withdrawn), "History of the registration")
    assert [row[-1] for row in history] == ["2024-05-01", ""]
    assert orders(two) == []


def test_after_the_deadline_staff_register_and_say_why(
    two: Registry, kim: Browser, portal: BlockingPortal
) -> None:
    two.on_day(date(2024, 10, 2))
    assert "The deadline was 2024-10-01" in text_of(kim.get(PAGE))
    late = send(kim, kim.get(FORM), PREVIEW, ANSWERS)
    assert late.status_code == 409
    assert "An order was possible until 2024-10-01." in text_of(late)

    internal = browser_of(two, portal, Role.INTERNAL)
    unsaid = send(internal, internal.get(FORM), PREVIEW, ANSWERS)
    assert "say why it is done later" in said_beside(unsaid)["late_reason"]
    why = {"late_reason": "The practice was merged in September."}
    internal.fill_in(send(internal, unsaid, PREVIEW, why), ORDER)
    assert orders(two) == ["new 5000 placed"]


def test_before_2024_clinicians_are_what_is_ordered(registry: Registry, kim: Browser) -> None:
    price = {"product": "quality_reporting", "unit": "care_team_clinician", "cents": 30_000}
    enter_prices(registry, 2023, prices=[{**price, "membership": "non_member"}])
    asked = {name: each for name, each in ANSWERS.items() if "physician" not in name}
    del asked["cases"]
    form = kim.get(FORM, params={"year": "2023"})
    preview = send(kim, form, f"{PAGE}/preview?year=2023", asked)
    assert rows_of(preview, "The initial invoice")[-1][-1] == "1,200.00"
