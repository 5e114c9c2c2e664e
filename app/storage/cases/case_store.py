"""Saves batches of records as cases: new, replaced with the earlier version kept, or unchanged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg import Connection

from app.domain.identifiers import PracticeId
from app.domain.submissions import RecordOutcome, RecordResult
from app.storage.cases.case_rows import (
    ASC_OUTCOME_COLUMNS,
    CASE_COLUMNS,
    OUTCOME_COLUMNS,
    STAFF_COLUMNS,
    CaseRows,
)
from app.storage.cases.payloads import payload_codec
from app.storage.copying import FEW_ROWS, Rows, copy_text, load_rows
from app.storage.figures.totals import add_to_totals, take_from_totals
from app.storage.recomputing.outcome_versions import YearVersion, note_versions
from app.storage.sealing.records import RecordSeals

_KEY: Final = ("practice_id", "case_id")
_STORE_COLUMNS: Final = (
    "anesthesia_record_id",
    "sandbox",
    "status",
    "version",
    "submission_id",
    "record_number",
    "stored_at",
    "schema_version",
)

_OF_CASES: Final = ("case_staff", "measure_outcomes", "asc_outcomes", "case_payloads", "cases")

SameContent = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCase:
    """A valid record, ready to be saved; `held` when its TIN is not registered.

    `payload` is the record as received, compressed by `payload_codec`.
    """

    number: int
    line: int
    anesthesia_record_id: str
    payload: bytes
    rows: CaseRows
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Existing:
    """`payload` None: its record is damaged, and mended by the next one that comes."""

    case_id: UUID
    version: int
    payload: bytes | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """A prepared case with the identity that it gets or already has."""

    case: PreparedCase
    case_id: UUID
    version: int
    outcome: RecordOutcome


class CaseStore:
    """Saves cases of one submission through `connection`; never commits.

    `seals` are those of the practice. `same_content` decides whether two records of different
    bytes say the same. `ended_by` is what
    the history says of the versions that end; without it, the submission.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        practice_id: PracticeId,
        seals: RecordSeals,
        sandbox: bool,
        submission_id: UUID,
        schema_version: str,
        same_content: SameContent,
        ended_by: str | None = None,
    ) -> None:
        self._connection = connection
        self._practice_id = practice_id
        self._seals = seals
        self._sandbox = sandbox
        self._submission_id = submission_id
        self._schema_version = schema_version
        self._same_content = same_content
        self._ended_by = ended_by or f"submission {submission_id}"
        self._stored_at = datetime.now(UTC)
        self._uncounted: list[UUID] = []
        self._decided_by: set[YearVersion] = set()

    def save(self, batch: Sequence[PreparedCase]) -> list[RecordResult]:
        """Save `batch`, in which no record id stands twice, and tell what became of each record."""
        existing = self._existing(batch)
        arrivals = [self._arrival(case, existing.get(case.anesthesia_record_id)) for case in batch]
        replaced = [a.case_id for a in arrivals if a.outcome is RecordOutcome.REPLACED]
        self._end_versions(replaced)
        changed = [a for a in arrivals if a.outcome is not RecordOutcome.UNCHANGED]
        self._load(changed)
        self._uncounted += [a.case_id for a in changed]
        self._decided_by |= {
            (a.case.rows.performance_year, a.case.rows.catalogue_version) for a in changed
        }
        return [self._result(arrival) for arrival in arrivals]

    def count(self) -> None:
        """Bring the totals into step with all that was saved: once, after the last batch.

        By which catalogue versions it was decided is noted with them.
        """
        note_versions(self._connection, self._practice_id, self._decided_by)
        add_to_totals(self._connection, self._practice_id, self._uncounted)
        self._uncounted = []

    def _existing(self, batch: Sequence[PreparedCase]) -> dict[str, _Existing]:
        rows = self._connection.execute(
            """SELECT c.anesthesia_record_id, c.case_id, c.version, c.status, p.data_key, p.data
               FROM cases c JOIN case_payloads p USING (practice_id, case_id)
               WHERE practice_id = %s AND sandbox = %s AND anesthesia_record_id = ANY(%s)""",
            (self._practice_id, self._sandbox, [case.anesthesia_record_id for case in batch]),
        )
        return {
            record_id: _Existing(
                case_id=case_id,
                version=version,
                status=status,
                payload=self._seals.open_if_whole(case_id, data_key, stored),
            )
            for record_id, case_id, version, status, data_key, stored in rows
        }

    def _arrival(self, case: PreparedCase, existing: _Existing | None) -> _Arrival:
        if existing is None:
            return _Arrival(
                case=case,
                case_id=uuids.uuid7(),
                version=1,
                outcome=RecordOutcome.CREATED,
            )
        return _Arrival(
            case=case,
            case_id=existing.case_id,
            version=existing.version + 1,
            outcome=self._outcome(case.payload, existing),
        )

    def _outcome(self, payload: bytes, existing: _Existing) -> RecordOutcome:
        if existing.status == "deleted" or existing.payload is None:
            return RecordOutcome.REPLACED
        if existing.payload == payload:
            return RecordOutcome.UNCHANGED
        codec = payload_codec()
        kept, sent = codec.restore(existing.payload), codec.restore(payload)
        unchanged = kept == sent or self._same_content(kept, sent)
        return RecordOutcome.UNCHANGED if unchanged else RecordOutcome.REPLACED

    def _end_versions(self, cases: list[UUID]) -> None:
        if not cases:
            return
        take_from_totals(self._connection, self._practice_id, cases)
        keep_versions(self._connection, self._practice_id, cases, ended_by=self._ended_by)
        for table in _OF_CASES:
            self._connection.execute(
                f"DELETE FROM {table} WHERE practice_id = %s AND case_id = ANY(%s)",  # noqa: S608 - names of ours
                (self._practice_id, cases),
            )

    def _load(self, arrivals: list[_Arrival]) -> None:
        if not arrivals:
            return
        keys = [f"{self._practice_id}\t{arrival.case_id}\t" for arrival in arrivals]
        keyed = list(zip(keys, arrivals, strict=True))
        load_rows(
            self._connection,
            Rows(
                table="cases",
                columns=_KEY + _STORE_COLUMNS + CASE_COLUMNS,
                lines=(key + self._store_fields(a) + a.case.rows.case for key, a in keyed),
            ),
            Rows(
                table="case_staff",
                columns=_KEY + STAFF_COLUMNS,
                lines=(key + line for key, a in keyed for line in a.case.rows.staff),
            ),
            Rows(
                table="measure_outcomes",
                columns=_KEY + OUTCOME_COLUMNS,
                lines=(key + line for key, a in keyed for line in a.case.rows.outcomes),
            ),
            Rows(
                table="asc_outcomes",
                columns=_KEY + ASC_OUTCOME_COLUMNS,
                lines=(key + line for key, a in keyed for line in a.case.rows.asc_outcomes),
            ),
            Rows(
                table="case_payloads",
                columns=(*_KEY, "data_key", "data"),
                lines=(key + self._sealed_fields(a) for key, a in keyed),
            ),
            few=sum(map(_number_of_rows, arrivals)) <= FEW_ROWS,
        )

    def _store_fields(self, arrival: _Arrival) -> str:
        case = arrival.case
        status = "held" if case.held else "active"
        return (
            f"{copy_text(case.anesthesia_record_id)}\t{self._sandbox}\t{status}"
            f"\t{arrival.version}\t{self._submission_id}\t{case.number}"
            f"\t{self._stored_at}\t{self._schema_version}\t"
        )

    def _sealed_fields(self, arrival: _Arrival) -> str:
        data_key, sealed = self._seals.seal(arrival.case_id, arrival.case.payload)
        return f"{data_key}\t{copy_text(sealed)}"

    def _result(self, arrival: _Arrival) -> RecordResult:
        is_held = arrival.case.held and arrival.outcome is not RecordOutcome.UNCHANGED
        return RecordResult(
            number=arrival.case.number,
            line=arrival.case.line,
            anesthesia_record_id=arrival.case.anesthesia_record_id,
            outcome=RecordOutcome.HELD if is_held else arrival.outcome,
            case_id=arrival.case_id,
        )


def _number_of_rows(arrival: _Arrival) -> int:
    rows = arrival.case.rows
    return 2 + len(rows.staff) + len(rows.outcomes) + len(rows.asc_outcomes)


def keep_versions(
    connection: Connection, practice: PracticeId, cases: list[UUID], *, ended_by: str
) -> None:
    """Put the cases as they stand into their history."""
    connection.execute(
        """
        INSERT INTO case_versions
            (practice_id, case_id, version, ended_at, ended_by, "row", staff, payload, data_key)
        SELECT c.practice_id, c.case_id, c.version, now(), %(ended_by)s, to_jsonb(c),
               (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position) FROM case_staff s
                WHERE s.practice_id = c.practice_id AND s.case_id = c.case_id),
               p.data, p.data_key
        FROM cases c
        JOIN case_payloads p ON p.practice_id = c.practice_id AND p.case_id = c.case_id
        WHERE c.practice_id = %(practice)s AND c.case_id = ANY(%(cases)s)
        """,
        {"practice": practice, "cases": cases, "ended_by": ended_by},
    )
