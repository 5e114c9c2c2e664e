"""Parses one piece of a case file, cut out of its document, as it would be parsed inside it."""

import re
from collections.abc import Iterator

from lxml import etree


def new_parser(*, keep_blanks: bool) -> etree.XMLParser:
    """A parser that resolves no entity, reaches no network and keeps libxml2's size limits."""
    return etree.XMLParser(
        remove_blank_text=not keep_blanks,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )


class PieceParser:
    """`namespaces` are the declarations of the root: prefix, or "" for the default, to URI."""

    def __init__(self, namespaces: dict[str, str]) -> None:
        self._namespaces = namespaces
        self._declarations = "".join(
            f' {name}="{_escaped(uri)}"' for name, uri in _declarations(namespaces)
        ).encode()
        # Blank nodes are dropped for speed, but a comment inside a blank would then change it.
        self._fast_parser = new_parser(keep_blanks=False)
        self._exact_parser = new_parser(keep_blanks=True)

    def parse(self, data: bytes) -> etree._Element | str:
        """Return the element, or why it is not well-formed, in words without its content."""
        is_plain = b"<!" not in data and b"<?" not in data
        parser = self._fast_parser if is_plain else self._exact_parser
        try:
            element: etree._Element = etree.fromstring(self._with_namespaces(data), parser)
        except etree.XMLSyntaxError as error:
            return _reason(error)
        return element

    def _with_namespaces(self, data: bytes) -> bytes:
        """Give the piece the declarations of the root, except those that it makes itself."""
        if not self._namespaces:
            return data
        name = _NAME.match(data)
        assert name is not None, "a piece begins with its tag"
        name_end = name.end()
        if data[name_end] == ord(">"):
            return b"".join((data[:name_end], self._declarations, data[name_end:]))
        own = data[name_end : data.find(b">", name_end)]
        missing = "".join(
            f' {name}="{_escaped(uri)}"'
            for name, uri in _declarations(self._namespaces)
            if not re.search(rb"\s" + name.encode() + rb"\s*=", own)
        )
        return b"".join((data[:name_end], missing.encode(), data[name_end:]))


_NAME = re.compile(rb"<[^\s/>]+")


def _declarations(namespaces: dict[str, str]) -> Iterator[tuple[str, str]]:
    for prefix, uri in namespaces.items():
        yield (f"xmlns:{prefix}" if prefix else "xmlns"), uri


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


_REASONS = {
    "NS_ERR_UNDEFINED_NAMESPACE": "it uses a namespace prefix that is not declared",
    "ERR_INVALID_CHAR": "it holds a character that XML does not allow",
    "ERR_INVALID_ENCODING": "it holds bytes that are not in the declared encoding",
    "ERR_UNDECLARED_ENTITY": "it uses an entity; entities are not allowed",
}


def _reason(error: etree.XMLSyntaxError) -> str:
    last = error.error_log.last_error
    name = last.type_name if last is not None else ""
    return _REASONS.get(name, "it is nested too deeply, too large, or not well-formed XML")
