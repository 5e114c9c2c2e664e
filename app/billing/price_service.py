"""Price lists: entered by staff, a new version each time, none ever changed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.billing.program_years import billing_model
from app.domain.audit import Actor, AuditAction
from app.domain.billing import BillingModel, Price, PriceList, Unit
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import PracticeId
from app.storage.unit_of_work import OpenWork

_REGISTRY = PracticeId("")


@dataclass(frozen=True, kw_only=True)
class NewPriceList:
    """As PriceList, before it has a version."""

    performance_year: int
    currency: str
    administrative_fee: int | None
    prices: tuple[Price, ...]
    issuer: str
    payment_instructions: str


def list_price_lists(performance_year: int, *, open_work: OpenWork) -> list[PriceList]:
    """The newest first."""
    with open_work() as work:
        return work.orders.price_lists(performance_year)


def enter_prices(new: NewPriceList, by: Actor, *, open_work: OpenWork) -> PriceList:
    """They hold for orders from now on; who has ordered keeps the prices of then.

    Raises: InvalidRequest.
    """
    _require_fitting(new)
    with open_work() as work:
        work.orders.lock(_REGISTRY)
        before = work.orders.price_lists(new.performance_year)
        prices = PriceList(
            performance_year=new.performance_year,
            version=before[0].version + 1 if before else 1,
            currency=new.currency,
            administrative_fee=new.administrative_fee,
            prices=new.prices,
            issuer=new.issuer,
            payment_instructions=new.payment_instructions,
            entered_at=datetime.now(UTC),
        )
        work.orders.add_price_list(prices, by)
        work.audit.record(
            by,
            AuditAction.PRICES_ENTERED,
            practice=None,
            performance_year=prices.performance_year,
            version=prices.version,
        )
        work.commit()
    return prices


def _require_fitting(new: NewPriceList) -> None:
    by_cases = billing_model(new.performance_year) is BillingModel.CASES
    if any((price.item.unit is Unit.CASE) is not by_cases for price in new.prices):
        what = "cases" if by_cases else "clinicians"
        raise InvalidRequest(f"prices: {new.performance_year} is billed by {what}.")
    known = [(price.product, price.item) for price in new.prices]
    if len(set(known)) != len(known):
        raise InvalidRequest("prices: one of them stands twice.")
