"""Which passwords are taken."""

import pytest

from app.domain.passwords import check_password

TAKEN = ["nine brown owls sing", "correct horse battery", "пароль из слов", "x2345678901y"]
REFUSED = [
    ("short words", "12 characters or more"),
    ("x" * 12, "5 different"),
    ("word " * 41, "at most 200"),
    ("I am ROBIN of York", "part of the e-mail"),
    ("all at lakeside.example", "part of the e-mail"),
]


@pytest.mark.parametrize("password", TAKEN)
def test_any_words_that_are_long_do(password: str) -> None:
    check_password(password, "robin@lakeside.example")


@pytest.mark.parametrize(("password", "rule"), REFUSED)
def test_a_refusal_names_the_rule_and_not_the_password(password: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule) as refusal:
        check_password(password, "robin@lakeside.example")
    assert password not in str(refusal.value)


def test_two_letters_before_the_at_sign_stand_in_many_words_by_chance() -> None:
    check_password("nine brown owls sing", "ow@x.io")
