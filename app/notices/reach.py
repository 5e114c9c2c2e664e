"""Where webhooks may be sent to: the public internet, and networks that the operator names.

A vendor chooses the address; without a limit it could make this service ask what only stands open
to machines of its own network, such as the metadata of a cloud or the database.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL: Final = 500
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_TUNNELS: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_INSIDE_CLOUDS: Final = (
    IPv4Network("168.63.129.16/32"),  # public by its number; the host of a machine in Azure
    IPv4Network("192.0.0.0/24"),  # metadata of Oracle's cloud
)


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return networks written as `10.20.0.0/16, fd00::/8`. Raises: ValueError."""
    try:
        return tuple(ip_network(each.strip()) for each in text.split(","))
    except ValueError:
        raise ValueError("a network is written like 10.20.0.0/16") from None


class Reach:
    """Tells which addresses may be connected to: public ones, and those of `also`."""

    def __init__(self, also: Iterable[Network] = ()) -> None:
        self._also = tuple(also)

    def allows(self, address: Address) -> bool:
        meant = _meant(address)
        return any(meant in network for network in self._also) or _is_public(meant)

    def parse_url(self, text: str) -> str:
        """Return the address of a webhook.

        Shape: https, a host, no user, no fragment, ASCII. Names are resolved when it is used.
        Raises: ValueError, naming the rule that failed and never the value.
        """
        if len(text) > LONGEST_URL or not text.isascii() or not text.isprintable() or " " in text:
            raise ValueError(f"an address has at most {LONGEST_URL} printable ASCII characters")
        parts, port = _split(text)
        if parts.scheme != "https":
            raise ValueError("an address begins with https://")
        if not parts.hostname or parts.username is not None or parts.fragment:
            raise ValueError("an address has a host, and neither a user nor a fragment")
        if port == 0:
            raise ValueError("an address has a port from 1 to 65535")
        self._require_allowed(parts.hostname)
        return text

    def _require_allowed(self, host: str) -> None:
        try:
            address = ip_address(host)
        except ValueError:  # a name
            return
        if not self.allows(address):
            raise ValueError("an address is one of the public internet")


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError:  # whose words would quote what was sent
        raise ValueError("an address has a host, and a port that is a number to 65535") from None


def _meant(address: Address) -> Address:
    """The IPv4 address that is reached by an IPv6 address which only wraps it."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        is_usual = address in _GLOBAL_UNICAST and not any(address in each for each in _TUNNELS)
        return is_usual and address.is_global
    is_usual = not address.is_multicast and not any(address in each for each in _INSIDE_CLOUDS)
    return is_usual and address.is_global
