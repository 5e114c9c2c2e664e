"""Who took part: numbers that cannot be anyone's, and the same person twice."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from app.domain.identifiers import parse_npi
from app.rules.checks.places import STAFF
from app.rules.definition import Given, RecordFacts, Remark


def npi_check_digit(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    for number, member in enumerate(facts.case.staff, start=1):
        if not _is_npi(member.npi):
            yield Remark(f"{STAFF}[{number}]/NPI")


@lru_cache(maxsize=10_000)
def _is_npi(text: str) -> bool:
    try:
        parse_npi(text)
    except ValueError:
        return False
    return True


def tin_dummy(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """A number that fills a form: one digit nine times, or one of the list."""
    dummies = given.lists["dummies"]
    for number, member in enumerate(facts.case.staff, start=1):
        if member.tin in dummies or member.tin == member.tin[0] * len(member.tin):
            yield Remark(f"{STAFF}[{number}]/TaxID")


def staff_twice(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """An NPI more than once, unless another sign-in each time tells of another presence.

    Numbers that are nobody's are left to the check of the digits: they fill the field for several.
    """
    staff = facts.case.staff
    if len({member.npi for member in staff}) == len(staff):
        return
    seen: dict[str, set[datetime | None]] = {}
    for number, member in enumerate(staff, start=1):
        sign_ins = seen.setdefault(member.npi, set())
        if _is_no_news(member.sign_in, sign_ins) and _is_npi(member.npi):
            yield Remark(f"{STAFF}[{number}]")
        sign_ins.add(member.sign_in)


def _is_no_news(sign_in: datetime | None, known: set[datetime | None]) -> bool:
    return bool(known) and (sign_in is None or None in known or sign_in in known)
