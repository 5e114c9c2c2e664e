"""Which passwords are taken."""

from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST_DIFFERENT: Final = 5
_TELLING: Final = 4  # a shorter name stands in many words by chance


def check_password(password: str, email: str) -> None:
    """Length is what counts; no kinds of characters are demanded.

    Raises: ValueError, naming the rule that failed and never the value.
    Source: NIST SP 800-63B-4, 3.1.1.2 (length, no rules of composition, words of the context).
    """
    if len(password) < SHORTEST:
        raise ValueError(f"a password has {SHORTEST} characters or more")
    if len(password) > LONGEST:
        raise ValueError(f"a password has at most {LONGEST} characters")
    if len(set(password)) < _FEWEST_DIFFERENT:
        raise ValueError(f"a password has {_FEWEST_DIFFERENT} different characters or more")
    local, _, domain = email.casefold().partition("@")
    words = [word for word in (local, domain) if len(word) >= _TELLING]
    if any(word in password.casefold() for word in words):
        raise ValueError("a password does not hold a part of the e-mail address")
