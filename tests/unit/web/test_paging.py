"""Lists in pages: the cursor goes round, and only its own list's one is taken."""

import pytest

from app.domain.errors.requests import BadCursor
from app.web.paging import Paging, decode_cursor, encode_cursor

NUMBERS = list(range(1, 8))


def page_after(cursor: str | None, limit: int) -> tuple[list[str], str | None]:
    asked = Paging(limit, cursor)
    after = asked.whole("after") or 0
    found = [each for each in NUMBERS if each > after][: asked.with_next]
    page = asked.page(found, show=str, key_of=lambda number: {"after": number})
    return page.items, page.next_cursor


@pytest.mark.parametrize("limit", [1, 3, 6, 7, 8])
def test_pages_hold_everything_once_and_end(limit: int) -> None:
    seen: list[str] = []
    items, cursor = page_after(None, limit)
    while True:
        assert 0 < len(items) <= limit
        seen += items
        if cursor is None:
            break
        items, cursor = page_after(cursor, limit)
    assert seen == [str(number) for number in NUMBERS]


def test_an_empty_list_is_one_empty_page() -> None:
    page = Paging(limit=3).page([], show=str, key_of=lambda number: {"after": number})
    assert (page.items, page.next_cursor) == ([], None)


def test_a_cursor_fits_into_an_address_as_it_is() -> None:
    cursor = encode_cursor({"after": "ÿ?>~~ and more", "id": 1})
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor) == {"after": "ÿ?>~~ and more", "id": 1}


@pytest.mark.parametrize(
    "cursor", ["", "x", "%%%", "ÿÿÿÿ", "W10", "bnVsbA", "eyJhIjox", "e" * 2_000, "W1tb" * 200]
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor)
