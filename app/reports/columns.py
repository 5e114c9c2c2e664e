"""How wide text is in a font of one width."""

import unicodedata


def columns(text: str) -> int:
    """Some characters take two columns, and marks on a letter none."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
