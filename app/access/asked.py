"""Identifiers in query strings, parsed: what is none is answered with the rule that it breaks."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from app.domain.errors import InvalidRequest
from app.domain.identifiers import (
    Npi,
    PracticeId,
    Tin,
    parse_npi,
    parse_practice_id,
    parse_tin,
)

T = TypeVar("T")


def _parsed(name: str, text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise InvalidRequest(f"{name}: {error}.") from None


def _practice(
    practice_id: Annotated[str, Query(description="The practice, by its AQI id.")],
) -> PracticeId:
    return _parsed("practice_id", practice_id, parse_practice_id)


def _tin(
    tin: Annotated[str | None, Query(description="Nine digits, without a hyphen.")] = None,
) -> Tin | None:
    return None if tin is None else _parsed("tin", tin, parse_tin)


def _npi(npi: Annotated[str | None, Query(description="Ten digits.")] = None) -> Npi | None:
    return None if npi is None else _parsed("npi", npi, parse_npi)


AskedPractice = Annotated[PracticeId, Depends(_practice)]
AskedTin = Annotated[Tin | None, Depends(_tin)]
AskedNpi = Annotated[Npi | None, Depends(_npi)]
