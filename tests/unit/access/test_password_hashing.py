"""Passwords as they are kept."""

from time import process_time

from argon2 import PasswordHasher

from app.access.password_hashing import hash_password, is_outdated, is_password_of

PASSWORD = "nine brown owls sing"


def test_a_password_is_kept_by_argon2id_and_found_right_again() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password_of(kept, PASSWORD)
    assert not is_password_of(kept, PASSWORD + ".")
    assert hash_password(PASSWORD) != kept, "each has its own salt"


def test_a_hash_by_weaker_parameters_is_to_be_replaced() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8_192).hash(PASSWORD))
    assert not is_outdated(hash_password(PASSWORD))


def test_what_is_no_hash_lets_nobody_in() -> None:
    assert not is_password_of("not a hash", PASSWORD)


def test_without_an_account_no_password_is_right() -> None:
    assert not is_password_of(None, PASSWORD)
    assert not is_password_of(None, "no password of anybody"), "what is hashed in the place of one"


def test_without_an_account_it_takes_as_much_work() -> None:
    """The work is counted, not the time that passes: other tests run beside."""
    kept = hash_password(PASSWORD)
    is_password_of(None, PASSWORD)  # what is worked out once is not what is compared
    with_account = min(_work_of(kept) for _ in range(3))
    without = min(_work_of(None) for _ in range(3))
    assert without > with_account / 2


def _work_of(kept: str | None) -> float:
    begun = process_time()
    is_password_of(kept, "some other password")
    return process_time() - begun
