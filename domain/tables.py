"""Every table, in one import, for migrations and for whatever walks the whole schema."""

from domain.accounts import models as accounts
from domain.availability import models as availability
from domain.binge import models as binge
from domain.events import models as events
from domain.filler import models as filler
from domain.history import models as history
from domain.idempotency import models as idempotency
from domain.imports import models as imports
from domain.jobs import models as jobs
from domain.platforms import models as platforms
from domain.profiles import models as profiles
from domain.sync import models as sync
from domain.titles import models as titles
from domain.trakt import models as trakt
from domain.watchlists import models as watchlists
from domain.webhooks import models as webhooks
from domain.why import models as why

__all__ = [
    "accounts", "availability", "binge", "events", "filler", "history", "idempotency", "imports",
    "jobs", "platforms", "profiles", "sync", "titles", "trakt", "watchlists", "webhooks", "why",
]  # fmt: skip
