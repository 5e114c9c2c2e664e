"""Vendors at work: each sends one case file after the other, as its retry loop does."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx

from app.domain.submissions import SubmissionStatus
from bench.load.plan import YEAR, PracticeRecords, Sending

_TRY_LATER: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_LOOK_AGAIN_SECONDS: Final = 0.5
_TIMEOUT: Final = httpx.Timeout(60.0, read=600.0)

MayGoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A sending and its receipt after `seconds`; `replayed` when it is that of an earlier one."""

    sending: Sending
    status: int
    submission: str
    seconds: float
    replayed: bool


@dataclass(slots=True, kw_only=True)
class Vendor:
    """Sends for one practice with its key, and keeps what it was answered."""

    records: PracticeRecords
    key: str
    seed: int
    answered: list[Answered] = field(default_factory=list)
    sent_away: int = 0

    async def work(self, url: str, may_go_on: MayGoOn) -> None:
        async with _client(url, self.key) as client:
            for sending in self._sendings(may_go_on):
                self.answered.append(await self._send(client, sending))

    async def receipts(self, url: str) -> dict[str, dict[str, Any]]:
        """Every receipt that this vendor got, in its end state."""
        async with _client(url, self.key) as client:
            ids = dict.fromkeys(each.submission for each in self.answered)
            return {each: await _ended(client, each) for each in ids}

    async def counted(self, url: str) -> int:
        """How many cases of its practice the registry counts."""
        async with _client(url, self.key) as client:
            asked: dict[str, str | int] = {
                "practice_id": self.records.practice,
                "performance_year": YEAR,
            }
            answer = await client.get("/v1/counts", params=asked)
            answer.raise_for_status()
            cases: int = answer.json()["cases"]
            return cases

    def _sendings(self, may_go_on: MayGoOn) -> Iterator[Sending]:
        for sending in self.records.sendings(self.seed):
            if not may_go_on():
                return
            yield sending

    async def _send(self, client: httpx.AsyncClient, sending: Sending) -> Answered:
        while True:
            started = time.perf_counter()
            answer = await client.post(
                "/v1/submissions",
                params={"practice_id": self.records.practice},
                content=sending.case_file,
                headers={"Content-Type": "application/xml"},
            )
            if answer.status_code not in _TRY_LATER:
                break
            self.sent_away += 1
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        answer.raise_for_status()
        return Answered(
            sending=sending,
            status=answer.status_code,
            submission=answer.json()["id"],
            seconds=time.perf_counter() - started,
            replayed="Idempotent-Replay" in answer.headers,
        )


async def _ended(client: httpx.AsyncClient, submission: str) -> dict[str, Any]:
    while True:
        answer = await client.get(f"/v1/submissions/{submission}")
        answer.raise_for_status()
        receipt: dict[str, Any] = answer.json()
        if SubmissionStatus(receipt["status"]).is_final:
            return receipt
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _client(url: str, key: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=_TIMEOUT
    )
