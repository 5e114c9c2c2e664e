"""The program that sent a case file, as it names itself."""

import re
from typing import Final

_LONGEST: Final = 100
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110, 5.6.2
_PRODUCT: Final = re.compile(rf"{_TOKEN}(?:/{_TOKEN})?", re.ASCII)
_BROWSER: Final = "Mozilla/"


def software_of(user_agent: str | None) -> str | None:
    """Return the first product of a `User-Agent`, as `ExampleEHR/4.2`.

    None of browsers, which all call themselves alike, and where nothing is said that can be read.
    Source: RFC 9110, section 10.1.5.
    """
    named = _PRODUCT.match((user_agent or "").strip())
    if named is None or len(named[0]) > _LONGEST or named[0].startswith(_BROWSER):
        return None
    return named[0]
