"""How versions differ, what people did, the chain of hashes, the request beside its answer, who is delivering what."""

import sqlalchemy as sa
from alembic import op

from crawler.store.columns import Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("before_capture", KEY, nullable=True),
        sa.Column("after_capture", KEY, nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["before_capture"], ["capture.id"], name=op.f("fk_change_before_capture_capture")),
        sa.ForeignKeyConstraint(["after_capture"], ["capture.id"], name=op.f("fk_change_after_capture_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("key", name=op.f("uq_change_key")),
    )
    op.create_index(op.f("ix_change_at"), "change", ["at"])
    op.create_index(op.f("ix_change_agency_id_year"), "change", ["agency_id", "year"])
    op.create_table(
        "act",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("finding_key", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_index(op.f("ix_act_agency_id_year"), "act", ["agency_id", "year"])
    op.create_index(op.f("ix_act_recipient_channel"), "act", ["recipient", "channel"])
    op.create_table(
        "seal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
        sa.UniqueConstraint("kind", "row_id", name=op.f("uq_seal_kind_row_id")),
        sa.UniqueConstraint("previous", name=op.f("uq_seal_previous")),
        sa.UniqueConstraint("hash", name=op.f("uq_seal_hash")),
    )
    op.add_column("capture", sa.Column("request", Json, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("delivery", sa.Column("edition", sa.Text(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("sender", sa.Text(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("leased_until", Moment(), nullable=True))
    op.add_column("delivery", sa.Column("next_try_at", Moment(), nullable=True))
    op.create_index(
        "uq_delivery_edition",
        "delivery",
        ["recipient", "channel", "edition"],
        unique=True,
        sqlite_where=sa.text("edition != ''"),
        postgresql_where=sa.text("edition != ''"),
    )


def downgrade() -> None:
    op.drop_index("uq_delivery_edition", "delivery")
    for column in ("next_try_at", "leased_until", "sender", "edition"):
        op.drop_column("delivery", column)
    op.drop_column("capture", "request")
    op.drop_table("seal")
    op.drop_table("act")
    op.drop_table("change")
