"""Every table, in one import, for migrations and for whatever walks the whole schema."""

from domain.accounts import models as accounts
from domain.availability import models as availability
from domain.events import models as events
from domain.history import models as history
from domain.idempotency import models as idempotency
from domain.platforms import models as platforms
from domain.profiles import models as profiles
from domain.titles import models as titles
from domain.watchlists import models as watchlists
from domain.webhooks import models as webhooks

__all__ = [
    "accounts", "availability", "events", "history", "idempotency", "platforms", "profiles",
    "titles", "watchlists", "webhooks",
]  # fmt: skip
