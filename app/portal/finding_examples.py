"""The example of a finding as a case file that can be checked: the sample with the fault in it."""

import re
from functools import cache
from typing import Final

from app.domain.errors.intake import FindingCodeUnknown
from app.domain.finding_catalogue import finding_catalogue
from app.domain.findings import FindingCode
from app.xsd.catalogue import SchemaCatalogue
from app.xsd.samples import sample_case_file

_VERSION: Final = "2020V1.0"
# All are found in submissions only, but for the last, which is found on some days only.
_NOT_SHOWN: Final = {
    FindingCode.OTHER_PRACTICE,
    FindingCode.TIN_NOT_REGISTERED,
    FindingCode.SERVICE_IN_FUTURE,
}
_BETWEEN_TAGS: Final = re.compile(r">\s+<")


def has_example(code: FindingCode, schemas: SchemaCatalogue) -> bool:
    """Whether there is a case file in which the validator finds this."""
    return code not in _NOT_SHOWN and _example(code, schemas) is not None


def example_of(code: str, schemas: SchemaCatalogue) -> bytes:
    """Raises: FindingCodeUnknown, also for a code that no short text shows."""
    content = _example(FindingCode(code), schemas) if code in set(FindingCode) else None
    if content is None:
        raise FindingCodeUnknown("/docs/findings lists the codes, each with its example.")
    return content


@cache
def _example(code: FindingCode, schemas: SchemaCatalogue) -> bytes | None:
    entry = finding_catalogue()[code]
    if entry.bad is None:
        return None
    if entry.bad_is_file:
        return entry.bad.encode()
    if entry.good is None:
        return None
    sample = _sample(schemas)
    place = re.search(_spaced(entry.good), sample)
    if place is None:
        return None
    return (sample[: place.start()] + entry.bad + sample[place.end() :]).encode()


@cache
def _sample(schemas: SchemaCatalogue) -> str:
    return sample_case_file(schemas.get(_VERSION)).decode()


def _spaced(snippet: str) -> str:
    """A pattern for `snippet` with any white space between its tags, as in the indented sample."""
    tags = _BETWEEN_TAGS.sub("><", snippet).split("><")
    return r">\s*<".join(re.escape(each) for each in tags)
