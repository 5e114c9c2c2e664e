"""What changed between the two years that a request names."""

from app.measures.catalogue.asked_measures import year_of
from app.measures.catalogue.catalogue import Catalogue
from app.measures.changes.comparing import changes_between
from app.measures.changes_wire import MeasureChanges


def measure_changes(catalogue: Catalogue, since: int, until: int) -> MeasureChanges:
    """Raises: MeasureUnknown for a year whose measures are not computed."""
    changes = changes_between(year_of(catalogue, since), year_of(catalogue, until))
    return MeasureChanges.of(since, until, changes)
