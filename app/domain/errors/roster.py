"""Practices and their rosters."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.domain.errors import RegistryError


class PracticeUnknown(RegistryError):
    slug = "practice-unknown"
    title = "No such practice"


class RosterEntryUnknown(RegistryError):
    slug = "roster-entry-unknown"
    title = "No such entry in the roster"


class RosterConflict(RegistryError):
    """An entry cannot be, or not be, beside the others."""

    slug = "roster-conflict"
    title = "The roster cannot be like that"


class VirtualGroupUnconfirmed(RegistryError):
    slug = "virtual-group-unconfirmed"
    title = "The virtual group is not confirmed"


class ProviderListLocked(RegistryError):
    """`opens_on` is the first day on which it can be changed; None: nobody has said when."""

    slug = "provider-list-locked"
    title = "The provider list is locked"

    def __init__(self, performance_year: int, *, opens_on: date | None) -> None:
        when = f"on {opens_on}" if opens_on else "when the registry unlocks it"
        super().__init__(f"The provider list of {performance_year} opens again {when}.")
        self.performance_year = performance_year
        self.opens_on = opens_on


class ProviderListRejected(RegistryError):
    """`findings` say what is wrong, line by line, without a value."""

    slug = "provider-list-rejected"
    title = "The provider list has errors"

    def __init__(self, findings: Sequence[Mapping[str, object]]) -> None:
        super().__init__(f"{len(findings)} findings. Nothing of the file was taken over.")
        self.findings = list(findings)


class AgreementsMissing(RegistryError):
    """`missing` are the kinds of agreements of which none is in force today."""

    slug = "agreements-missing"
    title = "The practice has no agreements in force"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("No data is taken in before the agreements are in force.")
        self.missing = list(missing)
