"""What axe-core has to say about a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")


def is_accessible(page: Page, *, but: str | None = None) -> None:
    """There is no fault that axe-core calls serious or critical; `but` is a rule left out."""
    options = {"resultTypes": ["violations"], "rules": {but: {"enabled": False}} if but else {}}
    faults = Axe().run(page, options=options).response["violations"]
    grave = [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in faults
        if fault["impact"] in _GRAVE
        for node in fault["nodes"]
    ]
    assert grave == [], page.url
