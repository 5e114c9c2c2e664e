"""The commands of `nacor registration`, `nacor consent` and `nacor agreement`."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

registration_app = typer.Typer(help="Who reports to CMS, and how.", no_args_is_help=True)
consent_app = typer.Typer(help="What clinicians have signed.", no_args_is_help=True)
agreement_app = typer.Typer(help="What practices have signed.", no_args_is_help=True)

PracticeId = Annotated[str, typer.Argument(metavar="PRACTICE", help="By its AQI id.")]
Year = Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2100)]
Day = Annotated[str, typer.Option(help="As 2024-02-01.")]


class AgreementWord(StrEnum):
    BUSINESS_ASSOCIATE = "business_associate"
    PARTICIPATION = "participation"


@registration_app.command("set")
def set_registration(
    practice: PracticeId,
    year: Year,
    path: Annotated[str, typer.Argument(help="JSON as of PUT over HTTP, or - for stdin.")],
) -> None:
    """Register a practice for a year, or change its registration."""
    from app.cli.reporting import set_registration as register

    register(practice, year, path)


@registration_app.command("list")
def list_registrations(year: Year) -> None:
    """Print who is registered and how many consents are missing, as CSV."""
    from app.cli.reporting import print_registrations

    print_registrations(year)


@consent_app.command("add")
def add_consent(
    practice: PracticeId,
    year: Year,
    npi: Annotated[str, typer.Option(help="Of a clinician of the roster.")],
    signer: Annotated[str, typer.Option(help="Who signed, as written.")],
    signed_on: Day,
    evidence: Annotated[str, typer.Option(help="Where the signed document is.")],
    late_reason: Annotated[
        str | None, typer.Option(help="After the deadline: why. Kept in the audit trail.")
    ] = None,
) -> None:
    """Record that a clinician has signed for a year."""
    from app.cli.reporting import add_consent as record

    record(
        practice,
        npi,
        year,
        signer=signer,
        signed_on=signed_on,
        evidence=evidence,
        late_reason=late_reason,
    )


@consent_app.command("withdraw")
def withdraw_consent(
    practice: PracticeId,
    consent_id: Annotated[UUID, typer.Argument(metavar="ID")],
    on: Day,
    reason: Annotated[str, typer.Option(help="Why; kept with the consent.")],
) -> None:
    """Let a consent hold no more; it is kept."""
    from app.cli.reporting import end_consent

    end_consent(practice, consent_id, on=on, reason=reason)


@consent_app.command("list")
def list_consents(practice: PracticeId, year: Year) -> None:
    """Print who works for a practice in a year and whether they have signed, as CSV."""
    from app.cli.reporting import print_consents

    print_consents(practice, year)


@agreement_app.command("add")
def add_agreement(
    practice: PracticeId,
    kind: AgreementWord,
    valid_from: Annotated[str, typer.Option("--from", help="The first day, as 2024-01-01.")],
    reference: Annotated[str, typer.Option(help="Where the signed document is.")],
    valid_until: Annotated[
        str | None, typer.Option("--until", help="The last day, if there is one.")
    ] = None,
) -> None:
    """Record an agreement of a practice with the registry."""
    from app.cli.reporting import add_agreement as record

    record(practice, kind, valid_from=valid_from, valid_until=valid_until, reference=reference)


@agreement_app.command("list")
def list_agreements(practice: PracticeId) -> None:
    """Print the agreements of a practice, each as a line of JSON."""
    from app.cli.reporting import print_agreements

    print_agreements(practice)
