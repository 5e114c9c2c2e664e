"""Whether two records say the same although their bytes differ."""

from lxml import etree

from app.xsd.parsing import new_parser


def say_the_same(one: bytes, other: bytes) -> bool:
    """Compare two well-formed records but for layout, comments and the form of their tags."""
    return _canonical(one) == _canonical(other)


def _canonical(record: bytes) -> bytes:
    element = etree.fromstring(record, new_parser(keep_blanks=False))
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
