"""Extensions and search configurations."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SIMPLE, ENGLISH = "stack_simple", "stack_english"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    # Names keep every word ("It", "Us" and "Up" are films); synopses are stemmed.
    for name, base, stem in ((SIMPLE, "simple", "simple"), (ENGLISH, "english", "english_stem")):
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = {base})")
        op.execute(
            f"ALTER TEXT SEARCH CONFIGURATION {name} ALTER MAPPING"
            f" FOR hword, hword_part, word WITH unaccent, {stem}"
        )


def downgrade() -> None:
    for name in (ENGLISH, SIMPLE):
        op.execute(f"DROP TEXT SEARCH CONFIGURATION {name}")
