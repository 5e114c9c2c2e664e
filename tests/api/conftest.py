"""What every test of the service has around it."""

import pytest
from argon2 import PasswordHasher


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as ever, but not at their price, which is a unit's matter."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("app.access.password_hashing.HASHER", cheap)
