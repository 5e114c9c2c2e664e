"""Registration for reporting, and consents."""

from datetime import date

from app.domain.errors import RegistryError


class RegistrationUnknown(RegistryError):
    slug = "registration-unknown"
    title = "The practice is not registered for this year"


class RegistrationClosed(RegistryError):
    """`until` was the last day."""

    slug = "registration-closed"
    title = "The deadline has passed"

    def __init__(self, what: str, *, until: date) -> None:
        super().__init__(f"{what} was possible until {until}. The staff of the registry may help.")
        self.until = until


class ConsentUnknown(RegistryError):
    slug = "consent-unknown"
    title = "No such consent"


class ConsentInForce(RegistryError):
    slug = "consent-in-force"
    title = "The clinician has signed for this year already"
