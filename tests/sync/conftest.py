"""The stage on which runs are played."""

import pytest

from domain.db import Database
from tests.sync.stage import Stage


@pytest.fixture
def stage(database: Database) -> Stage:
    """An empty one, with a clock that stands still while nobody looks."""
    return Stage(database)
