"""What is exported of a practice, table by table, and what is not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from psycopg import Connection

from app.domain.identifiers import PracticeId

_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows of one table as JSON Lines, all columns but those `without`; `about` says what they are.

    `key` is the column that names the practice.
    """

    table: str
    about: str
    without: tuple[str, ...] = ()
    key: str = "practice_id"


PARTS: Final = (
    Part(table="practices", key="id", about="The practice: name, addresses, contacts."),
    Part(table="practice_tins", about="Its TINs and from when to when they hold."),
    Part(table="facilities", about="Its facilities."),
    Part(table="clinicians", about="Its clinicians: the provider list."),
    Part(table="employments", about="From when to when a clinician bills under a TIN."),
    Part(table="subgroups", about="Clinicians who report an MVP together."),
    Part(table="virtual_groups", about="TINs that report together."),
    Part(table="roster_changes", about="Every change of the roster, before and after."),
    Part(table="reconciliation_decisions", about="What was decided about TINs and NPIs of cases."),
    Part(table="agreements", about="Agreements with the registry."),
    Part(table="registrations", about="Registrations for reporting, by performance year."),
    Part(table="consents", about="Consents of clinicians, withdrawn ones too."),
    Part(table="activity_attestations", about="Improvement activities that were attested."),
    Part(table="asc_figures", about="Figures that surgical centers entered."),
    Part(
        table="submissions",
        about="Receipts. `sha256` names the file as received, under files/, if it is kept.",
        without=("failure_cause",),
    ),
    Part(table="submission_records", about="What became of each record of a submission."),
    Part(table="submission_findings", about="What was found in the files, with line and path."),
    Part(table="submission_finding_counts", about="How many findings of each code there were."),
    Part(table="period_replacements", about="Files that replaced a period: preview, word, undo."),
    Part(table="period_replacement_cases", about="The cases that disappeared with them."),
    Part(table="accepted_findings", about="Warnings that the practice accepted, and why."),
    Part(
        table="cases",
        about="Cases as they stand, held and deleted ones too. Those of the sandbox are marked so."
        " Who the patient is stands in the files as received alone.",
    ),
    Part(table="case_staff", about="Who took part in each case."),
    Part(table="measure_outcomes", about="Where each case stands in each measure, and why."),
    Part(table="asc_outcomes", about="The same for the measures of surgical centers."),
    Part(
        table="case_versions",
        about="Earlier versions of cases: fields, staff, when and by what each ended.",
        without=("payload",),
    ),
    Part(table="outcome_versions", about="Versions of the rules that decided where cases stand."),
    Part(table="backfills", about="When stored cases were decided anew by changed rules."),
    Part(table="backfill_moves", about="The cases that landed elsewhere by them."),
    Part(table="backfill_counts", about="What results came to before and after."),
    Part(table="case_counts", about="Case counts; an empty TIN or NPI stands for all."),
    Part(table="measure_counts", about="Measure results, as counts."),
    Part(table="group_counts", about="Results of subgroups and virtual groups, as counts."),
    Part(table="peer_comparisons", about="How the results stand among those of peers."),
    Part(table="feedback_reports", about="Feedback reports as they were made."),
    Part(table="feedback_requests", about="Which of them were asked for, and what came of it."),
    Part(table="feedback_quarters", about="The quarters whose reports were made by themselves."),
    Part(table="feedback_deliveries", about="Who received which feedback report."),
    Part(table="feedback_reminders", about="Which users were reminded of feedback reports."),
    Part(table="cms_submissions", about="What was made for CMS, by performance year."),
    Part(
        table="cms_documents",
        about="Of each document for CMS: of whom it is, what was left out and why, whether it was"
        " sent. Itself it stands under cms/.",
        without=("content", "data_key"),
    ),
    Part(table="asc_counts", about="Results of surgical centers, as counts."),
    Part(table="field_counts", about="How many cases tell each field, by month."),
    Part(table="purged_case_counts", about="How cases counted that are purged."),
    Part(table="frozen_counts", about="Counts that are billed, with the ids of their cases."),
    Part(table="orders", about="Orders, cancelled ones too."),
    Part(table="invoices", about="Invoices and credits."),
    Part(table="invoice_payments", about="What was paid on them."),
    Part(table="reconciled_years", about="Program years that are reconciled."),
    Part(table="confirmations", about="Letters that confirmed orders, registrations, invoices."),
    Part(table="grants", about="What the practice granted to vendors."),
    Part(table="practice_mail_domains", about="Domains whose addresses may be written to."),
    Part(table="retention_policies", about="How long the cases are kept, if it was set."),
    Part(table="legal_holds", about="Legal holds."),
    Part(table="purges", about="What was purged, in figures."),
    Part(table="exports", about="Exports like this one."),
    Part(table="audit_entries", about="The audit trail, as a chain."),
)
LEFT_OUT: Final = {
    "case_payloads": "the records as received stand in the files as received",
    "data_keys": "the keys that seal its records; what is exported is opened",
    "audit_heads": "the newest entry of the trail is the head of its chain",
    "idempotency_keys": "how requests are told apart that come twice",
    "submission_progress": "how far files are that are taken in at the moment",
    "submission_mails": "letters on their way: each tells a receipt",
    "webhook_deliveries": "events on their way: each tells a receipt",
}
"""Tables with a practice whose rows are no part of its data, and why."""
_KEYS: Final = """
    SELECT to_jsonb(k) - 'practice_ids' FROM api_keys k
    WHERE practice_ids @> ARRAY[%(practice)s] ORDER BY id"""
