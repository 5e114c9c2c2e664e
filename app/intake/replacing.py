"""Takes in a file that is the whole truth about a period: first as a preview, then for good.

Both times the file is taken in like any other, behind a savepoint. A preview goes back to it. What
was confirmed is done only if it would still do the same to the same versions of the same cases.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.domain.findings import FindingCode, Severity
from app.domain.replacements import Preview, ReplacementEnd
from app.domain.submissions import Submission
from app.intake.processing import FileRefused, TakenIn, write_findings, write_receipt
from app.storage.intake.replacement_cases import Effect
from app.storage.unit_of_work import UnitOfWork

_REFUSING: Final = (FindingCode.SERVICE_OUTSIDE_PERIOD, FindingCode.CASE_OF_RECORD_UNKNOWN)


def replace_period(
    submission: Submission,
    store_records: Callable[[], TakenIn],
    work: UnitOfWork,
    *,
    max_share: float,
    spool: Path,
) -> bool:
    """Return whether the submission has ended; otherwise it awaits its confirmation.

    The findings of an earlier preview are gone; the caller commits. A share of the cases above
    `max_share` needs a second word to disappear. A long list of them waits in the folder `spool`.
    Raises: FileRefused when the file cannot stand for the period, and what `store_records` does.
    """
    work.practices.lock(submission.practice_id)
    cases = work.replacements.cases(submission)
    stored_now = cases.count_stored()
    with work.tentatively() as undo_all:
        taken = store_records()
        _refuse_if_unfit(taken)
        if taken.records.stored == 0:  # nothing takes the place of what would disappear
            write_receipt(submission, taken, work)
            return True
        effect = cases.effect()
        if _is_confirmed(submission, effect):
            _replace(submission, taken, work)
            return True
        with cases.set_aside(spool) as disappearing:
            undo_all()
            cases.list_again(disappearing)
    preview = _preview(taken, effect, stored_now=stored_now, max_share=max_share)
    write_findings(submission, taken.tally, work)
    work.replacements.keep_preview(
        submission,
        preview,
        schema_version=taken.tally.schema_version,
        valid_records=taken.tally.records_valid,
        findings=taken.tally.counts,
    )
    return False


def _refuse_if_unfit(taken: TakenIn) -> None:
    if any(taken.tally.kinds[Severity.ERROR, code] for code in _REFUSING):
        raise FileRefused


def _is_confirmed(submission: Submission, effect: Effect) -> bool:
    replacement = submission.replacement
    assert replacement is not None, "it replaces a period"
    if replacement.preview is None or replacement.confirmed_at is None:
        return False
    return replacement.preview.fingerprint == effect.fingerprint


def _replace(submission: Submission, taken: TakenIn, work: UnitOfWork) -> None:
    """What disappears is what the preview has listed: the effect is the same."""
    assert submission.replaced_period is not None, "it replaces a period"
    period = submission.replaced_period.name
    work.replacements.cases(submission).delete_listed(
        reason=f"Not in the file that replaced {period}: submission {submission.id}.",
        by=work.replacements.confirmed_by(submission),
        ended_by=f"replacement of {period} by submission {submission.id}",
    )
    write_receipt(submission, taken, work)
    work.replacements.end(submission, ReplacementEnd.REPLACED)


def _preview(taken: TakenIn, effect: Effect, *, stored_now: int, max_share: float) -> Preview:
    return Preview(
        stored_now=stored_now,
        would_delete=effect.would_delete,
        created=taken.records.created,
        replaced=taken.records.replaced,
        unchanged=taken.records.unchanged,
        held=taken.records.held,
        rejected=taken.records.rejected,
        fingerprint=effect.fingerprint,
        max_share=max_share,
        made_at=datetime.now(UTC),
    )
