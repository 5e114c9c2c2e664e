"""Registrations for reporting, and what goes to CMS of the year that is over."""

from datetime import date

from app.demo.client import DemoClient
from app.domain.identifiers import PracticeId


def register_for_reporting(
    practice: PracticeId, years: tuple[int, ...], registry: DemoClient, *, signed_on: date
) -> None:
    """As a group, for those of the years that it is not registered for."""
    root = f"/v1/practices/{practice}/registrations"
    known = {each["performance_year"] for each in registry.get(root)["items"]}
    representative = {
        "name": "Quinn Example",
        "title": "Medical director",
        "signed_on": signed_on.isoformat(),
    }
    asked = {"option": "group_qcdr", "is_renewal": False, "representative": representative}
    for year in years:
        if year not in known:
            registry.put(f"{root}/{year}", asked)


def make_documents_for_cms(practice: PracticeId, year: int, registry: DemoClient) -> None:
    """Where there are none yet."""
    path = "/v1/cms-submissions"
    if not registry.get(path, practice_id=practice, performance_year=year)["items"]:
        registry.post(f"{path}?practice_id={practice}", {"performance_year": year})
