"""Binge plans, who says what is filler, and what became of the lines that a model wrote."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "why_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("prompt", sa.Integer(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "model", "prompt", "outcome", "reason"),
    )
    op.create_table(
        "binge_plans",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("minutes", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("skip_filler", sa.Boolean(), nullable=False),
        sa.Column("specials", sa.Boolean(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("seasons", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("skip_credits_min", sa.SmallInteger(), nullable=True),
        sa.Column("skip_recap_min", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("finishes_on", sa.Date(), nullable=True),
        sa.Column("latest_start", sa.Date(), nullable=True),
        sa.Column("episodes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("filler", sa.Integer(), server_default="0", nullable=False),
        sa.Column("planned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("planned_min", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "minutes_by_weekday",
            postgresql.ARRAY(sa.SmallInteger()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "sentence", sqlmodel.sql.sqltypes.AutoString(), server_default="", nullable=False
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profiles.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("profile_id", "title_id"),
    )
    op.create_index(
        "binge_plans_stale",
        "binge_plans",
        ["stale_at"],
        unique=False,
        postgresql_where=sa.text("stale_at IS NOT NULL"),
    )
    op.create_index("binge_plans_title", "binge_plans", ["title_id"], unique=False)
    op.create_table(
        "filler_claims",
        sa.Column("episode_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("episode_id", "source"),
    )
    op.create_index("filler_claims_source", "filler_claims", ["source"], unique=False)
    op.create_table(
        "filler_votes",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["profile_id"], ["profiles.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("profile_id", "episode_id"),
    )
    op.create_index("filler_votes_episode", "filler_votes", ["episode_id"], unique=False)
    op.create_table(
        "binge_slots",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("episode_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column(
            "seasons", postgresql.ARRAY(sa.SmallInteger()), server_default="{}", nullable=False
        ),
        sa.Column(
            "numbers", postgresql.ARRAY(sa.SmallInteger()), server_default="{}", nullable=False
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profiles.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["title_id"], ["titles.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("profile_id", "title_id", "day"),
    )
    op.add_column("episodes", sa.Column("filler_confidence", sa.Float(), nullable=True))
    op.add_column(
        "profiles",
        sa.Column("skip_credits_min", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.add_column(
        "profiles",
        sa.Column("skip_recap_min", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.execute("""
        INSERT INTO filler_claims (episode_id, source, verdict, confidence, heard_at)
        SELECT id, filler_source, filler, 0.9, now() FROM episodes
        WHERE filler_source IS NOT NULL AND filler <> 'unknown'
    """)
    op.execute("UPDATE episodes SET filler_confidence = 0.9 WHERE filler_source IS NOT NULL")


def downgrade() -> None:
    op.drop_column("profiles", "skip_recap_min")
    op.drop_column("profiles", "skip_credits_min")
    op.drop_column("episodes", "filler_confidence")
    op.drop_table("binge_slots")
    op.drop_index("filler_votes_episode", table_name="filler_votes")
    op.drop_table("filler_votes")
    op.drop_index("filler_claims_source", table_name="filler_claims")
    op.drop_table("filler_claims")
    op.drop_index("binge_plans_title", table_name="binge_plans")
    op.drop_index(
        "binge_plans_stale",
        table_name="binge_plans",
        postgresql_where=sa.text("stale_at IS NOT NULL"),
    )
    op.drop_table("binge_plans")
    op.drop_table("why_tallies")
