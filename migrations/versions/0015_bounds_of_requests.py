"""Requests have a role of their own, and row-level security ties it to what their caller reaches.

What a transaction is told: `nacor.practices` (ids separated by commas, or * for every practice),
`nacor.sandbox` and `nacor.caller`. Told nothing, it reaches nothing.
"""

from collections.abc import Iterator
from typing import Final

from alembic import op
from alembic.util import CommandError

from app.storage.bounds import REQUEST_ROLE
from app.storage.database import driver_connection
from app.storage.request_role import RequestRoleMissing, ensure_request_role
from app.storage.row_security import (
    OF_PRACTICE,
    OF_PRACTICE_AND_SIDE,
    bound_table,
    free_table,
    read_and_appended,
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SELECT, _INSERT, _UPDATE, _DELETE = "SELECT", "INSERT", "UPDATE", "DELETE"
_KEPT: Final = (_SELECT, _INSERT, _UPDATE)
_ALL: Final = (*_KEPT, _DELETE)
_EVERY_PRACTICE: Final = "(SELECT nacor_reaches_every_practice())"
_OF_NO_PRACTICE: Final = "practice_id = ''"
_OF_KEY: Final = "api_key_id = (SELECT nacor_caller())"
_OF_WEBHOOK: Final = "webhook_id IN (SELECT id FROM webhooks)"

_OF_PRACTICE: Final = {
    "accepted_findings": _KEPT,
    "activity_attestations": _ALL,
    "agreements": _ALL,
    "asc_counts": _ALL,
    "asc_figures": _KEPT,
    "asc_outcomes": (_SELECT,),
    "case_counts": _ALL,
    "case_payloads": (_SELECT,),
    "case_staff": (_SELECT,),
    "case_versions": (_SELECT, _INSERT),
    "cases": (_SELECT, _UPDATE),
    "clinicians": _ALL,
    "consents": _KEPT,
    "employments": _ALL,
    "facilities": _ALL,
    "grants": _KEPT,
    "measure_counts": _ALL,
    "measure_outcomes": (_SELECT,),
    "period_replacement_cases": (_SELECT,),
    "period_replacements": (_SELECT, _UPDATE),
    "practice_mail_domains": (_SELECT, _INSERT, _DELETE),
    "practice_tins": _ALL,
    "reconciliation_decisions": _KEPT,
    "registrations": _KEPT,
    "roster_changes": (_SELECT, _INSERT),
    "subgroups": _ALL,
    "submission_finding_counts": (_SELECT,),
    "submission_findings": (_SELECT,),
    "submission_mails": (),
    "submission_progress": (_SELECT, _DELETE),
    "submission_records": (_SELECT,),
    "submissions": _KEPT,
    "virtual_groups": _ALL,
}
_WITH_SANDBOX: Final = {"accepted_findings", "cases", "practice_mail_domains", "submissions"}
_OTHERS: Final = {
    "api_key_secrets": (_ALL, "api_key_id IN (SELECT id FROM api_keys)"),
    "api_keys": (_KEPT, f"{_EVERY_PRACTICE} OR id = (SELECT nacor_caller())"),
    "audit_heads": (_KEPT, f"{OF_PRACTICE} OR {_OF_NO_PRACTICE}"),
    "idempotency_keys": (_ALL, f"{_OF_KEY} AND ({OF_PRACTICE} OR {_OF_NO_PRACTICE})"),
    "practices": (_KEPT, OF_PRACTICE.replace("practice_id", "id")),
    "webhook_deliveries": (
        _KEPT,
        f"{_OF_WEBHOOK} AND (practice_id IS NULL OR {OF_PRACTICE})",
    ),
    "webhook_secrets": (_KEPT, _OF_WEBHOOK),
    "webhooks": (_ALL, _OF_KEY),
}
_APPENDED: Final = {
    "audit_entries": (
        f"{OF_PRACTICE} AND (NOT (SELECT nacor_is_sandbox()) OR sandbox)",
        f"({OF_PRACTICE} OR {_OF_NO_PRACTICE}) AND sandbox = (SELECT nacor_is_sandbox())",
    ),
    "organizations": ("true", _EVERY_PRACTICE),
    "provider_list_orders": ("true", _EVERY_PRACTICE),
}

_FUNCTIONS: Final = """
    CREATE FUNCTION nacor_practices() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT string_to_array(current_setting('nacor.practices', true), ',') $$;
    CREATE FUNCTION nacor_reaches_every_practice() RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT coalesce(current_setting('nacor.practices', true) = '*', false) $$;
    CREATE FUNCTION nacor_is_sandbox() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('nacor.sandbox', true), '')::boolean $$;
    CREATE FUNCTION nacor_caller() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('nacor.caller', true), '')::uuid $$;
"""
# Requests see nothing of the queue; whether a submission stands in it they may ask.
_HAS_A_JOB: Final = """
    DO $do$ BEGIN
        EXECUTE format(
            $format$
            CREATE FUNCTION nacor_has_a_job(submission uuid) RETURNS boolean
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $body$
                SELECT EXISTS (
                    SELECT FROM %I.procrastinate_jobs
                    WHERE task_name = 'process_submission' AND status IN ('todo', 'doing')
                      AND args->>'submission_id' = submission::text)
            $body$
            $format$,
            current_schema());
    END $do$
"""


_USE_SCHEMA: Final = """
    DO $$ BEGIN
        EXECUTE format('{} USAGE ON SCHEMA %I {} {}', current_schema());
    END $$
"""


def upgrade() -> None:
    try:
        ensure_request_role(driver_connection(op.get_bind()))
    except RequestRoleMissing as error:
        raise CommandError(str(error)) from None
    for statement in (_FUNCTIONS, _HAS_A_JOB, *_bindings()):
        op.execute(statement)
    op.execute(_USE_SCHEMA.format("GRANT", "TO", REQUEST_ROLE))
    op.execute("REVOKE ALL ON FUNCTION nacor_has_a_job FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION nacor_has_a_job TO {REQUEST_ROLE}")


def downgrade() -> None:
    """The role stays: it is that of all databases of the server."""
    for table in (*_OF_PRACTICE, *_OTHERS, *_APPENDED):
        for statement in free_table(table):
            op.execute(statement)
    for function in ("practices", "reaches_every_practice", "is_sandbox", "caller", "has_a_job"):
        op.execute(f"DROP FUNCTION nacor_{function}")
    op.execute(_USE_SCHEMA.format("REVOKE", "FROM", REQUEST_ROLE))


def _bindings() -> Iterator[str]:
    for table, privileges in _OF_PRACTICE.items():
        rows = OF_PRACTICE_AND_SIDE if table in _WITH_SANDBOX else OF_PRACTICE
        yield from bound_table(table, *privileges, rows=rows)
    for table, (privileges, rows) in _OTHERS.items():
        yield from bound_table(table, *privileges, rows=rows)
    for table, (read, appended) in _APPENDED.items():
        yield from read_and_appended(table, read=read, appended=appended)
