"""`nacor registration`, `nacor consent` and `nacor agreement`: what they do."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

import typer
import uuid_utils.compat as uuids

from app.access.exporting import ExportedList, record_export
from app.access.operators import operator
from app.cli.databases import open_newest_database
from app.cli.outcome import UNREADABLE
from app.cli.request_files import read_request
from app.domain.days import today
from app.domain.errors.requests import InvalidRequest
from app.domain.identifiers import Npi, PracticeId, parse_npi, parse_practice_id
from app.domain.reporting import Withdrawal
from app.domain.roster import Agreement, AgreementKind, Clinician
from app.reporting.consent_service import (
    NewConsent,
    list_clinicians,
    record_consent,
    withdraw_consent,
)
from app.reporting.consent_wire import ClinicianConsentOut, ConsentOut
from app.reporting.csv_lists import csv_of
from app.reporting.registration_service import (
    Registrar,
    list_practices,
    list_registrations,
    register,
)
from app.reporting.registration_wire import (
    PracticeRegistrationOut,
    RegistrationOut,
    RegistrationRequest,
)
from app.roster.entry_service import Entries
from app.roster.entry_wire import AgreementOut
from app.storage.unit_of_work import OpenWork

T = TypeVar("T")


def set_registration(practice: str, performance_year: int, path: str) -> None:
    """Register a practice as the JSON of `PUT .../registrations/{performance_year}` says."""
    chosen, asked = _parsed(practice, parse_practice_id), read_request(path, RegistrationRequest)
    with open_newest_database() as open_work:
        known = list_registrations(chosen, open_work=open_work)
        versions = {each.performance_year: each.version for each in known}
        made = register(
            chosen,
            performance_year,
            _registrar(asked.late_reason),
            seen=versions.get(performance_year),
            make=lambda version: asked.as_registration(
                chosen, performance_year, version, at=datetime.now(UTC)
            ),
            day=today(),
            open_work=open_work,
        )
    typer.echo(RegistrationOut.of(made).model_dump_json())


def print_registrations(performance_year: int) -> None:
    with open_newest_database() as open_work:
        record_export(
            ExportedList.REGISTRATIONS,
            None,
            operator(),
            year=performance_year,
            open_work=open_work,
        )
        found = list_practices(performance_year, within=None, open_work=open_work)
    rows = map(PracticeRegistrationOut.of, found)
    sys.stdout.buffer.write(csv_of(PracticeRegistrationOut, rows))


def print_consents(practice: str, performance_year: int) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with open_newest_database() as open_work:
        record_export(
            ExportedList.CONSENTS,
            chosen,
            operator(),
            year=performance_year,
            open_work=open_work,
        )
        found = list_clinicians(chosen, performance_year, open_work=open_work)
    rows = map(ClinicianConsentOut.of, found)
    sys.stdout.buffer.write(csv_of(ClinicianConsentOut, rows))


def add_consent(
    practice: str,
    npi: str,
    performance_year: int,
    *,
    signer: str,
    signed_on: str,
    evidence: str,
    late_reason: str | None,
) -> None:
    chosen, clinician = _parsed(practice, parse_practice_id), _parsed(npi, parse_npi)
    signature = _parsed(signed_on, date.fromisoformat)
    with open_newest_database() as open_work:
        new = NewConsent(
            practice_id=chosen,
            performance_year=performance_year,
            clinician_id=_clinician_id(chosen, clinician, open_work),
            signer=signer,
            signed_on=signature,
            evidence=evidence,
        )
        made = record_consent(new, _registrar(late_reason), day=today(), open_work=open_work)
    typer.echo(ConsentOut.of(made).model_dump_json())


def end_consent(practice: str, consent_id: UUID, *, on: str, reason: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    withdrawal = Withdrawal(on=_parsed(on, date.fromisoformat), reason=reason)
    with open_newest_database() as open_work:
        ended = withdraw_consent(
            chosen, consent_id, withdrawal, _registrar(None), day=today(), open_work=open_work
        )
    typer.echo(ConsentOut.of(ended).model_dump_json())


def add_agreement(
    practice: str, kind: str, *, valid_from: str, valid_until: str | None, reference: str
) -> None:
    chosen = _parsed(practice, parse_practice_id)
    agreement = Agreement(
        practice_id=chosen,
        id=uuids.uuid7(),
        kind=AgreementKind(kind),
        valid_from=_parsed(valid_from, date.fromisoformat),
        valid_until=None if valid_until is None else _parsed(valid_until, date.fromisoformat),
        reference=reference,
    )
    with open_newest_database() as open_work:
        added, _ = _entries(chosen, open_work).add(agreement)
    typer.echo(AgreementOut.model_validate(added).model_dump_json())


def print_agreements(practice: str) -> None:
    chosen = _parsed(practice, parse_practice_id)
    with open_newest_database() as open_work:
        found = _entries(chosen, open_work).page(Agreement, after=None, limit=None)
    for agreement in found:
        typer.echo(AgreementOut.model_validate(agreement).model_dump_json())


def _entries(practice: PracticeId, open_work: OpenWork) -> Entries:
    return Entries(practice=practice, actor=operator(), day=today(), open_work=open_work)


def _registrar(late_reason: str | None) -> Registrar:
    return Registrar(actor=operator(), is_staff=True, late_reason=late_reason)


def _clinician_id(practice: PracticeId, npi: Npi, open_work: OpenWork) -> UUID:
    with open_work() as work:
        known = work.roster.all(Clinician, practice, npi=npi)
    if not known:
        raise InvalidRequest("npi: the practice has no clinician of it.")
    return known[0].id


def _parsed(text: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        typer.echo(f"nacor: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
