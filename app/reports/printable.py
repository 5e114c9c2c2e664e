"""How text that others wrote is shown: nothing in it can steer a terminal or turn text around."""

from typing import Final

_PICTURES: Final[dict[int, int | str]] = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    ord("\t"): "    ",
}


def printable(text: str) -> str:
    """Return `text` with a sign for every character that does not print.

    Control characters of ASCII have pictures of their own in Unicode; all others, as the marks of
    direction and spaces that look like the one of the space bar, become a replacement character.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text.translate(_PICTURES)
    )
