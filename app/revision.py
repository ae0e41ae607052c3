"""The newest revision of the database's schema, without loading what migrates it."""

from pathlib import Path

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


def newest() -> str:
    """The revision the code needs. Files are numbered, so the last name is the newest."""
    return max(path.name for path in VERSIONS.glob("[0-9]*.py")).partition("_")[0]
