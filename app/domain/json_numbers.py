"""Numbers as JSON has them."""

from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

JsonNumber = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""A decimal that JSON writes as a number, not as a string."""
