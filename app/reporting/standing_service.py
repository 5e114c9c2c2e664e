"""What decides whether results of a practice may be sent, read at once for a year."""

from app.domain.identifiers import Npi, PracticeId, Tin
from app.domain.reporting import ConsentState, Registration
from app.domain.roster import VirtualGroup
from app.reporting.submittability import Standing
from app.storage.unit_of_work import UnitOfWork


def read_standing(practice: PracticeId, performance_year: int, work: UnitOfWork) -> Standing:
    registration = work.reporting.registration(practice, performance_year)
    if registration is None:
        return Standing(registration=None)
    return Standing(
        registration=registration,
        virtual_tins=_virtual_tins(registration, work),
        consents=_consents(registration, work),
    )


def _consents(registration: Registration, work: UnitOfWork) -> dict[Npi, ConsentState]:
    """Nobody's are asked for where the practice reports as a group."""
    if not registration.option.is_individual:
        return {}
    return work.reporting.consent_states(registration.practice_id, registration.performance_year)


def _virtual_tins(registration: Registration, work: UnitOfWork) -> frozenset[Tin]:
    if registration.virtual_group_id is None:
        return frozenset()
    group = work.roster.get(VirtualGroup, registration.practice_id, registration.virtual_group_id)
    if group is None or group.confirmed_at is None:
        return frozenset()
    return frozenset(group.tins)
