"""Forms of text, written so that every reader of the interface's description understands them."""

from typing import Final

NO_CONTROL: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
ONE_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
"""Neither control characters nor any end of a line."""
