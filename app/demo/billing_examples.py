"""The worked examples of the payment policies, with invoices to download.

5,000 cases ordered and 6,000 submitted: 1,000 are invoiced. 10 nurse anesthetists ordered and 12
submitted: 2 are invoiced. Source: AQI registration form of 2024; newsletter of February 14, 2020.
The prices are made up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from app.demo.client import DemoClient
from app.demo.ordering import CASE_PRICES, bring_prices, has_ordered, pay, place_order, price
from app.demo.people import admin_key, practices_key
from app.demo.plan import SEED, VERSION, DemoPractice
from app.demo.rosters import bring_roster, register
from app.demo.sending import generated, send_until_ended
from app.demo.stage import Stage
from app.domain.identifiers import PracticeId
from app.synthetic.cases import Case, draw_cases
from app.synthetic.chance import Chance
from app.synthetic.form import Form
from app.synthetic.generate import GenerationPlan
from app.synthetic.practice import Clinician, Role, build_practice
from app.synthetic.writer import CASE_FILE_END, case_file_start, record_text

_NURSE: Final = "independent_nurse_anesthetist"


@dataclass(frozen=True, kw_only=True)
class BillingExample:
    """`ordered` is what an order says of quantities, `prices` what a price list says of prices.

    `case_file` makes what the practice submits.
    """

    practice: DemoPractice
    year: int
    ordered: dict[str, Any]
    prices: dict[str, Any]
    has_roster: bool
    case_file: Callable[[], bytes]


def bring_billing_examples(stage: Stage) -> list[str]:
    """Bring both, as far as they are not there yet; return the paths of their final invoices."""
    registry = DemoClient(stage.client, admin_key(open_work=stage.open_work))
    return [bring_example(example, registry, stage) for example in billing_examples()]


def billing_examples() -> tuple[BillingExample, BillingExample]:
    by_cases = _practice("78901", "Northshore Anesthesia")
    by_clinicians = _practice("89012", "Ridgeline Nurse Anesthetists")
    return (
        BillingExample(
            practice=by_cases,
            year=2024,
            ordered={"cases": 5_000},
            prices=CASE_PRICES,
            has_roster=True,
            case_file=lambda: _cases_of(by_cases.id, 2024, 6_000),
        ),
        BillingExample(
            practice=by_clinicians,
            year=2019,
            ordered={"clinicians": [{"unit": _NURSE, "membership": "non_member", "quantity": 10}]},
            prices={"prices": [price(_NURSE, "non_member", 30_000)]},
            has_roster=False,
            case_file=lambda: b"".join(_of_nurses_alone(by_clinicians.id, 2019, 12)),
        ),
    )


def _practice(practice_id: str, name: str) -> DemoPractice:
    return DemoPractice(
        id=PracticeId(practice_id),
        name=name,
        city="Springfield",
        state="IL",
        zip_code="62701",
        fault_rate=0.0,
    )


def bring_example(example: BillingExample, registry: DemoClient, stage: Stage) -> str:
    """Return the path of its final invoice. `registry` asks with a key of the registry."""
    root = f"/v1/practices/{example.practice.id}"
    register(example.practice, open_work=stage.open_work)
    if example.has_roster:
        bring_roster(example.practice, (example.year - 1, example.year), registry)
    bring_prices(example.year, example.prices, registry)
    if not has_ordered(example.practice.id, registry):
        invoice = place_order(example.practice.id, example.year, example.ordered, registry)
        pay(example.practice.id, invoice, registry)
        key = practices_key((example.practice.id,), open_work=stage.open_work)
        sender = DemoClient(stage.client, key)
        send_until_ended(example.case_file(), example.practice.id, sender)
    year = registry.post(f"{root}/billing/{example.year}/reconciliation")
    return f"/practices/{example.practice.id}/invoices/{year['final_invoice']}"


def _cases_of(practice: PracticeId, year: int, cases: int) -> bytes:
    plan = GenerationPlan(
        cases=cases, version=VERSION, practice_id=practice, year=year, seed=SEED, detail="small"
    )
    return generated(plan, lambda doing, done: None)


def _of_nurses_alone(practice: PracticeId, year: int, nurses: int) -> Iterator[bytes]:
    """A case of each of so many nurses, who work without a physician."""
    form, layout = Form(version=VERSION, detail="small"), Chance(f"layout/{practice}/{year}")
    built = build_practice(practice, SEED)
    cases = draw_cases(
        built, cases=10_000, last_day=date(year, 12, 31), seed=SEED, vital_signs=False
    )
    alone = (case for case in cases if _is_of_a_nurse_alone(case))
    yield case_file_start(form, practice, year).encode()
    for nurse, case in zip(
        built.clinicians[Role.NURSE_ANESTHETIST].choices[:nurses], alone, strict=False
    ):
        yield record_text(_done_by(nurse, case), form, layout).encode()
    yield CASE_FILE_END.encode()


def _is_of_a_nurse_alone(case: Case) -> bool:
    [*others, last] = case.staffing.staff
    return not others and last.clinician.role is Role.NURSE_ANESTHETIST


def _done_by(nurse: Clinician, case: Case) -> Case:
    [entry] = case.staffing.staff
    staff = (replace(entry, clinician=nurse),)
    return replace(case, staffing=replace(case.staffing, staff=staff))
