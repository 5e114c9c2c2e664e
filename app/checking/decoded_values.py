"""Turns the texts of the fields of a valid record into values."""

from datetime import date
from decimal import Decimal
from typing import Final

from app.xsd.parsing import XML_SPACE_TEXT

MAX_DECIMAL_LENGTH: Final = 50
_MAX_WHOLE_LENGTH: Final = 9

Fields = dict[str, str | None]


class OutOfRange(ValueError):
    """A number or a year that the schema accepts, and no column of ours holds."""


def text_of(fields: Fields, name: str) -> str | None:
    return (fields.get(name) or "").strip(XML_SPACE_TEXT) or None


def date_of(text: str | None) -> date | None:
    """An xs:date; a zone, which a date of birth cannot mean, is dropped."""
    try:
        return date.fromisoformat(text.strip()[:10]) if text else None
    except ValueError:
        return None


def whole_of(text: str | None) -> int | None:
    """An xs:nonNegativeInteger. Raises: OutOfRange."""
    if not text:
        return None
    digits = text.strip().lstrip("+-0")  # of zeros before it there may be any number
    if len(digits) > _MAX_WHOLE_LENGTH:
        raise OutOfRange
    return int(digits or 0)


def metric_of(fields: Fields, metric: str, customary: str, factor: Decimal) -> Decimal | None:
    """The metric element if it is there, else the other one, in pounds or inches (assumed).

    Raises: OutOfRange, for either of them.
    """
    metric_value = decimal_of(fields.get(metric))
    customary_value = decimal_of(fields.get(customary))
    if metric_value is not None or customary_value is None:
        return metric_value
    return customary_value * factor


def decimal_of(text: str | None) -> Decimal | None:
    digits = text.strip() if text else ""
    if len(digits) > MAX_DECIMAL_LENGTH:
        raise OutOfRange
    return Decimal(digits) if digits else None
