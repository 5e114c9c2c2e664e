"""A clinician's own consent: they sign it and take it back themselves, signed in with their NPI."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors.reporting import ConsentUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import Npi, PracticeId
from app.domain.reporting import Consent, ConsentState, Withdrawal
from app.domain.roster import Clinician
from app.reporting.consent_service import NewConsent, record_within, withdraw_consent
from app.reporting.registration_service import Registrar
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class OwnConsent:
    """`clinician` None: the practice has none of this NPI. `consent`: their newest of the year."""

    clinician: Clinician | None
    consent: Consent | None

    @property
    def state(self) -> ConsentState:
        if self.consent is None:
            return ConsentState.MISSING
        return ConsentState.SIGNED if self.consent.withdrawal is None else ConsentState.WITHDRAWN


def read_own_consent(
    practice: PracticeId, npi: Npi | None, performance_year: int, *, open_work: OpenWork
) -> OwnConsent:
    with open_work() as work:
        clinician = _clinician(practice, npi, work)
        if clinician is None:
            return OwnConsent(clinician=None, consent=None)
        signed = work.reporting.consents(
            practice, performance_year=performance_year, clinician_id=clinician.id
        )
    return OwnConsent(clinician=clinician, consent=signed[-1] if signed else None)


def sign_own_consent(
    practice: PracticeId,
    npi: Npi | None,
    performance_year: int,
    by: Registrar,
    *,
    day: date,
    open_work: OpenWork,
) -> Consent:
    """Raises: InvalidRequest, RegistrationClosed, ConsentInForce."""
    with open_work() as work:
        clinician = _clinician(practice, npi, work)
        if clinician is None:
            raise InvalidRequest("The provider list of the practice has nobody of your NPI.")
        signed = NewConsent(
            practice_id=practice,
            performance_year=performance_year,
            clinician_id=clinician.id,
            signer=clinician.name or by.actor.label or "the clinician",
            signed_on=day,
            evidence=f"signed here by the clinician, user {by.actor.user_id}",
        )
        consent = record_within(signed, by, day=day, work=work)
        work.commit()
    return consent


def withdraw_own_consent(
    practice: PracticeId,
    npi: Npi | None,
    performance_year: int,
    by: Registrar,
    *,
    day: date,
    open_work: OpenWork,
) -> Consent:
    """Let the newest one hold no more, from `day` on; one that was withdrawn before stays so.

    Raises: ConsentUnknown.
    """
    own = read_own_consent(practice, npi, performance_year, open_work=open_work)
    if own.consent is None:
        raise ConsentUnknown("You have signed no consent for this year.")
    withdrawal = Withdrawal(
        on=day, reason=f"withdrawn here by the clinician, user {by.actor.user_id}"
    )
    return withdraw_consent(practice, own.consent.id, withdrawal, by, day=day, open_work=open_work)


def _clinician(practice: PracticeId, npi: Npi | None, work: UnitOfWork) -> Clinician | None:
    if npi is None:
        return None
    found = work.roster.all(Clinician, practice, npi=npi)
    return found[0] if found else None
