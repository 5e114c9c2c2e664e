"""Case files over HTTP, as a vendor sends them."""

import http.client
from http import HTTPStatus
from typing import IO

from app.access.keys import hash_of, new_key
from app.domain.principals import Role
from app.storage.unit_of_work import UnitOfWork
from bench.database import BenchDatabase
from bench.fixed import PRACTICE

_TAKEN_ON = {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}


def key_for_practice(database: BenchDatabase) -> str:
    key = new_key()
    with UnitOfWork(database.engine) as work:
        work.keys.add(hash_of(key), role=Role.PRACTICE, practice_ids=[PRACTICE], sandbox=False)
        work.commit()
    return key


def post(client: http.client.HTTPConnection, key: str, file: bytes | IO[bytes]) -> str:
    """Send one case file, a stream in chunks, and return the id of its submission."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/xml"}
    client.request("POST", f"/v1/submissions?practice_id={PRACTICE}", file, headers)
    answer = client.getresponse()
    body = answer.read()
    if answer.status not in _TAKEN_ON:
        raise RuntimeError(f"POST was answered {answer.status}: {body.decode()}")
    return answer.headers["Location"].rpartition("/")[2]
