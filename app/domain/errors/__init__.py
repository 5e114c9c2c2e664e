"""Errors: requests that the registry refuses. No HTTP in them; `web` gives each its status."""


class RegistryError(Exception):
    """`slug` names the page that explains the error, `title` its kind; the text is the detail.

    The detail goes to the sender and into logs: no patient value, TIN, NPI or key belongs in it.
    """

    slug = "registry-error"
    title = "The registry refuses this request"
