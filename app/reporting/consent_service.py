"""Consents of clinicians: recorded, withdrawn, listed. None is removed here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from app.domain.audit import AuditAction
from app.domain.errors.reporting import ConsentInForce, ConsentUnknown
from app.domain.errors.requests import InvalidRequest
from app.domain.errors.roster import PracticeUnknown
from app.domain.identifiers import PracticeId
from app.domain.reporting import ClinicianConsent, Consent, Withdrawal
from app.domain.roster import Clinician
from app.reporting.deadlines import require_in_time
from app.reporting.registration_service import Registrar
from app.reporting.reporting_years import deadlines_of
from app.storage.unit_of_work import OpenWork, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    practice_id: PracticeId
    performance_year: int
    clinician_id: UUID
    signer: str
    signed_on: date
    evidence: str


def record_consent(new: NewConsent, by: Registrar, *, day: date, open_work: OpenWork) -> Consent:
    """Raises: PracticeUnknown, InvalidRequest, RegistrationClosed, ConsentInForce."""
    [consent] = record_consents([new], by, day=day, open_work=open_work)
    return consent


def record_consents(
    news: Sequence[NewConsent], by: Registrar, *, day: date, open_work: OpenWork
) -> list[Consent]:
    """All of them or none. Raises: the same."""
    with open_work() as work:
        consents = [record_within(new, by, day=day, work=work) for new in news]
        work.commit()
    return consents


def record_within(new: NewConsent, by: Registrar, *, day: date, work: UnitOfWork) -> Consent:
    """As `record_consent`, in the transaction of `work`."""
    if not work.practices.exists(new.practice_id):
        raise PracticeUnknown("No practice of this id is registered.")
    work.roster.lock(new.practice_id)
    consent = _made_from(new, day, work)
    require_in_time(
        "Handing in a consent",
        deadlines_of(new.performance_year).consent_until,
        day=day,
        is_staff=by.is_staff,
        late_reason=by.late_reason,
    )
    _require_none_in_force(consent, work)
    work.reporting.add_consent(consent)
    _record(AuditAction.CONSENT_RECORDED, consent, by, work, reason=by.late_reason)
    return consent


def withdraw_consent(
    practice: PracticeId,
    consent_id: UUID,
    withdrawal: Withdrawal,
    by: Registrar,
    *,
    day: date,
    open_work: OpenWork,
) -> Consent:
    """Let it hold no more. One that was withdrawn before stays as it was.

    Raises: ConsentUnknown, InvalidRequest.
    """
    with open_work() as work:
        work.roster.lock(practice)
        consent = _found(practice, consent_id, work)
        if consent.withdrawal is not None:
            return consent
        if withdrawal.on > day or withdrawal.on < consent.signed_on:
            raise InvalidRequest("withdrawn_on: it lies between the signature and today.")
        work.reporting.withdraw_consent(consent, withdrawal)
        _record(AuditAction.CONSENT_WITHDRAWN, consent, by, work, reason=withdrawal.reason)
        work.commit()
    return replace(consent, withdrawal=withdrawal)


def read_consent(practice: PracticeId, consent_id: UUID, *, open_work: OpenWork) -> Consent:
    """Raises: ConsentUnknown."""
    with open_work() as work:
        return _found(practice, consent_id, work)


def list_consents(
    practice: PracticeId,
    *,
    performance_year: int | None,
    after: UUID | None,
    limit: int | None,
    open_work: OpenWork,
) -> list[Consent]:
    """In the order in which they were recorded, withdrawn ones too."""
    with open_work() as work:
        return work.reporting.consents(
            practice, performance_year=performance_year, after=after, limit=limit
        )


def list_clinicians(
    practice: PracticeId,
    performance_year: int,
    *,
    after: UUID | None = None,
    limit: int | None = None,
    open_work: OpenWork,
) -> list[ClinicianConsent]:
    """Who works for the practice in the year, and whether they have signed."""
    with open_work() as work:
        return work.reporting_lists.clinicians(practice, performance_year, after=after, limit=limit)


def _made_from(new: NewConsent, day: date, work: UnitOfWork) -> Consent:
    clinician = work.roster.get(Clinician, new.practice_id, new.clinician_id)
    if clinician is None:
        raise InvalidRequest("clinician_id: the practice has no clinician of this id.")
    if new.signed_on > day:
        raise InvalidRequest("signed_on: it lies in the future.")
    return Consent(
        practice_id=new.practice_id,
        id=uuids.uuid7(),
        performance_year=new.performance_year,
        clinician_id=clinician.id,
        npi=clinician.npi,
        signer=new.signer,
        signed_on=new.signed_on,
        evidence=new.evidence,
        recorded_at=datetime.now(UTC),
    )


def _require_none_in_force(consent: Consent, work: UnitOfWork) -> None:
    of_clinician = work.reporting.consents(
        consent.practice_id,
        performance_year=consent.performance_year,
        clinician_id=consent.clinician_id,
    )
    if any(each.withdrawal is None for each in of_clinician):
        raise ConsentInForce("Withdraw the one that is in force first, if it is wrong.")


def _record(
    done: AuditAction, consent: Consent, by: Registrar, work: UnitOfWork, *, reason: str | None
) -> None:
    work.audit.record(
        by.actor,
        done,
        practice=consent.practice_id,
        about=("consent", consent.id),
        reason=reason,
        clinician=consent.clinician_id,
        performance_year=consent.performance_year,
    )


def _found(practice: PracticeId, consent_id: UUID, work: UnitOfWork) -> Consent:
    consent = work.reporting.consent(practice, consent_id)
    if consent is None:
        raise ConsentUnknown("The practice has no consent of this id.")
    return consent
