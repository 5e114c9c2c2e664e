"""Submissions end, and those who asked for it are told: by webhook, and by mail."""

import logging
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from app.deployment import create_worker
from app.jobs.worker import BackgroundWorker
from app.notices.posting import Poster
from app.notices.reach import Reach, parse_networks
from app.notices.service import Notices
from app.web.logs import JsonFormatter
from tests.case_files import NPI, TIN, a_case_file, a_record, records
from tests.notices import ON, deliveries, do_jobs, end, hasty, hook, later
from tests.processes import free_port
from tests.receivers import (
    MailServer,
    Receiver,
    running_mail_server,
    running_receiver,
    trusted,
)
from tests.registry import OTHER_PRACTICE, PRACTICE, Caller, Registry
from tests.waiting import wait_for

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "get-notified.md"
SENDER = "registry@registry.example"
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", trusted(tmp_path))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def vendor(registry: Registry) -> Caller:
    return registry.with_settings(registry.vendor(), public_url="https://cases.example", **ON)


@pytest.fixture
def notices(vendor: Caller) -> Notices:
    found: Notices = vendor.app.state.notices
    return found


def progress(delivery: Any) -> tuple[Any, ...]:
    return tuple(delivery[name] for name in ("state", "tries", "failure", "status"))


def verify() -> Any:
    """The function that the how-to gives to those who receive webhooks."""
    (code,) = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["verified"]


