"""How often a caller may ask, and who counts as one caller."""

import pytest

from app.domain.errors.requests import TooManyRequests
from app.web.rate_limit import Allowance, Buckets, Rate, caller_at


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


CLOCK_STEPS = [
    # seconds later, requests that then pass at once, of 3 within 60 seconds
    (0, 0),
    (19, 0),
    (20, 1),
    (45, 2),
    (60, 3),
    (600, 3),
]


def passing(buckets: Buckets, caller: str = "a") -> int:
    for passed in range(100):
        try:
            buckets.take(caller)
        except TooManyRequests:
            return passed
    pytest.fail("nothing is ever refused")


@pytest.mark.parametrize(("later", "requests"), CLOCK_STEPS)
def test_the_bucket_refills_steadily(later: float, requests: int) -> None:
    clock = Clock()
    buckets = Buckets(Rate(requests=3, seconds=60), clock)
    assert passing(buckets) == 3
    clock.seconds += later
    assert passing(buckets) == requests


def test_the_caller_learns_what_is_left() -> None:
    clock = Clock()
    buckets = Buckets(Rate(requests=3, seconds=60), clock)
    assert buckets.take("a") == Allowance(limit=3, remaining=2, reset=20)
    assert buckets.take("a") == Allowance(limit=3, remaining=1, reset=40)
    assert buckets.take("a") == Allowance(limit=3, remaining=0, reset=60)
    clock.seconds += 12.5
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("a")
    assert (refused.value.limit, refused.value.retry_after) == (3, 8)


def test_a_refused_request_costs_nothing() -> None:
    clock = Clock()
    buckets = Buckets(Rate(requests=1, seconds=10), clock)
    assert passing(buckets) == 1
    for _ in range(5):
        assert passing(buckets) == 0
    clock.seconds += 10
    assert passing(buckets) == 1


def test_callers_have_buckets_of_their_own() -> None:
    buckets = Buckets(Rate(requests=2, seconds=60), Clock())
    assert [passing(buckets, "a"), passing(buckets, "b")] == [2, 2]


def test_who_has_a_full_bucket_again_is_forgotten() -> None:
    clock = Clock()
    buckets = Buckets(Rate(requests=1, seconds=1), clock)
    for number in range(25_000):
        clock.seconds += 0.001
        buckets.take(str(number))
    assert len(buckets) < 12_000


@pytest.mark.parametrize(
    ("host", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_caller_is_a_network(host: str | None, caller: str) -> None:
    assert caller_at(host) == caller
