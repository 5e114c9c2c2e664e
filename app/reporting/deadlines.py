"""Whether something still comes in time."""

from datetime import date

from app.domain.errors.reporting import RegistrationClosed
from app.domain.errors.requests import InvalidRequest


def require_in_time(
    what: str, until: date | None, *, day: date, is_staff: bool, late_reason: str | None
) -> None:
    """After the last day only staff go on, with a reason; without a known one everybody does.

    Raises: RegistrationClosed, InvalidRequest.
    """
    if until is None or day <= until:
        return
    if not is_staff:
        raise RegistrationClosed(what, until=until)
    if late_reason is None:
        raise InvalidRequest(f"late_reason: the deadline was {until}; say why it is done later.")
