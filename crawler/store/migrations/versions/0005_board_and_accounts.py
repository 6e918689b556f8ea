"""The board that the page shows, and who may act on it."""

import sqlalchemy as sa
from alembic import op

from crawler.store.columns import Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", KEY, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_table(
        "account",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "login",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_account_id_account")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_login")),
    )
    op.create_index(op.f("ix_login_account_id"), "login", ["account_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_account"), "audit", ["account"], unique=False)
    op.create_index(op.f("ix_event_kind_id"), "event", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_change_kind_id"), "change", ["kind", "id"], unique=False)
    news = sa.text("kind != 'quiet'")
    for name, columns in (("ix_event_news", ["id"]), ("ix_event_news_year", ["year", "id"])):
        op.create_index(name, "event", columns, sqlite_where=news, postgresql_where=news)
    for table in ("change", "finding"):
        op.create_index(op.f(f"ix_{table}_year_id"), table, ["year", "id"], unique=False)
    op.create_index(op.f("ix_finding_kind_id"), "finding", ["kind", "id"], unique=False)
    op.create_index(op.f("ix_filing_year_agency_id"), "filing", ["year", "agency_id"], unique=False)
    waits = sa.text("decision = 'review'")
    op.create_index("ix_filing_waiting", "filing", ["entry_id"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_filing_waiting", table_name="filing")
    op.drop_index(op.f("ix_filing_year_agency_id"), table_name="filing")
    op.drop_index(op.f("ix_finding_kind_id"), table_name="finding")
    for table in ("change", "finding"):
        op.drop_index(op.f(f"ix_{table}_year_id"), table_name=table)
    for name in ("ix_event_news", "ix_event_news_year"):
        op.drop_index(name, table_name="event")
    op.drop_index(op.f("ix_change_kind_id"), table_name="change")
    op.drop_index(op.f("ix_event_kind_id"), table_name="event")
    for table in ("audit", "login", "account", "board"):
        op.drop_table(table)
