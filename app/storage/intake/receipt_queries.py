"""What became of the records of a submission, as its receipt promises to tell for ever."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Integer, func, select

from app.domain.findings import FindingCode
from app.domain.submissions import RecordOutcome, RecordResult, Submission
from app.storage.tables.submissions import submission_findings, submission_records


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesByRecord:
    """Which codes were found in which record, as far as the findings are kept.

    `known_below` is the first record of which a finding may not be kept, None when all are.
    """

    codes: Mapping[int, tuple[FindingCode, ...]]
    known_below: int | None

    def of(self, number: int) -> tuple[FindingCode, ...] | None:
        """Return the codes of a record in their order, None when they are not all known."""
        if self.known_below is not None and number >= self.known_below:
            return None
        return self.codes.get(number, ())


class ReceiptQueries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def results_of(
        self,
        submission: Submission,
        *,
        after: int,
        limit: int,
        outcome: RecordOutcome | None = None,
    ) -> list[RecordResult]:
        """The next records behind number `after`: all, or those of one outcome."""
        kept = submission_records.c
        query = select(submission_records).where(
            kept.practice_id == submission.practice_id,
            kept.submission_id == submission.id,
            kept.number > after,
        )
        if outcome is not None:
            query = query.where(kept.outcome == outcome.value)
        rows = self._connection.execute(query.order_by(kept.number).limit(limit))
        return [
            RecordResult(
                number=row.number,
                line=row.line,
                anesthesia_record_id=row.anesthesia_record_id,
                outcome=RecordOutcome(row.outcome),
                case_id=row.case_id,
            )
            for row in rows
        ]

    def codes_of(self, submission: Submission) -> CodesByRecord:
        """Findings about the whole file belong to no record and are left out."""
        kept = submission_findings.c
        record, code = kept.finding["record"].as_integer(), kept.finding["code"].as_string()
        rows = self._connection.execute(
            select(record.label("record"), code.label("code"))
            .where(*_of(submission), record.is_not(None))
            .distinct()
            .order_by(record, code)
        )
        codes: dict[int, list[FindingCode]] = defaultdict(list)
        for row in rows:
            codes[row.record].append(FindingCode(row.code))
        return CodesByRecord(
            codes={number: tuple(found) for number, found in codes.items()},
            known_below=self._known_below(submission, record),
        )

    def _known_below(self, submission: Submission, record: ColumnElement[int]) -> int | None:
        """Findings are kept in the order of the records: accepted ones, and others, up to a number.

        Behind the last one that is kept of a kind of which some are not, nothing is sure.
        """
        is_accepted = submission_findings.c.acceptance_id.is_not(None)
        rows = self._connection.execute(
            select(
                is_accepted.label("accepted"),
                func.count().label("kept"),
                func.max(record).cast(Integer).label("last"),
            )
            .where(*_of(submission))
            .group_by(is_accepted)
        )
        accepted = submission.findings.accepted
        found = {True: accepted, False: submission.findings.total - accepted}
        ends = [row.last or 1 for row in rows if row.kept < found[row.accepted]]
        return min(ends, default=None)


def _of(submission: Submission) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    kept = submission_findings.c
    return kept.practice_id == submission.practice_id, kept.submission_id == submission.id
