"""Nobody who is posted to takes longer than is allowed, nor does the search for the address."""

import socket
from threading import Event
from typing import Any

import pytest

from app.domain.notices import NoticeFailure
from app.notices.posting import Poster
from app.notices.reach import Reach
from tests.waiting import PATIENCE_SECONDS


def test_a_name_that_is_looked_for_in_vain_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_over = Event()

    def hangs(*_: Any, **__: Any) -> Any:
        is_over.wait(PATIENCE_SECONDS)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    tried = Poster(Reach(), seconds=0.2).post("https://ehr.example/", headers={}, body=b"")
    is_over.set()
    assert tried.failure is NoticeFailure.TIMED_OUT
