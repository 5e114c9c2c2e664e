"""Errors: requests that the registry refuses. No HTTP in them; `web` gives each its status."""


class RegistryError(Exception):
    """`slug` names the page that explains the error, `title` its kind; the text is the detail.

    The detail goes to the sender and into logs: no patient value, TIN, NPI or key belongs in it.
    """

    slug = "registry-error"
    title = "The registry refuses this request"


class BodyTooLarge(RegistryError):
    slug = "body-too-large"
    title = "The case file is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A case file has at most {limit} bytes here, uncompressed.")
        self.limit = limit


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
    title = "A case file does not come as this media type"


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


class NotAuthenticated(RegistryError):
    slug = "not-authenticated"
    title = "A valid API key is needed"


class NotPermitted(RegistryError):
    slug = "not-permitted"
    title = "The key does not allow this"


class PracticeUnknown(RegistryError):
    slug = "practice-unknown"
    title = "No such practice"


class SubmissionUnknown(RegistryError):
    slug = "submission-unknown"
    title = "No such submission"


class CaseUnknown(RegistryError):
    slug = "case-unknown"
    title = "No such case"


class SchemaVersionUnknown(RegistryError):
    slug = "schema-version-unknown"
    title = "No such version of the schema"


class MeasureUnknown(RegistryError):
    slug = "measure-unknown"
    title = "No such measure in this performance year"


class FindingCodeUnknown(RegistryError):
    slug = "finding-code-unknown"
    title = "No such finding code"


class FindingNotAcceptable(RegistryError):
    slug = "finding-not-acceptable"
    title = "A finding of this code cannot be accepted"


class TooManyAcceptances(RegistryError):
    slug = "too-many-accepted-findings"
    title = "The practice accepts as many findings as it can"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} accepted findings are in force at once.")
        self.limit = limit


class AcceptanceUnknown(RegistryError):
    slug = "acceptance-unknown"
    title = "No such accepted finding"


class ProblemUnknown(RegistryError):
    slug = "problem-unknown"
    title = "No such problem type"


class FileNotKept(RegistryError):
    """The bytes were received once, and are gone for good: those of a refused file are not kept."""

    slug = "file-not-kept"
    title = "The file as received is not kept"


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


class ServiceBusy(RegistryError):
    """Nothing of the request was kept; it is safe to send it again after `retry_after` seconds."""

    slug = "service-busy"
    title = "The service is busy"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Nothing was kept. Send the request again in {retry_after} seconds.")
        self.retry_after = retry_after
