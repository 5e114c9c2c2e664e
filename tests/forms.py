"""Pages of practices with forms whose fields are named as the API names them."""

from __future__ import annotations

from typing import Any

from httpx import Response
from lxml import html

from tests.people import Browser, fields_of
from tests.registry import PRACTICE

ROOT = f"/practices/{PRACTICE}"


def send(browser: Browser, page: Response, action: str, typed: dict[str, Any]) -> Response:
    """Fill in the form of `page` that goes to `action`; several values of a name as a list."""
    return browser.post(action, {**fields_of(page, action), **typed})


def said_beside(page: Response) -> dict[str, str]:
    """What is said to be wrong, by the name of the field that it stands beside."""
    wrong = html.fromstring(page.text).find_class("wrong")
    return {each.get("id").removesuffix("-wrong"): each.text_content() for each in wrong}


def rows_of(page: Response, caption: str) -> list[list[str]]:
    """The cells of the table of this caption, row by row."""
    tables = html.fromstring(page.text).xpath("//table")
    [table] = [each for each in tables if each.findtext("caption") == caption]
    rows = table.xpath("tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
