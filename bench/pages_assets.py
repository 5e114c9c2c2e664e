"""How much of our own a page loads besides itself, as it goes over the wire without compression."""

from collections.abc import Collection
from typing import Final

import httpx

from app.portal.pages import STATIC, asset

ASSETS_LIMIT_BYTES: Final = 100_000
_OF_OTHERS: Final = STATIC / "vendored"


def own_bytes(client: httpx.Client, assets: Collection[str]) -> int:
    """Without what others made, as the chart library. Raises: httpx.HTTPStatusError."""
    return sum(_bytes(client, address) for address in set(assets) - _of_others())


def _of_others() -> set[str]:
    return {asset(path.name) for path in _OF_OTHERS.iterdir()}


def _bytes(client: httpx.Client, address: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": "identity"})
    return len(answer.raise_for_status().content)
