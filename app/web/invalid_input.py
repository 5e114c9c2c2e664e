"""Says what is wrong with a parameter or a JSON body, in words that never hold a value.

pydantic's own messages quote: a malformed UUID shows the character, a failed validator whatever
its author put in. Only the kind of the fault and the bounds that we declared are taken from it,
and the name of a field that there is not, if it looks like the name of a field.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final[Mapping[str, str]] = {
    "missing": "is required",
    "extra_forbidden": "there is no field of this name",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "uuid_parsing": "must be a UUID",
    "date_from_datetime_parsing": "must be a date written as YYYY-MM-DD",
    "date_parsing": "must be a date written as YYYY-MM-DD",
    "datetime_parsing": "must be a time as in RFC 3339",
    "datetime_from_date_parsing": "must be a time as in RFC 3339",
    "string_type": "must be text",
    "string_pattern_mismatch": "does not have the form that is asked for",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "string_too_short": "must have {min_length} characters or more",
    "string_too_long": "must have {max_length} characters or less",
    "too_short": "must have {min_length} entries or more",
    "too_long": "must have {max_length} entries or less",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "json_invalid": "must be JSON",
    "npi_check_digit": "the check digit of the NPI does not match",
}
_NAME: Final = re.compile(r"[A-Za-z_][\w-]{0,39}", re.ASCII)
_LONGEST: Final = 200  # only a list of values can be longer


def described(fault: Mapping[str, Any]) -> dict[str, str]:
    """Return one fault of pydantic's list as `in`, `parameter` and `message`."""
    place, *names = (str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        names[-1] = names[-1] if _NAME.fullmatch(names[-1]) else "a field"
    if fault["type"] == "json_invalid":
        names = []  # an offset
    return {"in": place, "parameter": ".".join(names) or place, "message": _message(fault)}


def _message(fault: Mapping[str, Any]) -> str:
    words = _WORDS.get(fault["type"], "is not valid here").format_map(fault.get("ctx") or {})
    return words if len(words) <= _LONGEST else "must be one of the values listed in /openapi.json"
