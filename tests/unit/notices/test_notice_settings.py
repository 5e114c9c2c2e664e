"""What an operator sets so that notices are sent, and what is said of a setting that is wrong."""

import pytest
from pydantic import ValidationError

from app.settings import Settings

KEY, OLDER = "k" * 32, "older" * 8


def test_several_master_keys_are_separated_by_commas_the_newest_first() -> None:
    assert Settings.from_environ({"NACOR_SECRET_KEY": f"{KEY}, {OLDER}"}).secret_keys == (
        KEY,
        OLDER,
    )
    assert Settings.from_environ({}).secret_keys == ()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "too-short-to-be-a-secret", "32 characters or more"),
        ("SECRET_KEY", f"{KEY},", "32 characters or more"),
        ("SMTP_URL", "smtp://nacor:s3cret@mail.example", r"by smtp\+starttls:// or smtps:// only"),
        ("SMTP_URL", "mail.s3cret.example", "is smtp://"),
        ("MAIL_FROM", "The s3cret registry", "written like"),
        ("WEBHOOK_NETWORKS", "10.20.0.0/99", r"written like 10\.20\.0\.0/16"),
    ],
)
def test_a_setting_that_is_wrong_is_told_without_its_value(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said) as refused:
        Settings.from_environ({f"NACOR_{name}": value})
    assert name.lower() in str(refused.value)
    assert value not in str(refused.value)


def test_no_secret_is_shown_with_the_settings() -> None:
    settings = Settings.from_environ(
        {"NACOR_SECRET_KEY": KEY, "NACOR_SMTP_URL": "smtps://nacor:s3cret@mail.example"}
    )
    assert KEY not in repr(settings)
    assert "s3cret" not in repr(settings)