def test_the_end_of_a_submission_is_posted_signed_and_without_a_word_of_the_file(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    receipt = end(registry, vendor, a_case_file(a_record("A-7"), a_record("A-8", sex="?")))
    assert do_jobs(registry, notices) == 1
    (request,) = receiver.requests
    assert (request.path, request.headers["content-type"]) == ("/hooks/nacor", "application/json")
    event = verify()(request.body, request.headers, webhook["secret"])
    links = {name: receipt["links"][name] for name in ("self", "report", "records")}
    assert event == {
        "type": "submission.finished",
        "timestamp": event["data"]["finished_at"],
        "data": {
            "id": receipt["id"],
            "practice_id": PRACTICE,
            "status": "partially_accepted",
            "sandbox": False,
            "received_at": event["data"]["received_at"],
            "finished_at": event["data"]["finished_at"],
            "records": receipt["records"],
            "findings": receipt["findings"],
            "links": links,
        },
    }
    assert receipt["links"]["self"].startswith("https://cases.example/v1/submissions/")
    for private in (b"A-7", TIN.encode(), NPI.encode(), b"robin", b"Female"):
        assert private not in request.body
    (delivery,) = deliveries(vendor, webhook)
    assert delivery["id"] == request.headers["webhook-id"]
    assert delivery["submission_id"] == receipt["id"]
    assert progress(delivery) == ("delivered", 1, None, 204)


def test_a_signature_of_another_secret_or_body_or_time_is_refused(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook, other = hook(vendor, receiver.url), hook(vendor, "https://other.example/")
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    do_jobs(registry, notices)
    (request,) = receiver.requests
    check = verify()
    assert check(request.body, request.headers, webhook["secret"])["type"] == "webhook.ping"
    stale = {**request.headers, "webhook-timestamp": "1614265330"}
    for body, headers, secret in (
        (request.body, request.headers, other["secret"]),
        (request.body + b" ", request.headers, webhook["secret"]),
        (request.body, stale, webhook["secret"]),
    ):
        with pytest.raises(ValueError, match="webhook"):
            check(body, headers, secret)


def test_while_secrets_overlap_either_verifies(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    here = f"/v1/webhooks/{webhook['id']}"
    new = vendor.ask("POST", f"{here}/rotate-secret", json={"overlap_hours": 1}).json()["secret"]
    vendor.ask("POST", f"{here}/ping")
    do_jobs(registry, notices)
    vendor.ask("POST", f"{here}/ping")
    do_jobs(registry, later(notices, timedelta(hours=2)))
    during, after = (request.headers["webhook-signature"] for request in receiver.requests)
    assert (len(during.split()), len(after.split())) == (2, 1)
    for secret in (new, webhook["secret"]):
        request = receiver.requests[0]
        assert verify()(request.body, request.headers, secret)["type"] == "webhook.ping"


def test_what_is_not_taken_is_tried_again_and_again_then_given_up_then_sent_when_asked(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    receiver.answers = [503]
    webhook = hook(vendor, receiver.url)
    end(registry, vendor, a_case_file())
    assert do_jobs(registry, notices) == 1
    (waiting,) = deliveries(vendor, webhook, state="waiting")
    assert progress(waiting) == ("waiting", 1, "refused", 503)
    assert waiting["next_try_at"] > waiting["tried_at"]
    while do_jobs(registry, notices):
        pass
    (dead,) = deliveries(vendor, webhook, state="dead")
    assert progress(dead) == ("dead", 8, "refused", 503)
    assert dead["next_try_at"] is None
    receiver.answers = [200]
    here = f"/v1/webhooks/{webhook['id']}/deliveries/{dead['id']}/redeliver"
    assert progress(vendor.ask("POST", here).json()) == ("pending", 0, None, None)
    do_jobs(registry, notices)
    assert progress(deliveries(vendor, webhook)[0]) == ("delivered", 1, None, 200)
    ids = {request.headers["webhook-id"] for request in receiver.requests}
    bodies = {request.body for request in receiver.requests}
    assert (len(receiver.requests), len(ids), len(bodies)) == (9, 1, 1)


def test_an_address_that_is_gone_is_switched_off(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    receiver.answers = [410]
    webhook = hook(vendor, receiver.url)
    end(registry, vendor, a_case_file(a_record("A-1")))
    end(registry, vendor, a_case_file(a_record("A-2")))
    do_jobs(registry, notices)
    later_one, gone = deliveries(vendor, webhook)
    assert progress(gone) == ("dead", 1, "gone", 410)
    assert progress(later_one) == ("dead", 1, "switched_off", None)
    shown = vendor.read(f"/v1/webhooks/{webhook['id']}")
    assert (shown["enabled"], shown["switched_off"]) == (False, "gone")
    end(registry, vendor, a_case_file(a_record("A-3")))
    assert (do_jobs(registry, notices), len(receiver.requests)) == (0, 1)


def test_a_redirect_is_not_followed(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    with running_receiver() as elsewhere:
        receiver.answers, receiver.location = [307], elsewhere.url
        webhook = hook(vendor, receiver.url)
        vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
        do_jobs(registry, notices)
        assert elsewhere.requests == []
    assert progress(deliveries(vendor, webhook)[0]) == ("waiting", 1, "refused", 307)


def test_nobody_is_waited_for_long_and_long_answers_are_not_read(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    slow, talkative = hook(vendor, receiver.url), hook(vendor, receiver.url)
    receiver.waits_seconds = 1
    vendor.ask("POST", f"/v1/webhooks/{slow['id']}/ping")
    do_jobs(registry, hasty(notices))
    assert progress(deliveries(vendor, slow)[0]) == ("waiting", 1, "timed_out", None)
    receiver.waits_seconds, receiver.answers, receiver.answer_bytes = 0, [200], 64 << 20
    vendor.ask("POST", f"/v1/webhooks/{talkative['id']}/ping")
    do_jobs(registry, notices)
    assert progress(deliveries(vendor, talkative)[0]) == ("delivered", 1, None, 200)
    assert receiver.answered_bytes < receiver.answer_bytes


def test_a_name_that_stands_for_a_machine_inside_is_not_connected_to(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    do_jobs(registry, replace(notices, poster=Poster(Reach())))
    assert progress(deliveries(vendor, webhook)[0]) == ("waiting", 1, "address_not_allowed", None)
    assert receiver.requests == []


def test_a_name_that_changes_its_mind_is_asked_only_once(
    registry: Registry,
    vendor: Caller,
    notices: Notices,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: allowed when it is judged, another machine when it is connected to."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host: Any, *more: Any, **named: Any) -> Any:
        if host != "localhost":
            return real(host, *more, **named)
        asked.append(host)
        return real("127.0.0.2" if len(asked) == 1 else "127.0.0.1", *more, **named)

    with running_receiver("127.0.0.2") as allowed:
        webhook = hook(vendor, allowed.url)
        vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        only = Poster(Reach(parse_networks("127.0.0.2/32")))
        do_jobs(registry, replace(notices, poster=only))
        assert len(allowed.requests) == 1
    assert asked == ["localhost"]
    assert receiver.requests == []


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    registry: Registry,
    vendor: Caller,
    notices: Notices,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    webhook = hook(vendor, receiver.url)
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    do_jobs(registry, notices)
    assert progress(deliveries(vendor, webhook)[0]) == ("waiting", 1, "tls", None)
    assert receiver.requests == []


def test_a_machine_that_is_away_is_tried_again(
    registry: Registry, vendor: Caller, notices: Notices
) -> None:
    away = hook(vendor, f"https://localhost:{free_port()}/")
    unknown = hook(vendor, "https://no-such-name.invalid/")
    for webhook in (away, unknown):
        vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    do_jobs(registry, notices)
    for webhook in (away, unknown):
        assert progress(deliveries(vendor, webhook)[0]) == ("waiting", 1, "unreachable", None)


def test_a_vendor_is_told_of_its_practices_and_its_side_of_the_sandbox_only(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    registry.register(OTHER_PRACTICE, TIN)
    trial, stranger = registry.vendor(sandbox=True), registry.vendor(OTHER_PRACTICE)
    trial, stranger = (registry.with_settings(each, **ON) for each in (trial, stranger))
    for caller in (vendor, trial, stranger):
        hook(caller, receiver.url)
    real = end(registry, vendor, a_case_file())
    tried = end(registry, trial, a_case_file())
    other = end(
        registry, stranger, a_case_file(practice_id=OTHER_PRACTICE), practice_id=OTHER_PRACTICE
    )
    for caller, receipt in ((vendor, real), (trial, tried), (stranger, other)):
        (webhook,) = caller.read("/v1/webhooks")["items"]
        told = [each["submission_id"] for each in deliveries(caller, webhook)]
        assert told == [receipt["id"]]


def test_a_grant_that_is_taken_back_meanwhile_holds_for_what_is_on_its_way(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    end(registry, vendor, a_case_file())
    (delivery,) = deliveries(vendor, webhook)
    with registry.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE api_keys SET practice_ids = '{}'")
    do_jobs(registry, notices)
    assert receiver.requests == []
    assert deliveries(vendor, webhook) == []
    here = f"/v1/webhooks/{webhook['id']}/deliveries/{delivery['id']}/redeliver"
    assert vendor.ask("POST", here).status_code == 404
    ended = registry.ask_database("SELECT state, failure FROM webhook_deliveries")
    assert ended == [("dead", "no_longer_allowed")]


def test_a_job_that_comes_twice_posts_once(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    receiver.answers, receiver.waits_seconds = [503, 200], 0.2
    end(registry, vendor, a_case_file())
    webhook_id = UUID(webhook["id"])
    at_once = [Thread(target=notices.turns.take, args=(webhook_id,)) for _ in range(3)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    notices.turns.take(webhook_id)
    assert len(receiver.requests) == 1
    a_minute_later = later(notices, timedelta(minutes=1))
    a_minute_later.turns.take(webhook_id)
    a_minute_later.turns.take(webhook_id)
    assert len(receiver.requests) == 2
    assert progress(deliveries(vendor, webhook)[0]) == ("delivered", 2, None, 200)


def test_nobody_is_told_of_an_end_that_was_not_committed(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    hook(vendor, receiver.url)
    receipt = vendor.send(a_case_file())
    do_jobs(registry, notices)
    told = len(receiver.requests)
    with registry.open_work() as work:
        ended = work.submissions.get(UUID(receipt["id"]))
        assert ended is not None
        notices.announce(ended, work, open_file=lambda: registry.intake.blobs.open(ended.sha256))
    assert do_jobs(registry, notices) == 0
    assert len(receiver.requests) == told


def test_a_secret_whose_master_key_is_gone_signs_nothing_until_it_is_back(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    renewed = "a newer master key also of 32 characters or more"
    without = registry.with_settings(vendor, **{**ON, "secret_key": renewed})
    do_jobs(registry, without.app.state.notices)
    assert progress(deliveries(vendor, webhook)[0]) == ("waiting", 1, "secret_lost", None)
    both = registry.with_settings(vendor, **{**ON, "secret_key": f"{renewed},{ON['secret_key']}"})
    do_jobs(registry, both.app.state.notices)
    (request,) = receiver.requests
    assert verify()(request.body, request.headers, webhook["secret"])["type"] == "webhook.ping"


def test_ended_notices_are_forgotten_after_a_month(
    registry: Registry, vendor: Caller, notices: Notices, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    do_jobs(registry, notices)
    vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    assert later(notices, 29 * A_DAY).forget_ended() == 0
    assert later(notices, 31 * A_DAY).forget_ended() == 1
    assert [each["state"] for each in deliveries(vendor, webhook)] == ["pending"]


def test_a_worker_does_it_all_by_itself(
    registry: Registry, vendor: Caller, receiver: Receiver
) -> None:
    webhook = hook(vendor, receiver.url)
    settings = vendor.app.state.settings
    worker = BackgroundWorker(create_worker(settings, registry.engine, registry.intake))
    worker.start()
    try:
        vendor.send(a_case_file())
        wait_for(lambda: deliveries(vendor, webhook, state="delivered"))
    finally:
        worker.stop()
    assert len(receiver.requests) == 1


def naming(*addresses: str, **file: Any) -> bytes:
    """A case file that asks to have these addresses told."""
    one = "<EmailNotificationAddress>robin@example.org</EmailNotificationAddress>"
    each = (one.replace("robin@example.org", address) for address in addresses)
    entries = "</EmailNotificationSet><EmailNotificationSet>".join(
        f"<EmailNotificationFirstName>R</EmailNotificationFirstName>"
        f"<EmailNotificationLastName>E</EmailNotificationLastName>{entry}"
        for entry in each
    )
    names = re.compile(
        "<EmailNotificationFirstName>.*</EmailNotificationLastName>\\s*" + one, re.DOTALL
    )
    return names.sub(entries, a_case_file(**file).decode()).encode()


def writing(registry: Registry, url: str) -> Caller:
    """A practice whose service sends mail, and which allows example.org."""
    settings = {"smtp_url": url, "mail_from": SENDER, "public_url": "https://cases.example"}
    practice = registry.with_settings(registry.practice(), **settings)
    allowed = practice.ask("PUT", f"/v1/practices/{PRACTICE}/mail-domains/example.org")
    assert (allowed.status_code, allowed.json()["mail_is_sent"]) == (201, True)
    return practice


def mails(registry: Registry) -> list[tuple[Any, ...]]:
    return registry.ask_database(
        "SELECT address, state, tries, failure, status FROM submission_mails ORDER BY id"
    )


def text_of(letter: EmailMessage) -> str:
    text: str = letter.get_content()
    return text


def test_people_at_allowed_domains_get_a_short_letter_with_counts_and_links(
    registry: Registry, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    file = naming("robin@example.org", "kim@example.org", "eve@elsewhere.example")
    caplog.set_level(logging.INFO)
    receipt = end(registry, practice, file)
    assert do_jobs(registry, practice.app.state.notices) == 2
    assert sorted(letter["To"] for letter in mail_server.letters) == [
        "kim@example.org",
        "robin@example.org",
    ]
    letter = mail_server.to("robin@example.org")
    assert (letter["From"], letter["Auto-Submitted"]) == (SENDER, "auto-generated")
    assert letter["Subject"] == f"Case file accepted (practice {PRACTICE})"
    text = text_of(letter)
    assert "Records:   1 (1 created, 0 replaced, 0 unchanged, 0 held, 0 rejected)" in text
    assert f"Errors:    {receipt['findings']['error']}" in text
    assert f"Warnings:  {receipt['findings']['warning']}" in text
    assert f"Receipt:   https://cases.example/v1/submissions/{receipt['id']}" in text
    for private in ("A-1", TIN, NPI, "Female", "46"):
        assert private not in text.replace(receipt["id"], "")
    assert mails(registry) == [(None, "delivered", 1, None, None)] * 2
    formatter = JsonFormatter()
    ours = [line for line in caplog.records if line.name.startswith(("app.", "nacor."))]
    logged = "\n".join(formatter.format(line) for line in ours)
    assert "notice tried" in logged
    assert "@" not in logged


def test_a_rejected_file_is_told_of_too(registry: Registry, mail_server: MailServer) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    file = naming("robin@example.org", version="2023V1.0").replace(b"<Age>46", b"<Age>old")
    end(registry, practice, file)
    do_jobs(registry, practice.app.state.notices)
    (letter,) = mail_server.letters
    assert letter["Subject"] == f"Case file rejected (practice {PRACTICE})"
    assert "Nothing of the file is stored." in text_of(letter)


def test_without_an_allowed_domain_or_a_mail_server_nobody_is_written_to(
    registry: Registry, mail_server: MailServer
) -> None:
    settings = {"smtp_url": f"smtp://127.0.0.1:{mail_server.port}", "mail_from": SENDER}
    end(registry, registry.with_settings(registry.practice(), **settings), a_case_file())
    registry.practice().ask("PUT", f"/v1/practices/{PRACTICE}/mail-domains/example.org")
    end(registry, registry.practice(), a_case_file(a_record("A-2")))
    trial = registry.with_settings(registry.practice(sandbox=True), **settings)
    end(registry, trial, a_case_file())  # the sandbox has domains of its own
    assert mails(registry) == []


def test_one_who_is_refused_keeps_no_letter_from_the_others(
    registry: Registry, mail_server: MailServer
) -> None:
    mail_server.refuses = {"gone@example.org": "550 no such user", "full@example.org": "452 full"}
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    end(registry, practice, naming("gone@example.org", "full@example.org", "robin@example.org"))
    do_jobs(registry, practice.app.state.notices)
    assert [letter["To"] for letter in mail_server.letters] == ["robin@example.org"]
    assert mails(registry) == [
        (None, "dead", 1, "refused", 550),
        ("full@example.org", "waiting", 1, "refused", 452),
        (None, "delivered", 1, None, None),
    ]


def test_a_mail_server_that_is_away_is_tried_again(
    registry: Registry, mail_server: MailServer
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{free_port()}")
    end(registry, practice, a_case_file())
    do_jobs(registry, practice.app.state.notices)
    assert mails(registry) == [("robin@example.org", "waiting", 1, "unreachable", None)]
    back = registry.with_settings(
        practice, smtp_url=f"smtp://127.0.0.1:{mail_server.port}", mail_from=SENDER
    )
    do_jobs(registry, back.app.state.notices)
    assert mails(registry) == [(None, "delivered", 2, None, None)]


def test_a_letter_that_is_sent_twice_has_one_message_id(
    registry: Registry, mail_server: MailServer
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    notices: Notices = practice.app.state.notices
    end(registry, practice, a_case_file())
    ((mail_id,),) = registry.ask_database("SELECT id FROM submission_mails")
    notices.send_mail(mail_id, tries=0)
    notices.send_mail(mail_id, tries=0)
    (letter,) = mail_server.letters
    assert letter["Message-ID"] == f"<{mail_id}@registry.example>"


def test_a_domain_that_is_no_longer_allowed_gets_no_letter_that_was_on_its_way(
    registry: Registry, mail_server: MailServer
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    end(registry, practice, a_case_file())
    practice.delete(f"/v1/practices/{PRACTICE}/mail-domains/example.org")
    do_jobs(registry, practice.app.state.notices)
    assert mail_server.letters == []
    assert mails(registry) == [(None, "dead", 1, "no_longer_allowed", None)]


def test_letters_go_through_a_server_that_asks_for_tls_and_a_password(registry: Registry) -> None:
    with running_mail_server(starttls=True) as server:
        at = f"localhost:{server.port}"
        practice = writing(registry, f"smtp+starttls://nacor:p%40ss%20word@{at}")
        end(registry, practice, a_case_file())
        do_jobs(registry, practice.app.state.notices)
        assert server.logins == [(b"nacor", b"p@ss word")]
        assert [letter["To"] for letter in server.letters] == ["robin@example.org"]
        wrong = registry.with_settings(
            practice, smtp_url=f"smtp+starttls://nacor:wrong@{at}", mail_from=SENDER
        )
        end(registry, wrong, a_case_file(a_record("A-2")))
        do_jobs(registry, wrong.app.state.notices)
    assert mails(registry)[1] == ("robin@example.org", "waiting", 1, "refused", 535)


def test_a_file_that_cannot_be_opened_keeps_no_submission_from_ending(
    registry: Registry, vendor: Caller, mail_server: MailServer, receiver: Receiver
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    webhook = hook(vendor, receiver.url)
    receipt = practice.send(a_case_file(records("A-1")))
    before = len(deliveries(vendor, webhook))

    def lost() -> Any:
        raise OSError("the disk is gone")

    with registry.open_work() as work:
        ended = work.submissions.get(UUID(receipt["id"]))
        assert ended is not None
        practice.app.state.notices.announce(ended, work, open_file=lost)
        work.commit()
    assert len(deliveries(vendor, webhook)) == before + 1
    assert deliveries(vendor, webhook)[0]["state"] == "pending"


def test_a_file_that_killed_its_process_is_not_read_again_to_see_whom_it_names(
    registry: Registry, vendor: Caller, mail_server: MailServer
) -> None:
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    webhook = hook(vendor, "https://ehr.example/hooks/nacor")
    patient = registry.with_settings(
        practice,
        small_file_bytes=0,
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        mail_from=SENDER,
    )
    answer = patient.submit(a_case_file())
    assert answer.status_code == 202
    submission_id = UUID(answer.json()["id"])
    for _ in range(3):
        with registry.open_work() as work:
            work.unfinished.begin(submission_id)
            work.commit()
    assert patient.app.state.intake.process(submission_id).status == "failed"
    assert mails(registry) == []
    assert len(deliveries(vendor, webhook)) == 1


def test_letters_do_not_wait_for_webhooks_that_never_answer(
    registry: Registry, vendor: Caller, receiver: Receiver, mail_server: MailServer
) -> None:
    receiver.waits_seconds = 3
    slow = [hook(vendor, receiver.url) for _ in range(4)]
    practice = writing(registry, f"smtp://127.0.0.1:{mail_server.port}")
    for webhook in slow:
        vendor.ask("POST", f"/v1/webhooks/{webhook['id']}/ping")
    both = registry.with_settings(
        practice, **ON, smtp_url=f"smtp://127.0.0.1:{mail_server.port}", mail_from=SENDER
    )
    worker = BackgroundWorker(
        create_worker(both.app.state.settings, registry.engine, registry.intake)
    )
    worker.start()
    try:
        wait_for(lambda: len(receiver.requests) == 4)
        end(registry, practice, a_case_file())
        wait_for(lambda: mail_server.letters)
        states = [deliveries(vendor, webhook)[-1]["state"] for webhook in slow]
    finally:
        worker.stop()
    assert states == ["pending"] * 4
