"""Requests that cannot be read, or not as they were meant."""

from app.domain.errors import RegistryError


class BodyTooLarge(RegistryError):
    slug = "body-too-large"
    title = "The case file is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A case file has at most {limit} bytes here, uncompressed.")
        self.limit = limit


class BodyTooSlow(RegistryError):
    slug = "body-too-slow"
    title = "The body of the request did not come in time"

    def __init__(self, *, most_seconds: float, silence_seconds: float) -> None:
        super().__init__(
            f"A body comes within {most_seconds:g} seconds here, and without a pause of more than"
            f" {silence_seconds:g}. Nothing of it was kept."
        )


class ImplausibleCompression(RegistryError):
    """A bomb: a few bytes that become very many. `limit` is that of BodyTooLarge."""

    slug = "implausible-compression"
    title = "The body grows further than a case file when it is uncompressed"

    def __init__(self, *, limit: int, growth: int) -> None:
        super().__init__(
            f"Uncompressed it is more than {growth} times as large. It was not read further."
        )
        self.limit = limit


class RequestTooLarge(RegistryError):
    """A body that is no case file."""

    slug = "request-too-large"
    title = "The body of the request is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body of this request has at most {limit} bytes.")
        self.limit = limit


class UnsupportedMediaType(RegistryError):
    slug = "unsupported-media-type"
    title = "The body does not come as this media type here"


class UnsupportedEncoding(RegistryError):
    slug = "unsupported-encoding"
    title = "The body is compressed in a way that is not read here"


class WrongForm(RegistryError):
    slug = "wrong-form"
    title = "The form is not one with a case file"


class BrokenBody(RegistryError):
    slug = "broken-body"
    title = "The body cannot be read to its end"


class InvalidRequest(RegistryError):
    slug = "invalid-request"
    title = "A part of the request is missing or not valid"


class BadCursor(RegistryError):
    slug = "bad-cursor"
    title = "The cursor is not one that this list gave"


class ChangedMeanwhile(RegistryError):
    slug = "changed-meanwhile"
    title = "It was changed since it was read"


class PreconditionMissing(RegistryError):
    slug = "precondition-missing"
    title = "The change must name the version that was seen"


class ProblemUnknown(RegistryError):
    slug = "problem-unknown"
    title = "No such problem type"


class IdempotencyConflict(RegistryError):
    slug = "idempotency-conflict"
    title = "The idempotency key was used for another request"


class TooManyRequests(RegistryError):
    """`limit` requests are allowed in a row; another one is after `retry_after` seconds."""

    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, *, limit: int, retry_after: int) -> None:
        super().__init__(f"Send the next request in {retry_after} seconds.")
        self.limit = limit
        self.retry_after = retry_after
