"""How the registry stands as a whole, for whoever operates it."""

from app.domain.operations import Standing
from app.storage.unit_of_work import OpenWork


def read_standing(*, open_work: OpenWork) -> Standing:
    with open_work() as work:
        return work.operations.standing()
