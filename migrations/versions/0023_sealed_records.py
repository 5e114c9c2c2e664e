"""Data keys, beside every record the one that sealed it; what says whose case it is, in no column.

A migration does not know the keys. Records from before have no data key and stand there in clear,
until `nacor encryption rotate --re-encrypt` seals them.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from app.storage.row_security import bound_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SEALED: Final = ("case_payloads", "case_versions")
_IDENTIFIERS: Final = ("patient_id", "date_of_birth", "home_zip", "procedure_id")


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("practice_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("master_key", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        _begins("created_at"),
        sa.PrimaryKeyConstraint("practice_id", "number", name=op.f("pk_data_keys")),
    )
    op.create_table(
        "re_encryptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        _begins("begun_at"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_re_encryptions")),
    )
    op.create_index(
        "ix_re_encryptions_under_way",
        "re_encryptions",
        [sa.literal_column("(ended_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for table in ("data_keys", "re_encryptions"):  # the registry itself looks keys up
        for statement in bound_table(table, rows="false"):
            op.execute(statement)
    for table in _SEALED:
        op.add_column(table, sa.Column("data_key", sa.Integer(), nullable=True))
    for column in _IDENTIFIERS:
        op.drop_column("cases", column)
    removed = "".join(f" - '{column}'" for column in _IDENTIFIERS)
    op.execute(f'UPDATE case_versions SET "row" = "row"{removed}')  # noqa: S608 - names of ours


def downgrade() -> None:
    """Refused where records are sealed: the release before could not read one of them."""
    for table in _SEALED:
        op.execute(
            f"""DO $$ BEGIN
                    IF EXISTS (SELECT FROM {table} WHERE data_key IS NOT NULL) THEN
                        RAISE EXCEPTION 'records are sealed: this cannot be taken back';
                    END IF;
                END $$"""
        )
        op.drop_column(table, "data_key")
    for column in _IDENTIFIERS:
        kind = sa.Date() if column == "date_of_birth" else sa.Text()
        op.add_column("cases", sa.Column(column, kind, nullable=True))
    op.drop_table("re_encryptions")
    op.drop_table("data_keys")


def _begins(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
