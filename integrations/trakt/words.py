"""What Trakt means when it refuses, in words for people."""

from domain.errors import DomainError
from domain.sync.ports import UpstreamAway
from domain.trakt.ports import AccountProblem, LinkBroken, VipNeeded
from integrations.upstreams.errors import Refused

_PENDING, _DENIED = 400, 418
SIGN_IN = {404: "unknown", 409: "used", 410: "expired", _DENIED: "denied"}
"""How a sign-in by code has ended, by status; 400 is none of them: it goes on."""


def meaning(refused: Refused) -> DomainError:
    """The error that says what to do about a refusal."""
    match refused.status:
        case 401:
            return LinkBroken()
        case 403:
            return dead_client()
        case 420:
            return AccountProblem(
                "A list at Trakt is full: this account may have no more items in it. Remove some"
                " there, or get VIP, which allows more."
            )
        case 423:
            return AccountProblem(
                "Trakt has locked this account. Its owner has to ask Trakt's support to open it."
            )
        case 426:
            return VipNeeded()
        case _:
            return refused


def dead_client() -> UpstreamAway:
    """For a client id that Trakt doesn't accept, which only the instance's owner can put right."""
    return UpstreamAway(
        "Trakt doesn't accept this instance's client id: the application behind it was removed or"
        " never approved. Make one at trakt.tv/oauth/applications and put its client id and secret"
        " into the settings. A file exported from Trakt can be brought here without.",
        permanent=True,
    )
