"""The addresses of mail that a case file asks to be told at."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from app.domain.mail_addresses import parse_mail_address
from app.xsd.cutter import Cutter, Piece
from app.xsd.encoding import EncodingRefused, as_utf8
from app.xsd.prolog import HEADER, ROOT, PrologFault, read_root
from app.xsd.texts import text_of
from app.xsd.window import Source, Window

MOST_ADDRESSES: Final = 20
_MOST_CUTS: Final = 10
_ADDRESS_PATH: Final = "EmailSet/EmailNotificationSet/EmailNotificationAddress"


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
