"""What tests of notices do besides asking: end a submission, do the jobs that are due."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.notices.posting import Poster
from app.notices.reach import Reach, parse_networks
from app.notices.service import Notices
from tests.receivers import LOOPBACK
from tests.registry import MASTER_KEY, Caller, Registry

ON = {"secret_key": MASTER_KEY, "webhook_networks": LOOPBACK}


def hook(vendor: Caller, url: str, **said: Any) -> Any:
    """Register a webhook."""
    answer = vendor.ask("POST", "/v1/webhooks", json={"url": url, **said})
    assert answer.status_code == 201, answer.text
    return answer.json()


def deliveries(vendor: Caller, webhook: Any, **asked: str) -> Any:
    return vendor.read(f"/v1/webhooks/{webhook['id']}/deliveries", **asked)["items"]


def end(registry: Registry, sender: Caller, case_file: bytes, **sending: Any) -> Any:
    """Send a case file that is taken in at once; its notices are on their way then."""
    return sender.send(case_file, **sending)


def do_jobs(registry: Registry, notices: Notices) -> int:
    """Do all jobs about notices that wait now, as a worker would do when each is due.

    Return how many there were.
    """
    jobs = registry.ask_database(
        """SELECT id, task_name, args, scheduled_at FROM procrastinate_jobs
           WHERE status = 'todo' AND task_name IN ('deliver_webhook', 'send_mail') ORDER BY id"""
    )
    for job_id, task, arguments, due_at in jobs:
        with registry.engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM procrastinate_jobs WHERE id = {job_id}")
        wait = timedelta(0) if due_at is None else max(due_at - notices.now(), timedelta(0))
        if task == "deliver_webhook":
            later(notices, wait).turns.take(UUID(arguments["webhook_id"]))
        else:
            notices.send_mail(UUID(arguments["mail_id"]), tries=arguments["tries"])
    return len(jobs)


def hasty(notices: Notices) -> Notices:
    """The same, but it waits for nobody longer than a blink."""
    return replace(notices, poster=Poster(Reach(parse_networks(LOOPBACK)), seconds=0.3))


def later(notices: Notices, by: timedelta) -> Notices:
    now = notices.now
    return replace(notices, now=lambda: now() + by)
