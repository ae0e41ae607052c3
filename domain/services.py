"""The services that an edge (a resolver, a route, a job) may call, wired once in `app/`."""

from dataclasses import dataclass, field

from domain.accounts.service import Door
from domain.db import Database
from domain.ports import Cache, Limiter
from domain.profiles.pins import Pins
from domain.recommendations.service import Recommender


@dataclass(frozen=True, slots=True)
class Limits:
    """How often somebody may do what takes effort; per minute."""

    recommend: int = 10
    recommend_browser: int = 60
    webhook_failures: int = 30
    webhooks: int = 600


@dataclass(frozen=True, slots=True)
class Services:
    """Ports and the services that hold them; limits and defaults as plain values.

    webhook_keys: the keys that webhooks may be signed with.
    """

    database: Database
    cache: Cache
    limiter: Limiter
    door: Door
    pins: Pins
    recommender: Recommender
    limits: Limits
    country: str
    time_zone: str
    webhook_keys: tuple[bytes, ...] = field(default=(), repr=False)
