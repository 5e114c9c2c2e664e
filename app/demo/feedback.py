"""The feedback reports of the newest quarter that is over, as a worker makes them."""

from datetime import date
from typing import Final

from app.access.operators import operator
from app.feedback.quarterly import QuarterlyReports
from app.measures.catalogue.catalogue import Catalogue
from app.storage.unit_of_work import OpenWork

_DAYS: Final = 1


def make_feedback_reports(*, today: date, catalogue: Catalogue, open_work: OpenWork) -> int:
    """Return how many were made; those that were there before are not made again."""
    quarterly = QuarterlyReports(
        open_work=open_work,
        catalogue=catalogue,
        is_on=True,
        days=_DAYS,
        reminds=False,
        day=lambda: today,
    )
    return quarterly.make_due(operator())
