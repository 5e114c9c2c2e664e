"""Requests to the service that runs, by whoever holds a key."""

from typing import Any, Final

import httpx

_SOFTWARE: Final = "NorthwindEHR/4.2"


class DemoClient:
    """Raises: httpx.HTTPStatusError for what the service refuses."""

    def __init__(self, client: httpx.Client, key: str) -> None:
        self._client = client
        self._authorization = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        return _told(self._client.get(path, params=parameters, headers=self._authorization))

    def post(self, path: str, body: object = None) -> dict[str, Any]:
        return _told(self._client.post(path, json=body, headers=self._authorization))

    def put(self, path: str, body: object, *, seen: int | None = None) -> dict[str, Any]:
        """`seen` is the version of what is changed, None of what is new."""
        match = {} if seen is None else {"If-Match": f'"{seen}"'}
        headers = {**self._authorization, **match}
        return _told(self._client.put(path, json=body, headers=headers))

    def send(
        self, path: str, content: bytes, media_type: str, **parameters: str | int
    ) -> dict[str, Any]:
        """As the software of the vendor, in its version of the demonstration."""
        headers = {
            **self._authorization,
            "Content-Type": media_type,
            "User-Agent": _SOFTWARE,
        }
        return _told(self._client.post(path, content=content, params=parameters, headers=headers))


def _told(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told
