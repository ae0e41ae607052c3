"""Whom we ask about titles and offers: from settings to clients, and their connections' end."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from app.ollama import bearer
from app.settings import Settings
from domain.filler.ports import CommunityLists
from domain.ports import DemoClock, Writer
from domain.sync.ports import OfferSource
from domain.titles.ports import Metadata
from domain.trakt.ports import Trakt as TraktPort
from integrations.demo_clock import StandInClock
from integrations.justwatch.client import JustWatch
from integrations.ollama.client import PATIENCE as TO_WRITE
from integrations.ollama.client import Ollama
from integrations.tmdb.client import Tmdb
from integrations.trakt.client import Trakt
from integrations.trakt.filler import TraktLists
from integrations.upstreams.http import Patience, Upstream

SIMULATED = "simulator/justwatch"
_SIMULATED_BATCH = 50
_SIMULATED_CLIENT = "streaming-stack"
# Somebody waits in front of a page that is given up after 10 s; a job is given up after 45.
_AT_THE_DOOR = Patience(connect_s=3.0, read_s=6.0, deadline_s=6.0, attempts=2)
_IN_A_JOB = Patience(deadline_s=20.0)


@dataclass(frozen=True, slots=True)
class Upstreams:
    """offers: who is asked where titles are; None where nobody may be. clock: the stand-ins', where
    it is they who are asked that. trakt: reads people's own accounts there; None where there is no
    client id. metadata: knows facts about titles; None without a token, as the stand-ins know only
    what we know. writer: a language model; None where no address is set. lists: reads public lists
    of people at Trakt.
    """

    offers: OfferSource | None = None
    clock: DemoClock | None = None
    trakt: TraktPort | None = None
    metadata: Metadata | None = None
    writer: Writer | None = None
    lists: CommunityLists | None = None


NOBODY = Upstreams()


@asynccontextmanager
async def open_upstreams(settings: Settings) -> AsyncIterator[Upstreams]:
    """The clients, for as long as the block runs. Nobody is asked anything yet."""
    async with AsyncExitStack() as stack:

        def upstream(
            name: str,
            url: str,
            per_second: float | None,
            patience: Patience | None = None,
            headers: Mapping[str, str] | None = None,
        ) -> Upstream:
            opened = Upstream(name, url, per_second=per_second, patience=patience, headers=headers)
            stack.push_async_callback(opened.close)
            return opened

        url = settings.simulators_url
        offers: OfferSource | None = None
        clock: DemoClock | None = None
        metadata: Tmdb | None = None
        if settings.tmdb_token:
            asked = upstream("TMDB", settings.tmdb_url, settings.tmdb_per_second)
            metadata = Tmdb(asked, settings.tmdb_token.get_secret_value())
        if settings.justwatch:
            asked = upstream("JustWatch", settings.justwatch_url, settings.justwatch_per_second)
            offers = JustWatch(asked)
        elif metadata:
            offers = metadata
        elif url:
            asked = upstream("The JustWatch stand-in", f"{url}/justwatch/graphql", None)
            offers = JustWatch(asked, name=SIMULATED, batch=_SIMULATED_BATCH)
            # Whoever moves it has the sync ask at once, which nobody but an admin may of real ones.
            clock = StandInClock(url)
        trakt: TraktPort | None = None
        lists: CommunityLists | None = None
        secret = settings.trakt_client_secret
        if settings.trakt_client_id and secret:
            pace = settings.trakt_per_second
            asked = upstream("Trakt", settings.trakt_url, pace, _IN_A_JOB)
            lists = TraktLists(asked, settings.trakt_client_id)
            trakt = Trakt(
                asked,
                upstream("Trakt", settings.trakt_auth_url, pace, _AT_THE_DOOR),
                settings.trakt_client_id,
                secret.get_secret_value(),
            )
        elif url:
            name, base = "The Trakt stand-in", f"{url}/trakt"
            asked = upstream(name, base, None, _IN_A_JOB)
            lists = TraktLists(asked, _SIMULATED_CLIENT)
            trakt = Trakt(
                asked,
                upstream(name, base, None, _AT_THE_DOOR),
                _SIMULATED_CLIENT,
                "",
                stand_in=True,
            )
        writer: Writer | None = None
        if settings.ollama_url:
            shown = bearer(settings.ollama_token)
            asked = upstream("Ollama", settings.ollama_url, None, TO_WRITE, shown)
            writer = Ollama(asked, settings.ollama_model, at_once=settings.ollama_parallel)
        yield Upstreams(offers, clock, trakt, metadata, writer, lists)


def needs_stand_ins(settings: Settings) -> bool:
    """Whether there is nobody else to ask where titles are; for our own servers, as what stand-ins
    say is made up and has no place in a database that somebody brought.
    """
    real = settings.justwatch or settings.tmdb_token
    return settings.demo and not real and settings.simulators_url is None
