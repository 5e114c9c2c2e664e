"""Whom a case file asks to be told, and the mail server that its letters go through."""

from io import BytesIO

import pytest

from app.domain.mail_addresses import parse_mail_address, parse_mail_domain
from app.notices.mail_addresses import MOST_ADDRESSES, addresses_in
from app.notices.smtp import MailServer, Security
from tests.case_files import a_case_file, a_record

ONE = b"<EmailNotificationAddress>robin@example.org</EmailNotificationAddress>"


def naming(*addresses: str) -> bytes:
    """A case file that names these addresses."""
    each = [f"<EmailNotificationAddress>{a}</EmailNotificationAddress>" for a in addresses]
    entries = "</EmailNotificationSet><EmailNotificationSet>".join(each)
    return a_case_file(a_record()).replace(ONE, entries.encode())


def test_the_addresses_of_a_file_are_those_of_its_email_set_each_once() -> None:
    file = naming("robin@Example.org", " kim@lakeside.example ", "robin@example.ORG")
    assert addresses_in(BytesIO(file)) == ["robin@example.org", "kim@lakeside.example"]


def test_what_is_no_address_is_left_out() -> None:
    file = naming("nobody", "a@b", "&lt;x@example.org&gt;", "ok@example.org")
    assert addresses_in(BytesIO(file)) == ["ok@example.org"]


def test_a_file_can_have_only_so_many_people_told() -> None:
    file = naming(*(f"a{number}@example.org" for number in range(MOST_ADDRESSES + 5)))
    assert len(addresses_in(BytesIO(file))) == MOST_ADDRESSES


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no XML",
        b"<Other/>",
        b'<AnesthesiaRecords xmlns="urn:other"/>',
        a_case_file(a_record())[:300],
        a_case_file(a_record()).replace(b"RecordHeader", b"RecordHaeder"),
    ],
    ids=["empty", "text", "root", "namespace", "cut off", "header"],
)
def test_a_file_that_cannot_be_read_has_none(file: bytes) -> None:
    assert addresses_in(BytesIO(file)) == []


def test_only_the_head_of_a_file_is_read() -> None:
    class Counting(BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            self.taken += len(part)
            return part

    file = Counting(a_case_file(a_record()).replace(b"</AnesthesiaRecords>", b" " * (4 << 20)))
    assert addresses_in(file) == ["robin@example.org"]
    assert file.taken < 1 << 20


@pytest.mark.parametrize(
    "text",
    [
        "robin",
        "@example.org",
        "robin@example",
        "robin@example..org",
        "robin@-example.org",
        "robin@example.org\r\nBcc: other@example.org",
        "robin<kim@example.org>",
        '"robin kim"@example.org',
        "robin@[127.0.0.1]",
        "robin@127.0.0.1",
        "röbin@example.org",
        "a" * 250 + "@example.org",
        ".robin@example.org",
    ],
)
def test_an_address_of_another_form_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is written like"):
        parse_mail_address(text)


def test_domains_are_told_apart_whatever_their_capitals() -> None:
    assert parse_mail_domain("Lakeside.Example") == "lakeside.example"
    assert parse_mail_address("Robin@Lakeside.Example") == "Robin@lakeside.example"


def test_the_address_of_a_mail_server_says_how_it_is_reached() -> None:
    plain = MailServer.at("smtp://mail.example")
    guarded = MailServer.at("smtp+starttls://nacor:p%40ss%20word@mail.example")
    sealed = MailServer.at("smtps://nacor:secret@mail.example:4650")
    assert (plain.security, plain.port, plain.user) == (Security.NONE, 25, None)
    assert (guarded.port, guarded.user, guarded.password) == (587, "nacor", "p@ss word")
    assert (sealed.security, sealed.port) == (Security.TLS, 4650)
    assert "secret" not in repr(sealed)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://nacor:secret@mail.example",  # the password would go as plain text
    ],
)
def test_an_address_of_a_mail_server_that_is_none(url: str) -> None:
    with pytest.raises(
        ValueError, match=r"^a(n address of a mail server| port| password) is"
    ) as refused:
        MailServer.at(url)
    assert "secret" not in str(refused.value)
