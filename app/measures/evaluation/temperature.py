"""Temperature readings against the bound of a measure."""

from decimal import Decimal
from typing import Protocol

from app.domain.cases import Temperature
from app.measures.evaluation.temperature_scale import Scale, scale_of


class WarmBounds(Protocol):
    """From where on it is warm, in each scale; a high number without a unit is Fahrenheit."""

    @property
    def celsius_at_least(self) -> Decimal: ...

    @property
    def fahrenheit_at_least(self) -> Decimal: ...

    @property
    def unitless_fahrenheit_from(self) -> Decimal: ...


def is_warm_enough(reading: Temperature, bounds: WarmBounds) -> bool:
    """Decimals are compared as sent: converting 95.9 F would bring rounding into the bound."""
    is_high = reading.value >= bounds.unitless_fahrenheit_from
    match scale_of(reading.unit or "", is_high):
        case Scale.CELSIUS:
            return reading.value >= bounds.celsius_at_least
        case Scale.FAHRENHEIT:
            return reading.value >= bounds.fahrenheit_at_least
        case None:
            return False
