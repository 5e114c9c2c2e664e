"""What stands in an element."""

from lxml import etree

from app.xsd.parsing import XML_SPACE_TEXT


def text_of(element: etree._Element) -> str:
    """The text that stands directly in `element`, around comments and instructions too."""
    text = element.text or ""
    return text + "".join(child.tail or "" for child in element) if len(element) else text


def child_text(element: etree._Element, *path: str) -> str | None:
    """What stands in the element at `path`, without white space around it; None: nothing."""
    found: etree._Element | None = element
    for name in path:
        # A tenth of the time of `find`, which counts for something once a record.
        found = next(found.iterchildren(name), None) if found is not None else None
    return None if found is None else text_of(found).strip(XML_SPACE_TEXT) or None
