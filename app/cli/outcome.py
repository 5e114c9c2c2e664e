"""How commands end."""

from typing import Final

NO_ERROR: Final = 0
ERRORS_FOUND: Final = 1
UNREADABLE: Final = 2
