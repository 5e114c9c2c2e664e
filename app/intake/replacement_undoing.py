"""Undoes the replacement of a period: each case goes back to what it was before, where it can."""

from collections import defaultdict
from uuid import UUID

from app.domain.replacements import UndoCounts
from app.domain.submissions import Submission
from app.intake.recomputing import recompute_page
from app.intake.verifying import tins_of
from app.measures.catalogue.catalogue import Catalogue
from app.storage.cases.case_store import PreparedCase
from app.storage.intake.replacement_undo import EarlierCase, ReplacementUndo
from app.storage.recomputing.recomputed import Page, RecomputedCase, StoredRecord
from app.storage.unit_of_work import UnitOfWork


def undo_replacement(
    submission: Submission,
    *,
    by: UUID,
    measures: Catalogue,
    work: UnitOfWork,
    patience_seconds: float | None = None,
) -> UndoCounts:
    """Return what became of the cases that the replacement touched; the caller commits.

    Raises: ServiceBusy when others change the cases of the practice for longer than
    `patience_seconds`.
    """
    replacement = submission.replacement
    assert replacement is not None, "it replaced a period"
    assert replacement.deleted_at is not None, "it replaced a period"
    work.practices.lock(submission.practice_id, at_most_seconds=patience_seconds)
    undo = work.replacement_undo(submission, by=by)
    reverting = _Reverting(submission, undo, measures, work)
    touched = undo.count_touched()
    reverted = sum(reverting.revert(cases) for cases in undo.earlier_cases())
    restored = undo.restore(deleted_at=replacement.deleted_at)
    work.practices.release_held(submission.practice_id)  # what is restored begins as held
    removed = undo.remove_created(
        reason=f"Undo of the replacement of {replacement.period.name}: submission {submission.id}."
    )
    return UndoCounts(
        restored=restored,
        reverted=reverted,
        removed=removed,
        conflicts=touched - restored - reverted - removed,
    )


class _Reverting:
    """Gives replaced cases their earlier record again, measured by the rules of today."""

    def __init__(
        self,
        submission: Submission,
        undo: ReplacementUndo,
        measures: Catalogue,
        work: UnitOfWork,
    ) -> None:
        self._undo = undo
        self._measures = measures
        self._tins = tins_of(submission.practice_id, work)

    def revert(self, cases: list[EarlierCase]) -> int:
        """Return how many could be reverted: those whose record can still be read."""
        earlier = {case.case_id: case for case in cases}
        read = self._read(cases)
        by_origin: defaultdict[tuple[UUID, str], list[PreparedCase]] = defaultdict(list)
        for case in read:
            by_origin[earlier[case.case_id].origin].append(_prepared(case, earlier[case.case_id]))
        for origin, prepared in by_origin.items():
            self._undo.revert(origin, prepared)
        self._undo.bury_again([case.case_id for case in read if earlier[case.case_id].was_deleted])
        return len(read)

    def _read(self, cases: list[EarlierCase]) -> tuple[RecomputedCase, ...]:
        records = tuple(
            StoredRecord(case_id=case.case_id, is_deleted=False, payload=case.payload)
            for case in cases
        )
        page = Page(after=UUID(int=0), until=cases[-1].case_id, records=records)
        return recompute_page(page, measures=self._measures, tins=self._tins).cases


def _prepared(case: RecomputedCase, earlier: EarlierCase) -> PreparedCase:
    assert earlier.payload is not None, "it was just recomputed"
    return PreparedCase(
        number=int(earlier.fields["record_number"]),
        line=0,
        anesthesia_record_id=case.anesthesia_record_id,
        payload=earlier.payload,
        rows=case.rows,
        held=case.status == "held",
    )
