"""What may stand anywhere in a case file without a meaning: XML calls it Misc.

White space, comments and processing instructions; in the content of the root blank CDATA sections
and white space that is written as a reference, too.
"""

import re
from typing import Final

from lxml import etree

from app.xsd.parsing import XML_SPACE, new_parser
from app.xsd.window import Searches, Window

_COMMENT: Final = b"<!--"
CDATA: Final = b"<![CDATA["
SECTION_ENDS: Final = {_COMMENT: b"-->", CDATA: b"]]>", b"<?": b"?>"}
"""How comments, CDATA sections and processing instructions end, by how they begin."""

_LONGEST_REFERENCE: Final = 256
_SPACE = re.compile(rb"[ \t\r\n]*")
_SPACE_REFERENCE = re.compile(rb"&#(?:0*(?:9|10|13|32)|x0*(?:9|[aA]|[dD]|20));")
# Python before 3.11.5 goes wrong where a possessive group may go back within: only classes are.
_PLAIN_COMMENT = re.compile(rb"<!--[\t\r\n -,.-~]*+(?:-[\t\r\n -,.-~]++)*-->")
_PLAIN_MISC = re.compile(rb"(?:[ \t\r\n]++|" + _PLAIN_COMMENT.pattern + rb")*")


class Misc:
    """Finds it where `window` stands, and steps over it."""

    def __init__(self, window: Window, searches: Searches) -> None:
        self._window = window
        self._searches = searches
        self._exact_parser = new_parser(keep_blanks=True)

    def skip(self, *, in_content: bool) -> None:
        """Step over all of it; `in_content` of the root, white space in disguise too."""
        while True:
            self._skip_plain_misc()
            size = self.size(in_content=in_content)
            if not size:
                return
            self._window.take(size)

    def _skip_plain_misc(self) -> None:
        """Step over what is plain to see, a thousand comments at a time if there are so many."""
        window = self._window
        while True:
            plain = _PLAIN_MISC.match(window.data, window.pos)
            assert plain is not None
            window.take(plain.end() - window.pos)
            if window.held() or not window.fill():
                return

    def skip_space(self) -> None:
        window = self._window
        while True:
            space = _SPACE.match(window.data, window.pos)
            assert space is not None
            window.take(space.end() - window.pos)
            if window.held() or not window.fill():
                return

    def size(self, *, in_content: bool) -> int:
        """Bytes of the well-formed comment, instruction or disguised white space at hand, or 0."""
        opener = self.opener()
        if opener and (opener != CDATA or in_content):
            return self._size_of_blank_section(opener)
        return self._size_of_space_reference() if in_content else 0

    def _size_of_space_reference(self) -> int:
        window = self._window
        window.require(_LONGEST_REFERENCE)
        reference = _SPACE_REFERENCE.match(window.data, window.pos)
        return len(reference.group()) if reference else 0

    def opener(self) -> bytes | None:
        """How the comment, CDATA section or instruction at hand begins, if one does."""
        window = self._window
        window.require(len(CDATA))
        if not window.data.startswith((b"<!", b"<?"), window.pos):
            return None
        return next((o for o in SECTION_ENDS if window.data.startswith(o, window.pos)), None)

    def _size_of_blank_section(self, opener: bytes) -> int:
        size = self.size_of_section(opener)
        if not size:
            return 0
        markup = self._window.peek(size)
        if _PLAIN_COMMENT.fullmatch(markup):
            return size
        if opener == _COMMENT and b"--" in markup[len(_COMMENT) : -len(b"-->")]:
            return 0
        try:
            element = etree.fromstring(b"<x>" + markup + b"</x>", self._exact_parser)
        except etree.XMLSyntaxError:
            return 0
        is_blank = opener != CDATA or not (element.text or "").encode().strip(XML_SPACE)
        return size if is_blank else 0

    def size_of_section(self, opener: bytes) -> int:
        """Bytes of the section at hand, or 0 when it has no end.

        A comment may not hold a comment: when the next one begins first, the end is not its own.
        """
        window = self._window
        end = SECTION_ENDS[opener]
        found = self._searches.find(end, start=len(opener))
        if found < 0:
            return 0
        inside = window.pos + len(opener), window.pos + found
        if opener == _COMMENT and window.data.find(_COMMENT, *inside) >= 0:
            return 0
        return found + len(end)
