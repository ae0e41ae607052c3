"""The services that an edge (a resolver, a route, a job) may call, wired once in `app/`."""

from dataclasses import dataclass, field

from domain.accounts.service import Door
from domain.db import Database
from domain.filler.ports import CommunityLists
from domain.ports import Cache, DemoClock, Limiter, Queue, Writer
from domain.profiles.pins import Pins
from domain.recommendations.service import Recommender
from domain.sync.ports import OfferSource
from domain.sync.values import SyncLimits
from domain.titles.ports import Metadata
from domain.trakt.ports import Trakt
from domain.why.service import Whys


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

    webhook_keys: the keys that webhooks may be signed with. queue: tells a worker that a job is
    due; None: workers find out by asking. demo_clock: the stand-ins', where they run. source: whom
    the sync asks where titles are; None: nobody. trakt: reads people's own accounts, if it may.
    metadata: knows facts about titles that our catalogue may lack. lists: reads people's public
    lists of episodes. writer: the language model that phrases lines; None: templates do. whys: who
    has them phrased and waits for it, where a model is set. offer_demo_accounts: whether strangers
    are told how to sign in as one.
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
    queue: Queue | None = None
    demo_clock: DemoClock | None = None
    source: OfferSource | None = None
    trakt: Trakt | None = None
    metadata: Metadata | None = None
    lists: CommunityLists | None = None
    writer: Writer | None = None
    whys: Whys | None = None
    offer_demo_accounts: bool = False
    sync: SyncLimits = field(default_factory=SyncLimits)
