"""Temperature readings against the bound of a measure."""

from app.domain.cases import Temperature
from app.measures.rule_kinds import TemperatureNearEnd
from app.measures.temperature_scale import Scale, scale_of


def is_warm_enough(reading: Temperature, rule: TemperatureNearEnd) -> bool:
    """Decimals are compared as sent: converting 95.9 F would bring rounding into the bound."""
    is_high = reading.value >= rule.unitless_fahrenheit_from
    match scale_of(reading.unit or "", is_high):
        case Scale.CELSIUS:
            return reading.value >= rule.celsius_at_least
        case Scale.FAHRENHEIT:
            return reading.value >= rule.fahrenheit_at_least
        case None:
            return False
