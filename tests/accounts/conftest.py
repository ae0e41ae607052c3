"""The services of accounts and profiles, on a database of the test's own."""

import pytest

from domain.accounts.service import Door
from domain.db import Database
from domain.ports import Cache
from domain.profiles.pins import Pins
from integrations.limiter import LocalLimiter


@pytest.fixture
def limiter() -> LocalLimiter:
    """Counts in this process: a Valkey slow to answer under load would start counting anew."""
    return LocalLimiter()


@pytest.fixture
def door(database: Database, cache: Cache, limiter: LocalLimiter) -> Door:
    """The door, with the limits that are the default."""
    return Door(database, cache, limiter, country="DE", time_zone="Europe/Berlin")


@pytest.fixture
def pins(database: Database, cache: Cache, limiter: LocalLimiter) -> Pins:
    """Opens profiles."""
    return Pins(database, cache, limiter)
