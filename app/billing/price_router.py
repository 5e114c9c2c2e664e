"""What the registry sells in a program year, and for how much."""

from typing import Annotated

from fastapi import APIRouter, Depends

from app.access.dependencies import Caller, Work
from app.access.kept_answers import KeepsAnswers
from app.access.rights import Right, require
from app.billing.paths import PathYear
from app.billing.price_service import enter_prices, list_price_lists
from app.billing.price_wire import (
    PriceListOut,
    PriceListRequest,
    PriceLists,
    ProductOut,
    ProgramYearOut,
)
from app.billing.program_years import billing_model, days_of, offered_products
from app.web.json_bodies import described_body, json_body

router = APIRouter(prefix="/v1/billing", tags=["billing"], route_class=KeepsAnswers)


@router.get("/program-years/{performance_year}")
def read_program_year(performance_year: PathYear) -> ProgramYearOut:
    """What the year is billed by, its deadlines, and what each product includes."""
    return ProgramYearOut.of(
        performance_year,
        billing_model(performance_year),
        days_of(performance_year),
        [ProductOut.of(offered) for offered in offered_products()],
    )


@router.get("/prices/{performance_year}")
def list_prices_of_year(performance_year: PathYear, caller: Caller, open_work: Work) -> PriceLists:
    """Every price list of the year, the newest first; none until staff have entered one."""
    require(caller, Right.SEE_BILLING)
    found = list_price_lists(performance_year, open_work=open_work)
    return PriceLists(items=[PriceListOut.of(prices) for prices in found])


@router.post(
    "/prices/{performance_year}", status_code=201, openapi_extra=described_body(PriceListRequest)
)
def enter_prices_of_year(
    performance_year: PathYear,
    caller: Caller,
    open_work: Work,
    asked: Annotated[PriceListRequest, Depends(json_body(PriceListRequest))],
) -> PriceListOut:
    """Enter all prices of a year. They hold for orders from now on; earlier ones keep theirs."""
    require(caller, Right.MANAGE_BILLING)
    prices = enter_prices(asked.as_new(performance_year), caller.actor, open_work=open_work)
    return PriceListOut.of(prices)
