"""Takes on what somebody sends: whether they may, is there room, then its bytes, then its end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from anyio import CapacityLimiter, to_thread

from app.domain.identifiers import PracticeId
from app.domain.periods import Period
from app.domain.principals import Principal
from app.domain.submissions import OnError
from app.intake.admission import Admission
from app.intake.desk import Desk
from app.intake.receiving import NewSubmission, Received
from app.storage.blobs import BlobWriter
from app.web.bodies import IncomingBody

_WRITE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What is known of a case file before its body is read. `software`: what sends it."""

    practice: PracticeId
    caller: Principal
    on_error: OnError = OnError.RECORD
    replace_period: Period | None = None
    idempotency_key: str | None = None
    software: str | None = None

    def submission(self, body: IncomingBody) -> NewSubmission:
        return NewSubmission(
            practice_id=self.practice,
            on_error=self.on_error,
            sandbox=self.caller.sandbox,
            file_name=body.file_name,
            api_key=self.caller.id,
            idempotency_key=self.idempotency_key,
            replace_period=self.replace_period,
            sender=self.caller.actor,
            software=self.software,
        )


async def take_on(
    announced: Announced,
    read_body: Callable[[], Awaitable[IncomingBody]],
    *,
    desk: Desk,
    admission: Admission,
) -> Received:
    """Return the submission in its end state; as it was received when it cannot get there now.

    `read_body` begins to read; nothing of the body is read before the sender may send it.
    Raises: AgreementsMissing, PaymentMissing, ServiceBusy, PracticeUnknown, IdempotencyConflict,
    and what reading raises.
    """
    if desk.requires_agreements and not announced.caller.sandbox:
        await to_thread.run_sync(desk.check_agreements, announced.practice)
    if desk.requires_payment and not announced.caller.sandbox:
        await to_thread.run_sync(desk.check_payment, announced.practice)
    with admission.place():
        await to_thread.run_sync(desk.check_room, announced.practice)
        body = await read_body()
        with await to_thread.run_sync(desk.blobs.writer) as file:
            await _keep(body, file)
            received = await to_thread.run_sync(desk.receive, announced.submission(body), file)
        return await _taken_in(received, desk, admission.workers)


async def _keep(body: IncomingBody, file: BlobWriter) -> None:
    """Write in large pieces: each goes to a thread, for disks may block."""
    pending: list[bytes] = []
    size = 0
    async for chunk in body.chunks:
        pending.append(chunk)
        size += len(chunk)
        if size >= _WRITE_BYTES:
            await to_thread.run_sync(file.write, b"".join(pending))
            pending, size = [], 0
    await to_thread.run_sync(file.write, b"".join(pending))


async def _taken_in(received: Received, desk: Desk, workers: CapacityLimiter) -> Received:
    if not received.at_once:
        return received
    submission = await to_thread.run_sync(
        desk.process_at_once, received.submission, limiter=workers
    )
    return replace(received, submission=submission)
