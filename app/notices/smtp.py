"""Hands letters to the mail server of the deployment."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from app.domain.mail_addresses import domain_of
from app.domain.notices import NoticeFailure, Tried

_SECONDS: Final = 30.0


class Security(StrEnum):
    """The scheme of an address, which says how the connection is kept secret."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS: Final = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """Read `smtp://host`, `smtp+starttls://user:password@host:587` or `smtps://...`.

        User and password are percent-encoded where needed.
        Raises: ValueError, naming the rule that failed and never the value.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise ValueError("a port is a number to 65535") from None
        if parts.scheme not in tuple(Security) or not parts.hostname:
            raise ValueError("an address of a mail server is smtp://, smtp+starttls:// or smtps://")
        security = Security(parts.scheme)
        if parts.username is not None and security is Security.NONE:
            raise ValueError("a password is sent by smtp+starttls:// or smtps:// only")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[security],
            security=security,
            user=None if parts.username is None else unquote(parts.username),
            password=unquote(parts.password or ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Sends letters from `sender` through `server`."""

    server: MailServer
    sender: str

    def send(self, letter: EmailMessage) -> Tried:
        """Send a letter to the one address in it. Blocks for half a minute at most at each step."""
        try:
            with self._connection() as connection:
                connection.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            ((status, _),) = refused.recipients.values()
            return _refused(status, for_good=True)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            return _refused(refused.smtp_code, for_good=True)
        except smtplib.SMTPResponseException as refused:  # before any letter: ours to put right
            return _refused(refused.smtp_code, for_good=False)
        except (ssl.SSLError, smtplib.SMTPNotSupportedError):
            return Tried(failure=NoticeFailure.TLS)
        except TimeoutError:
            return Tried(failure=NoticeFailure.TIMED_OUT)
        except OSError:
            return Tried(failure=NoticeFailure.UNREACHABLE)
        return Tried()

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        connection = self._connected()
        try:
            if self.server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if self.server.user is not None:
                connection.login(self.server.user, self.server.password or "")
            yield connection
            with suppress(OSError):  # what is taken is taken, however the good-bye goes
                connection.quit()
        finally:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        name = domain_of(self.sender)  # given, for otherwise smtplib asks the DNS about itself
        if server.security is Security.TLS:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=name,
                timeout=_SECONDS,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=_SECONDS)


def _refused(status: int, *, for_good: bool) -> Tried:
    """5xx is permanent (RFC 5321, 4.2.1), if it is about this letter."""
    return Tried(
        failure=NoticeFailure.REFUSED, status=status, is_final=for_good and 500 <= status < 600
    )
