"""Pictures of pages, for whoever looks at what a change did to them."""

import os
from pathlib import Path

from playwright.sync_api import Page

VARIABLE = "NACOR_TEST_SCREENSHOTS"
"""The folder that pictures go to. Absent: none are taken."""


def keep_screenshot(page: Page, name: str) -> None:
    folder = os.environ.get(VARIABLE)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
