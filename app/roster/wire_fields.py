"""The fields that several parts of a roster have, and how what is asked and shown is described."""

from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from app.domain.identifiers import Npi, Tin, parse_npi
from app.web.patterns import NO_CONTROL

T = TypeVar("T", int, str)

_ID: Final = "01981d2c-7b5e-7c3a-9f10-2b6f6a3a4f23"


def _checked(npi: str) -> Npi:
    try:
        return parse_npi(npi)
    except ValueError:
        raise PydanticCustomError("npi_check_digit", "check digit") from None


TinText = Annotated[Tin, StringConstraints(pattern=r"^[0-9]{9}$")]
NpiText = Annotated[Npi, StringConstraints(pattern=r"^[0-9]{10}$"), AfterValidator(_checked)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_CONTROL),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=500, pattern=NO_CONTROL),
]
"""Why somebody does what is not done every day; long enough to tell something later."""

Year = Annotated[int, Field(ge=2000, le=2100)]


def each_once(values: tuple[T, ...]) -> tuple[T, ...]:
    """In order."""
    return tuple(sorted(set(values)))


def asked_as(example: JsonDict) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


def shown_as(example: JsonDict) -> ConfigDict:
    return ConfigDict(
        from_attributes=True,
        json_schema_extra={"example": {"id": _ID, "version": 1, **example}},
    )
