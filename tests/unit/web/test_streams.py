"""How many streams of news a caller may have open."""

from contextlib import ExitStack

import pytest

from app.domain.errors.requests import TooManyRequests
from app.web.streams import Streams


def test_a_caller_has_so_many_and_others_have_their_own() -> None:
    streams = Streams(of_a_caller=2, of_all=3)
    with ExitStack() as open_ones:
        for caller in ("robin", "robin", "kim"):
            open_ones.enter_context(streams.place(caller))
        for caller in ("robin", "sam"):
            with pytest.raises(TooManyRequests), streams.place(caller):
                pass
    with streams.place("robin"), streams.place("robin"), streams.place("sam"):
        pass
