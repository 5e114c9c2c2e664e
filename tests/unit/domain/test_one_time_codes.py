"""Codes of authenticator apps: the test vectors of the standard, and what is taken how often."""

from datetime import UTC, datetime

import pytest

from app.domain.one_time_codes import (
    code_of,
    enrolment_link,
    hash_of_recovery_code,
    matching_step,
    new_recovery_codes,
    step_at,
)

SECRET = b"12345678901234567890"

# RFC 6238, appendix B, for SHA-1: seconds since 1970, and the last six of the eight digits.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(SECRET, step_at(at(seconds))) == code


TIMES = [
    # seconds later, whether the code of before is taken
    (0, True),
    (30, True),
    (60, False),
    (-30, True),
    (-60, False),
]


@pytest.mark.parametrize(("later", "taken"), TIMES)
def test_a_code_is_taken_half_a_minute_early_or_late(later: int, taken: bool) -> None:
    code = code_of(SECRET, step_at(at(3_000)))
    found = matching_step(code, SECRET, moment=at(3_000 + later), last_used=None)
    assert (found is not None) is taken


def test_a_code_is_taken_once_and_none_from_before_it() -> None:
    moment = at(3_000)
    code, before = (code_of(SECRET, step_at(moment) - away) for away in (0, 1))
    used = matching_step(code, SECRET, moment=moment, last_used=None)
    assert used == step_at(moment)
    assert matching_step(code, SECRET, moment=moment, last_used=used) is None
    assert matching_step(before, SECRET, moment=moment, last_used=used) is None


@pytest.mark.parametrize("typed", ["287 082", "287-082", " 287082 "])
def test_gaps_do_not_matter(typed: str) -> None:
    assert matching_step(typed, SECRET, moment=at(59), last_used=None) == 1


@pytest.mark.parametrize("typed", ["", "287083", "٢٨٧٠٨٢", "2870820"])
def test_what_is_wrong_is_not_taken(typed: str) -> None:
    assert matching_step(typed, SECRET, moment=at(59), last_used=None) is None


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    typed = codes[0].lower().replace(" ", "-")
    assert hash_of_recovery_code(typed) == hash_of_recovery_code(codes[0])


def test_the_link_for_an_app_says_whose_it_is() -> None:
    link = enrolment_link(SECRET, account="robin@x.example", issuer="Some registry")
    assert link == (
        "otpauth://totp/Some%20registry%3Arobin%40x.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Some+registry"
    )


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
