"""Addresses of electronic mail."""

import re
from typing import Final

_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3: a path of 256 with its angle brackets
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def parse_mail_domain(text: str) -> str:
    """Return `text` as the domain of mail addresses, in small letters.

    Shape: two labels or more, of ASCII; one of another script as it is registered (`xn--`).
    Raises: ValueError, naming the rule that failed and never the value.
    """
    domain = text.lower()
    if len(domain) > _LONGEST or not _DOMAIN.fullmatch(domain):
        raise ValueError("a mail domain is written like example.org")
    return domain


def parse_mail_address(text: str) -> str:
    """Return `text` as an address of mail, its domain in small letters.

    Shape: RFC 5321, 4.1.2, without quoted names and literal addresses, which would be strange here.
    Raises: ValueError, naming the rule that failed and never the value.
    """
    local, _, domain = text.rpartition("@")
    if len(text) > _LONGEST or not _LOCAL.fullmatch(local):
        raise ValueError("a mail address is written like robin@example.org")
    return f"{local}@{parse_mail_domain(domain)}"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]
