"""What decides whether results of a practice may be sent, read at once for a year."""

from app.domain.identifiers import PracticeId, Tin
from app.domain.reporting import Consent, ConsentState, Registration
from app.domain.roster import VirtualGroup
from app.reporting.submittability import Standing
from app.storage.unit_of_work import UnitOfWork


def read_standing(practice: PracticeId, performance_year: int, work: UnitOfWork) -> Standing:
    registration = work.reporting.registration(practice, performance_year)
    if registration is None:
        return Standing(registration=None)
    consents = work.reporting.consents(practice, performance_year=performance_year)
    return Standing(
        registration=registration,
        virtual_tins=_virtual_tins(registration, work),
        consents={consent.npi: _state_of(consent) for consent in consents},
    )


def _virtual_tins(registration: Registration, work: UnitOfWork) -> frozenset[Tin]:
    if registration.virtual_group_id is None:
        return frozenset()
    group = work.roster.get(VirtualGroup, registration.practice_id, registration.virtual_group_id)
    if group is None or group.confirmed_at is None:
        return frozenset()
    return frozenset(group.tins)


def _state_of(consent: Consent) -> ConsentState:
    """Of several of one clinician the newest counts, which is the last."""
    return ConsentState.SIGNED if consent.withdrawal is None else ConsentState.WITHDRAWN
