"""What signing in asks of a provider of identities, whichever way it is spoken to."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.sessions import StartedSignIn
from app.domain.users import Identity


class ProviderFault(Exception):
    """The provider is away, or what it says is not to be trusted; the text holds no value of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is, as the provider says. `verified_email` None: it vouches for none."""

    identity: Identity
    verified_email: str | None


class IdentityProvider(Protocol):
    """`name` is what people call it."""

    @property
    def name(self) -> str: ...

    def question(self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str) -> str:
        """Return the address to send a browser to. Raises: ProviderFault."""

    def answer(self, code: str, started: StartedSignIn, *, redirect_uri: str) -> Person:
        """Exchange the code that a browser came back with. Raises: ProviderFault."""

    def sign_out_address(self, *, back_to: str) -> str | None:
        """Return where somebody signs out of the provider too; None if it offers nothing."""
