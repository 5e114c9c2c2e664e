"""Signatures as in the Standard Webhooks specification, and the secrets behind them."""

import base64
from datetime import UTC, datetime
from uuid import UUID

from app.domain.master_keys import MasterKeys
from app.domain.notices import WebhookSecret
from app.notices.signing import secret_in_words, signed_headers

OLD, NEW = "the first master key of this service", "the master key that came after it"


def secret_from(keys: MasterKeys, id_: int = 1) -> WebhookSecret:
    return WebhookSecret(
        id=UUID(int=id_), master_key=keys.newest, created_at=datetime.now(UTC), ends_at=None
    )


def test_the_example_of_the_libraries_of_the_standard_is_signed_alike() -> None:
    """The example that the reference libraries of Standard Webhooks are tested with."""
    headers = signed_headers(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        secrets=[base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_secret_in_force_signs() -> None:
    both = signed_headers(b"{}", message_id="1", timestamp=1, secrets=[b"new", b"old"])
    new = signed_headers(b"{}", message_id="1", timestamp=1, secrets=[b"new"])
    old = signed_headers(b"{}", message_id="1", timestamp=1, secrets=[b"old"])
    assert both["webhook-signature"].split(" ") == [
        new["webhook-signature"],
        old["webhook-signature"],
    ]


def test_a_secret_is_32_bytes_that_come_again_from_the_same_master_key() -> None:
    keys = MasterKeys([OLD])
    one, other = secret_from(keys, 1), secret_from(keys, 2)
    secret = keys.derive(one)
    assert secret is not None
    assert secret == MasterKeys([OLD]).derive(one)
    assert secret != keys.derive(other)
    assert base64.b64decode(secret_in_words(secret).removeprefix("whsec_")) == secret
    assert len(secret) == 32


def test_secrets_outlive_their_master_key_as_long_as_it_is_named() -> None:
    secret = secret_from(MasterKeys([OLD]))
    assert MasterKeys([NEW, OLD]).derive(secret) == MasterKeys([OLD]).derive(secret)
    assert MasterKeys([NEW]).derive(secret) is None
    assert MasterKeys([NEW, OLD]).newest == MasterKeys([NEW]).newest


def test_the_name_of_a_master_key_is_no_part_of_it() -> None:
    name = MasterKeys([OLD]).newest
    assert name not in OLD
    assert name.encode() not in OLD.encode().hex().encode()
