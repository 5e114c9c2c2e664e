"""How often somebody may ask: a bucket of requests that refills steadily.

Kept in the memory of one process, so with N worker processes up to N times as much passes. The
algorithm is GCRA (ITU-T I.371, annex A): one number per caller says when its bucket is full again.
"""

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.errors.requests import TooManyRequests

_FORGET_FULL_ABOVE: Final = 10_000
_ACCOUNTS_OF_AN_ADDRESS: Final = 10
_IPV6_NETWORK_BITS: Final = 64  # one customer's network; whoever has one has 2^64 addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`requests` at once, refilled evenly within `seconds`."""

    requests: int
    seconds: float

    @property
    def seconds_each(self) -> float:
        return self.seconds / self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left after a request; `reset` is in seconds, until the bucket is full again."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Source: draft-ietf-httpapi-ratelimit-headers-06, the three header fields."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Buckets:
    """One bucket per caller, all of the same rate."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._lock = threading.Lock()
        self._forget_above = _FORGET_FULL_ABOVE

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._full_at)

    def take(self, caller: str) -> Allowance:
        """Raises: TooManyRequests."""
        rate = self._rate
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(caller, now), now) + rate.seconds_each
            overdrawn = full_at - now - rate.seconds
            if overdrawn > 1e-9:
                raise TooManyRequests(limit=rate.requests, retry_after=max(1, math.ceil(overdrawn)))
            self._full_at[caller] = full_at
            self._forget_full_ones(now)
        left = (rate.seconds - (full_at - now)) / rate.seconds_each
        return Allowance(
            limit=rate.requests, remaining=int(left + 1e-6), reset=math.ceil(full_at - now)
        )

    def _forget_full_ones(self, now: float) -> None:
        """A full bucket is as good as none; memory stays that of the callers of one period."""
        if len(self._full_at) > self._forget_above:
            self._full_at = {who: at for who, at in self._full_at.items() if at > now}
            self._forget_above = max(_FORGET_FULL_ABOVE, 2 * len(self._full_at))


class RateLimits:
    """`keys` counts by the id of an API key or a user, the others by the address of the caller.

    Attempts at signing in are counted by account and, ten times as many, by address.
    """

    def __init__(
        self,
        *,
        validate: Rate,
        keys: Rate,
        strangers: Rate,
        sign_ins: Rate,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.validate = Buckets(validate, clock)
        self.keys = Buckets(keys, clock)
        self.strangers = Buckets(strangers, clock)
        self.accounts = Buckets(sign_ins, clock)
        from_one_address = Rate(
            requests=sign_ins.requests * _ACCOUNTS_OF_AN_ADDRESS, seconds=sign_ins.seconds
        )
        self.addresses = Buckets(from_one_address, clock)


def refused_headers(*, limit: int, retry_after: int) -> dict[str, str]:
    none_left = Allowance(limit=limit, remaining=0, reset=retry_after)
    return {"Retry-After": str(retry_after), **none_left.headers()}


def caller_at(host: str | None) -> str:
    """Return who is counted as one caller at this address: of IPv6 the network, not the host."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _IPV6_NETWORK_BITS), strict=False))
