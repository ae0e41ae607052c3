"""Indexes for what an admin looks for: last days that sources name, and offers that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "offer_claims_days",
        "offer_claims",
        ["expires_on"],
        postgresql_where=sa.text("expires_on IS NOT NULL AND there"),
    )
    op.create_index(
        "offers_gone", "offers", ["gone_at"], postgresql_where=sa.text("gone_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("offers_gone", table_name="offers")
    op.drop_index("offer_claims_days", table_name="offer_claims")
