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


class UnsupportedMediaType(RegistryError):
    slug = "unsupported-media-type"
    title = "A case file does not come as this media type"


class UnsupportedEncoding(RegistryError):
    slug = "unsupported-encoding"
    title = "The body is compressed in a way that is not read here"


class BrokenBody(RegistryError):
    slug = "broken-body"
    title = "The body cannot be read to its end"
