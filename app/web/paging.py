"""Lists in pages: `?limit=` and an opaque `?cursor=`, answered with `items` and `next_cursor`."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from app.domain.errors.requests import BadCursor

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
_LONGEST_CURSOR: Final = 1_000

T = TypeVar("T")
D = TypeVar("D")
Key = dict[str, Any]

Limit = Annotated[
    int, Query(ge=1, le=MAX_LIMIT, description="How many items a page holds at most.")
]
Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before; absent for the first page.")
]


class Page(BaseModel, Generic[T]):
    """`next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """The page of a list that is asked for: `limit` items, from where `cursor` says."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    @property
    def with_next(self) -> int:
        """How many a query is to find: one more than is shown tells that a page follows."""
        return self.limit + 1

    def uuid(self, name: str) -> UUID | None:
        """The id to go on from. Raises: BadCursor."""
        return decode_uuid(self.cursor, name)

    def text(self, name: str) -> str | None:
        """The text to go on from. Raises: BadCursor."""
        return decode_text(self.cursor, name)

    def whole(self, name: str) -> int | None:
        """The number to go on from. Raises: BadCursor."""
        return decode_whole(self.cursor, name)

    def page(
        self, found: Sequence[D], *, show: Callable[[D], T], key_of: Callable[[D], Key]
    ) -> Page[T]:
        """As an answer of the interface; `found` and `key_of` are those of `cut`."""
        shown, next_cursor = self.cut(found, key_of=key_of)
        return Page(items=[show(each) for each in shown], next_cursor=next_cursor)

    def cut(
        self, found: Sequence[D], *, key_of: Callable[[D], Key]
    ) -> tuple[Sequence[D], str | None]:
        """The first `limit` of `found`, and the cursor of the next page.

        `key_of` gives what a query goes on from behind an item.
        """
        shown = found[: self.limit]
        return shown, encode_cursor(key_of(shown[-1])) if len(found) > self.limit else None


def _paging(limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Paging:
    return Paging(limit, cursor)


Paged = Annotated[Paging, Depends(_paging)]


def encode_cursor(key: Key) -> str:
    text = json.dumps(key, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> Key | None:
    """Return what `encode_cursor` was given; its values come from outside and are to be parsed.

    Raises: BadCursor.
    """
    if cursor is None:
        return None
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor("Take it from `next_cursor` as it is, or leave it out.") from None
    if not isinstance(key, dict):
        raise BadCursor("Take it from `next_cursor` as it is, or leave it out.")
    return key


def decode_uuid(cursor: str | None, name: str) -> UUID | None:
    """The id that `name` stands for in the cursor. Raises: BadCursor."""
    key = decode_cursor(cursor)
    if key is None:
        return None
    try:
        return UUID(str(key[name]))
    except (KeyError, ValueError):
        raise BadCursor("This cursor belongs to another list.") from None


def decode_text(cursor: str | None, name: str) -> str | None:
    """The text that `name` stands for in the cursor. Raises: BadCursor."""
    key = decode_cursor(cursor)
    if key is None:
        return None
    text = key.get(name)
    if not isinstance(text, str) or not is_storable(text):
        raise BadCursor("This cursor belongs to another list.")
    return text


def is_storable(text: str) -> bool:
    """PostgreSQL takes no NUL, and no half of a surrogate pair, which JSON can write.

    Nothing in our cursors is unprintable.
    """
    return text.isprintable()


def decode_whole(cursor: str | None, name: str) -> int | None:
    """The number that `name` stands for in the cursor. Raises: BadCursor."""
    key = decode_cursor(cursor)
    if key is None:
        return None
    number = key.get(name)
    if not isinstance(number, int) or isinstance(number, bool):
        raise BadCursor("This cursor belongs to another list.")
    return number
