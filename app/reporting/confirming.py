"""Puts letters of confirmation on their way, in the transaction of what they confirm."""

from collections.abc import Iterable
from datetime import UTC, datetime

import uuid_utils.compat as uuids

from app.domain.confirmations import Confirmation, Occasion
from app.domain.identifiers import PracticeId
from app.domain.jobs import Job, Queue, Task
from app.domain.mail_addresses import parse_mail_address
from app.domain.notices import NoticeProgress
from app.storage.unit_of_work import OpenWork, UnitOfWork


def confirm(
    practice: PracticeId, occasion: Occasion, addresses: Iterable[str], work: UnitOfWork
) -> None:
    """A letter to each of the addresses, once; what is no address of mail is left out."""
    for address in sorted(set(_written_to(addresses))):
        confirmation = Confirmation(
            practice_id=practice,
            id=uuids.uuid7(),
            occasion=occasion,
            address=address,
            created_at=datetime.now(UTC),
        )
        work.confirmations.add(confirmation)
        work.jobs.add(confirmation_job(confirmation, confirmation.progress))


def confirmations_of(
    practice: PracticeId, performance_year: int, *, open_work: OpenWork
) -> list[Confirmation]:
    """Who was told what of the year, in the order in which they were."""
    with open_work() as work:
        return work.confirmations.of_year(practice, performance_year)


def contacts_of(practice: PracticeId, work: UnitOfWork) -> list[str]:
    """The addresses of the contacts that the practice names."""
    details = work.roster.details(practice)
    return [] if details is None else [each["mail"] for each in details.contacts]


def confirmation_job(confirmation: Confirmation, progress: NoticeProgress) -> Job:
    return Job(
        task=Task.SEND_CONFIRMATION,
        queue=Queue.MAILS,
        arguments={
            "practice_id": confirmation.practice_id,
            "confirmation_id": str(confirmation.id),
            "tries": progress.tries,
        },
        priority=-progress.tries,
        at=progress.next_try_at,
    )


def _written_to(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        try:
            yield parse_mail_address(address)
        except ValueError:
            continue
