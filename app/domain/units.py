"""Customary units in metric ones: exact since the International Yard and Pound of 1959."""

from decimal import Decimal
from typing import Final

KG_OF_A_POUND: Final = Decimal("0.45359237")
CM_OF_AN_INCH: Final = Decimal("2.54")
