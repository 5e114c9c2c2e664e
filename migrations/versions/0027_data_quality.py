"""How many cases tell each field, by month; which program sent a file, and files by sender."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from app.storage.row_security import bound_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TOLD: Final = {
    "patient_sex": "patient_sex NOT IN ('Missing', 'Unknown')",
    "asa_class": "asa_class <> 'Unknown'",
    "procedure_status": "procedure_status <> 'Unknown'",
    "anesthesia_method": """methods @? '$[*].category ? (@ != "Unknown")'""",
    "anesthesia_code": "anesthesia_codes <> '[]'",
    "procedure_code": "procedure_codes <> '[]'",
    "payment_method": """payment_methods @? '$[*] ? (@ != "Unknown")'""",
    "race": "race <> 'Unknown'",
    "home_state": "home_state IS NOT NULL",
    "place_of_service": "place_of_service IS NOT NULL",
    "admission_status": "admission_status <> 'Unknown'",
    "procedure_times": "procedure_start IS NOT NULL AND procedure_end IS NOT NULL",
    "weight": "weight_kg IS NOT NULL",
    "height": "height_cm IS NOT NULL",
    "diagnosis": "diagnoses <> '[]' OR postoperative_diagnoses <> '[]'",
    "disposition": "disposition <> 'Unknown'",
    "discharge": "discharge <> 'Unknown'",
    "temperature": "temperatures <> '[]'",
    "outcome": "outcomes <> '[]'",
    "quality_code": "quality_codes <> '[]'",
}


def upgrade() -> None:
    op.add_column("submissions", sa.Column("software", sa.Text(), nullable=True))
    op.create_index("ix_submissions_of_a_sender", "submissions", ["api_key_id", "id"])
    op.create_table(
        "field_counts",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("performance_year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _TOLD),
        sa.PrimaryKeyConstraint(
            "practice_id", "performance_year", "month", name=op.f("pk_field_counts")
        ),
    )
    for statement in bound_table("field_counts", "SELECT", "INSERT", "UPDATE", "DELETE"):
        op.execute(statement)
    told = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _TOLD.values())
    op.execute(f"""
        INSERT INTO field_counts
        SELECT practice_id, performance_year, extract(month FROM date_of_service), count(*), {told}
        FROM cases WHERE status = 'active' AND NOT sandbox GROUP BY 1, 2, 3
    """)  # noqa: S608 - names of ours


def downgrade() -> None:
    op.drop_table("field_counts")
    op.drop_index("ix_submissions_of_a_sender", table_name="submissions")
    op.drop_column("submissions", "software")
