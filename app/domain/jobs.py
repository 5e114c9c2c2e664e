"""Work that is done later, by whichever worker is free."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MAY_BE_LOST: Final = timedelta(hours=1)
"""From then on who asks again for what is under way has it lined up again: a job that somebody
deleted would block it for ever, and one too many finds that it has ended.
"""


class Queue(StrEnum):
    """Case files take long, so what is short never waits behind them.

    Reports are waited for in front of a page: they have a queue of their own.
    """

    CASE_FILES = "case_files"
    ERRANDS = "errands"
    NOTICES = "notices"
    MAILS = "mails"
    BACKFILLS = "backfills"
    REPORTS = "reports"


class Task(StrEnum):
    """What a job does. A name that was ever deployed may still wait in a queue: keep it."""

    PROCESS_SUBMISSION = "process_submission"
    UNDO_REPLACEMENT = "undo_replacement"
    DELIVER_WEBHOOK = "deliver_webhook"
    SEND_MAIL = "send_mail"
    SEND_CONFIRMATION = "send_confirmation"
    LOOK_AFTER = "look_after"
    TIDY = "tidy"
    PURGE = "purge"
    CARRY_OUT_PURGE = "carry_out_purge"
    REFRESH_PEERS = "refresh_peers"
    EXPORT = "export"
    FREEZE_COUNTS = "freeze_counts"
    BACKFILL = "backfill"
    NOTICE_CATALOGUE = "notice_catalogue"
    MAKE_FEEDBACK = "make_feedback"
    REMIND_OF_FEEDBACK = "remind_of_feedback"
    MAKE_REQUESTED_REPORT = "make_requested_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do, not before `at`.

    Jobs with the same `lock` are done one at a time, in the order in which they were added. Of
    others that are due the one with the highest `priority` is done first.
    """

    task: Task
    queue: Queue
    arguments: Mapping[str, str | int | None] = field(default_factory=dict)
    lock: str | None = None
    priority: int = 0
    at: datetime | None = None
