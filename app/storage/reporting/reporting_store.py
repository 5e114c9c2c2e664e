"""Registrations of practices and consents of clinicians, by performance year."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, select, union, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.identifiers import Npi, PracticeId
from app.domain.reporting import (
    Consent,
    ConsentState,
    LowVolume,
    Registration,
    ReportingOption,
    Representative,
    Withdrawal,
)
from app.storage.tables.reporting import consents, registrations

# Put together once: every answer about results asks it.
_OF_A_YEAR: Final = select(registrations).where(
    registrations.c.practice_id == bindparam("practice"),
    registrations.c.performance_year == bindparam("year"),
)


class ReportingStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def registration(self, practice: PracticeId, performance_year: int) -> Registration | None:
        asked = {"practice": practice, "year": performance_year}
        row = self._connection.execute(_OF_A_YEAR, asked).first()
        return None if row is None else _registration(row)

    def registrations(self, practice: PracticeId) -> list[Registration]:
        """The newest year first."""
        rows = self._connection.execute(
            select(registrations)
            .where(registrations.c.practice_id == practice)
            .order_by(registrations.c.performance_year.desc())
        )
        return [_registration(row) for row in rows]

    def save(self, registration: Registration) -> None:
        """Let it take the place of the one of before, if there is one."""
        values = _values(registration)
        self._connection.execute(
            insert(registrations)
            .values(**values)
            .on_conflict_do_update(index_elements=["practice_id", "performance_year"], set_=values)
        )

    def practices_with_papers(self, *, until: int) -> list[PracticeId]:
        """Those with a registration or a consent of the year `until` or of one before."""
        found = union(
            *(
                select(table.c.practice_id).where(table.c.performance_year <= until)
                for table in (registrations, consents)
            )
        )
        return sorted(PracticeId(row.practice_id) for row in self._connection.execute(found))

    def remove_registration(self, practice: PracticeId, performance_year: int) -> None:
        self._connection.execute(
            delete(registrations).where(
                registrations.c.practice_id == practice,
                registrations.c.performance_year == performance_year,
            )
        )

    def remove_consents(self, practice: PracticeId, ids: Collection[UUID]) -> None:
        self._connection.execute(
            delete(consents).where(consents.c.practice_id == practice, consents.c.id.in_(ids))
        )

    def consent(self, practice: PracticeId, consent_id: UUID) -> Consent | None:
        row = self._connection.execute(
            select(consents).where(consents.c.practice_id == practice, consents.c.id == consent_id)
        ).first()
        return None if row is None else _consent(row)

    def consents(
        self,
        practice: PracticeId,
        *,
        performance_year: int | None = None,
        clinician_id: UUID | None = None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[Consent]:
        """In the order in which they were recorded, withdrawn ones too."""
        asked = [consents.c.practice_id == practice]
        if performance_year is not None:
            asked.append(consents.c.performance_year == performance_year)
        if clinician_id is not None:
            asked.append(consents.c.clinician_id == clinician_id)
        if after is not None:
            asked.append(consents.c.id > after)
        rows = self._connection.execute(
            select(consents).where(*asked).order_by(consents.c.id).limit(limit)
        )
        return [_consent(row) for row in rows]

    def consent_states(
        self, practice: PracticeId, performance_year: int
    ) -> dict[Npi, ConsentState]:
        """Of several of one clinician the newest counts, which is the last."""
        rows = self._connection.execute(
            select(consents.c.npi, consents.c.withdrawn_on)
            .where(
                consents.c.practice_id == practice,
                consents.c.performance_year == performance_year,
            )
            .order_by(consents.c.id)
        )
        return {
            Npi(npi): ConsentState.SIGNED if withdrawn_on is None else ConsentState.WITHDRAWN
            for npi, withdrawn_on in rows
        }

    def add_consent(self, consent: Consent) -> None:
        self._connection.execute(
            insert(consents).values(
                practice_id=consent.practice_id,
                id=consent.id,
                performance_year=consent.performance_year,
                clinician_id=consent.clinician_id,
                npi=consent.npi,
                signer=consent.signer,
                signed_on=consent.signed_on,
                evidence=consent.evidence,
                recorded_at=consent.recorded_at,
            )
        )

    def withdraw_consent(self, consent: Consent, withdrawal: Withdrawal) -> None:
        self._connection.execute(
            update(consents)
            .where(consents.c.practice_id == consent.practice_id, consents.c.id == consent.id)
            .values(withdrawn_on=withdrawal.on, withdrawal_reason=withdrawal.reason)
        )


def _values(registration: Registration) -> dict[str, Any]:
    volume = registration.low_volume
    return {
        "practice_id": registration.practice_id,
        "performance_year": registration.performance_year,
        "version": registration.version,
        "option": registration.option.value,
        "is_renewal": registration.is_renewal,
        "representative_name": registration.representative.name,
        "representative_title": registration.representative.title,
        "signed_on": registration.representative.signed_on,
        "registered_at": registration.registered_at,
        "mvp": registration.mvp,
        "subgroup_ids": list(registration.subgroup_ids),
        "cms_registration_acknowledged": registration.cms_registration_acknowledged,
        "virtual_group_id": registration.virtual_group_id,
        "over_90000_usd": volume and volume.over_90000_usd,
        "over_200_patients": volume and volume.over_200_patients,
        "over_200_services": volume and volume.over_200_services,
        "opts_in": registration.opts_in,
        "withdrawn_on": registration.withdrawn_on,
    }


def _registration(row: Row[Any]) -> Registration:
    return Registration(
        practice_id=PracticeId(row.practice_id),
        performance_year=row.performance_year,
        version=row.version,
        option=ReportingOption(row.option),
        is_renewal=row.is_renewal,
        representative=Representative(
            name=row.representative_name, title=row.representative_title, signed_on=row.signed_on
        ),
        registered_at=row.registered_at,
        mvp=row.mvp,
        subgroup_ids=tuple(row.subgroup_ids),
        cms_registration_acknowledged=row.cms_registration_acknowledged,
        virtual_group_id=row.virtual_group_id,
        low_volume=_low_volume(row),
        opts_in=row.opts_in,
        withdrawn_on=row.withdrawn_on,
    )


def _low_volume(row: Row[Any]) -> LowVolume | None:
    if row.over_90000_usd is None:
        return None
    return LowVolume(
        over_90000_usd=row.over_90000_usd,
        over_200_patients=row.over_200_patients,
        over_200_services=row.over_200_services,
    )


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        practice_id=PracticeId(row.practice_id),
        id=row.id,
        performance_year=row.performance_year,
        clinician_id=row.clinician_id,
        npi=Npi(row.npi),
        signer=row.signer,
        signed_on=row.signed_on,
        evidence=row.evidence,
        recorded_at=row.recorded_at,
        withdrawal=None
        if row.withdrawn_on is None
        else Withdrawal(on=row.withdrawn_on, reason=row.withdrawal_reason),
    )
