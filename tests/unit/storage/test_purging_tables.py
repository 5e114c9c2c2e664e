"""A table that is added one day must be purged, or be named here as one that stays."""

from app.storage.keeping.purging import CASE_TABLES, SUBMISSION_TABLES
from app.storage.tables import metadata

# They tell when something was sent and how much of it there was, and nothing of a patient.
_STAY = {
    "submission_finding_counts",
    "period_replacements",
    "webhook_deliveries",
    "submission_mails",
    *CASE_TABLES,
}


def _tables_with(column: str) -> set[str]:
    return {table.name for table in metadata.sorted_tables if column in table.c}


def test_whatever_has_a_row_for_a_case_is_purged() -> None:
    assert _tables_with("case_id") - {"submission_records"} == set(CASE_TABLES)


def test_whatever_is_told_of_the_records_of_a_submission_is_purged() -> None:
    assert _tables_with("submission_id") - _STAY == set(SUBMISSION_TABLES) - set(CASE_TABLES)
