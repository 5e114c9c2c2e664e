"""A phone without a mouse: what the keyboard comes to, and whether a page can be read on it."""

from pathlib import Path

from playwright.sync_api import Page

from tests.waiting import wait_for

_HERE = Path(__file__).parent
_FAINT_TEXTS = (_HERE / "faint_texts.js").read_text()
_NAMELESS_CONTROLS = (_HERE / "nameless_controls.js").read_text()
_TOO_WIDE = (_HERE / "too_wide.js").read_text()
PHONE = {"width": 360, "height": 740}


def tab_to(page: Page, text: str, *, of: str = "") -> None:
    """Press Tab until what has this text, or this id, has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate("[document.activeElement.innerText, document.activeElement.id]")
        if focus[1] == of if of else focus[0] == text:
            return
    raise AssertionError(f"the keyboard does not come to {text or of}")


def is_legible(page: Page) -> None:
    """On a phone; the page ends in the dark scheme."""
    is_readable(page)
    fits_the_window(page)


def is_readable(page: Page) -> None:
    """Every control has a name, every text contrast in both schemes."""
    assert page.evaluate(_NAMELESS_CONTROLS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(_FAINT_TEXTS) == [], scheme


def fits_the_window(page: Page) -> None:
    """Nothing widens the page, as soon as the charts have followed the width of the window."""

    def too_wide() -> object:
        return page.evaluate(_TOO_WIDE)

    wait_for(lambda: too_wide() == [], instead=too_wide)
