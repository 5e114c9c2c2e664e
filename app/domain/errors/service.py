"""A service that cannot do now what is asked of it."""

from app.domain.errors import RegistryError


class ServiceBusy(RegistryError):
    """Nothing of the request was kept; it is safe to send it again after `retry_after` seconds."""

    slug = "service-busy"
    title = "The service is busy"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Nothing was kept. Send the request again in {retry_after} seconds.")
        self.retry_after = retry_after


class OutcomeUnknown(ServiceBusy):
    """The database went away amid a transaction: perhaps it was committed, perhaps not."""

    slug = "outcome-unknown"
    title = "It is not known whether the request was carried out"

    def __init__(self, *, retry_after: int) -> None:
        RegistryError.__init__(self, f"Send the request again in {retry_after} seconds.")
        self.retry_after = retry_after


class KeysMissing(ServiceBusy):
    """`reason` tells the operator; it names master keys, and holds none."""

    slug = "keys-missing"
    title = "The keys of what is stored are not all there"

    def __init__(self, reason: str, *, retry_after: int = 60) -> None:
        RegistryError.__init__(self, reason)
        self.retry_after = retry_after