# An address of a vendor's may hold a secret of the vendor, and tells of several practices.
_WEBHOOKS: Final = """
    SELECT to_jsonb(w) FROM webhooks w JOIN api_keys k ON k.id = w.api_key_id
    WHERE k.practice_ids = ARRAY[%(practice)s] AND k.role = 'practice' ORDER BY w.id"""
_PEOPLE: Final = """
    SELECT jsonb_build_object('id', id, 'email', email, 'name', name, 'role', role, 'npi', npi,
        'created_at', created_at, 'created_by', created_by, 'ended_at', ended_at,
        'last_sign_in_at', last_sign_in_at)
    FROM users WHERE practice_ids @> ARRAY[%(practice)s] AND role IN ('practice', 'clinician')
    ORDER BY id"""
_OTHERS: Final = {
    "users": (_PEOPLE, "The people of the practice who sign in, without any secret."),
    "api_keys": (_KEYS, "The API keys of the practice by label and role, without any secret."),
    "webhooks": (_WEBHOOKS, "The webhooks of its own keys: addresses, without any secret."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRows:
    """The rows of one part; `rows` yields each as a line of JSON, a few at a time in memory."""

    name: str
    about: str
    rows: Iterator[str]


class ExportedPractice:
    """All that is exported of a practice, as of one moment; the transaction shows one."""

    def __init__(self, connection: Connection, practice: PracticeId) -> None:
        self._connection = connection
        self._practice = practice

    def parts(self) -> Iterator[ExportedRows]:
        """Each to be read to its end before the next one."""
        for part in PARTS:
            yield ExportedRows(name=part.table, about=part.about, rows=self._lines(_question(part)))
        for name, (question, about) in _OTHERS.items():
            yield ExportedRows(name=name, about=about, rows=self._lines(question))

    def files(self) -> list[str]:
        """The SHA-256 of each file as received that is kept, in the order of arrival."""
        rows = self._connection.execute(
            """SELECT sha256 FROM submissions
               WHERE practice_id = %s AND status <> 'rejected' AND purged_at IS NULL
               GROUP BY sha256 ORDER BY min(id::text)""",
            (self._practice,),
        )
        return [row[0] for row in rows]

    def _lines(self, question: str) -> Iterator[str]:
        with self._connection.cursor(name=f"export_{uuid4().hex}") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            as_text = f"SELECT q::text FROM ({question}) AS rows (q)"  # noqa: S608 - ours
            cursor.execute(as_text.encode(), self._asked)
            for row in cursor:
                yield row[0]

    @property
    def _asked(self) -> dict[str, str]:
        return {"practice": self._practice}


def part_names() -> tuple[str, ...]:
    return (*(part.table for part in PARTS), *_OTHERS)


def _question(part: Part) -> str:
    left_out = "".join(f" - '{column}'" for column in part.without)
    return (
        f"SELECT to_jsonb(t){left_out} FROM {part.table} t"  # noqa: S608 - names of ours
        f" WHERE {part.key} = %(practice)s"
    )
