"""Addresses of electronic mail, and the ones that a case file asks to be told at."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from app.xsd.cutter import Cutter, Piece
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.markup_faults import text_of
from app.xsd.prolog import HEADER, ROOT, PrologFault, read_root
from app.xsd.window import Source, Window

MOST_ADDRESSES: Final = 20
_MOST_CUTS: Final = 10
_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3: a path of 256 with its angle brackets
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_ADDRESS_PATH: Final = "EmailSet/EmailNotificationSet/EmailNotificationAddress"


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


def addresses_in(case_file: Source) -> list[str]:
    """Return the addresses in the `EmailSet` of a case file, each once, in the file's order.

    At most MOST_ADDRESSES; what is no address is left out. Only the head of the file is read, and
    one that cannot be read has none.
    """
    header = _header_of(case_file)
    if header is None:
        return []
    found = dict.fromkeys(islice(_addresses_in(header), MOST_ADDRESSES))
    return list(found)


def _header_of(case_file: Source) -> etree._Element | None:
    try:
        window = Window(as_utf8(case_file))
        root = read_root(window)
    except (EncodingRefused, PrologFault):
        return None
    if root.local_name != ROOT or root.namespace:
        return None
    cuts = islice(Cutter(window, root).cuts(), _MOST_CUTS)
    first = next((cut for cut in cuts if isinstance(cut, Piece)), None)
    return first.element if first is not None and first.name == HEADER else None


def _addresses_in(header: etree._Element) -> Iterator[str]:
    for element in header.iterfind(_ADDRESS_PATH):
        try:
            yield parse_mail_address(text_of(element).strip())
        except ValueError:
            continue
