"""Every question that our clients ask, and what must be true of each answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.delivery.values import Email
from domain.sync.payloads import decode
from domain.sync.values import Answer, Asked, Unanswered
from domain.trakt.values import DeviceCode, Tokens
from integrations.justwatch.client import JustWatch
from integrations.justwatch.popular import popular
from integrations.ollama.client import Ollama
from integrations.resend.client import Resend
from integrations.telegram.client import Telegram
from integrations.tmdb.client import Tmdb
from integrations.trakt.client import Trakt
from integrations.upstreams.http import Upstream

DAY = datetime(2026, 11, 1, tzinfo=UTC)
COUNTRIES = ("GB", "US")
EMAIL = Email("Guide <guide@example.com>", "ana@example.com", "Leaving soon", "<p>x</p>", "x")
SCHEMA = {
    "type": "object",
    "properties": {"sure": {"type": "boolean"}, "why": {"type": "string"}},
    "required": ["sure", "why"],
}


@dataclass(frozen=True)
class Subject:
    """A title to ask about, and a way into an account."""

    film: Asked
    series: Asked
    imdb_id: str
    seasons: tuple[int, ...]
    tokens: Tokens
    code: DeviceCode


Question = Callable[[Upstream, Subject], Awaitable[Any]]


async def _all(pages: Any) -> list[Any]:
    return [each async for each in pages]


async def _tried(pages: Any) -> list[Any]:
    return [each for page in await _all(pages) for each in page]


def _trakt(upstream: Upstream) -> Trakt:
    return Trakt(upstream, upstream, "app", "app-secret")


async def _films(upstream: Upstream, subject: Subject) -> list[Any]:
    return await _all(JustWatch(upstream).answers([subject.film], COUNTRIES))


async def _series(upstream: Upstream, subject: Subject) -> list[Any]:
    return await _all(JustWatch(upstream).answers([subject.series], COUNTRIES))


async def _watch(upstream: Upstream, subject: Subject) -> list[Any]:
    return await _all(Tmdb(upstream, "key").answers([subject.film], COUNTRIES))


async def _sent(upstream: Upstream, letters: int) -> Any:
    return await Resend(upstream, "re_corpus").send([EMAIL] * letters, f"corpus/{letters}")


async def _told(upstream: Upstream, _: Subject) -> Any:
    return await Telegram(upstream, "42:TEST", per_chat=None).send(7, "<b>Leaving</b> soon")


async def _written(upstream: Upstream, schema: dict[str, Any] | None) -> Any:
    model = Ollama(upstream, "mistral:7b-instruct")
    return await model.write(
        'Why "Silent Harbour"?', schema=schema, seed=1, most_tokens=200, deadline_s=2
    )


ASKED: dict[str, tuple[str, Question]] = {
    "justwatch film": ("/justwatch/graphql", _films),
    "justwatch series": ("/justwatch/graphql", _series),
    "justwatch popular": ("/justwatch/graphql", lambda up, _: _all(popular(up, "US", 50))),
    "tmdb offers": ("/tmdb/3", _watch),
    "tmdb film": ("/tmdb/3", lambda up, s: Tmdb(up, "k").metadata("film", s.film.tmdb_id or 0)),
    "tmdb series": (
        "/tmdb/3", lambda up, s: Tmdb(up, "k").metadata("series", s.series.tmdb_id or 0),
    ),
    "tmdb season": (
        "/tmdb/3", lambda up, s: Tmdb(up, "k").season(s.series.tmdb_id or 0, s.seasons[0]),
    ),
    "tmdb find": ("/tmdb/3", lambda up, s: Tmdb(up, "k").find(s.imdb_id)),
    "tmdb changes": (
        "/tmdb/3",
        lambda up, _: Tmdb(up, "k").changes("film", DAY.date(), (DAY + timedelta(9)).date()),
    ),
    "trakt code": ("/trakt", lambda up, _: _trakt(up).start()),
    "trakt poll": ("/trakt", lambda up, s: _trakt(up).poll(s.code)),
    "trakt refresh": ("/trakt", lambda up, s: _trakt(up).refresh(s.tokens)),
    "trakt activities": ("/trakt", lambda up, s: _trakt(up).last_activities(s.tokens)),
    "trakt history": ("/trakt", lambda up, s: _tried(_trakt(up).history(s.tokens))),
    "trakt ratings": ("/trakt", lambda up, s: _tried(_trakt(up).ratings(s.tokens))),
    "trakt watchlist": ("/trakt", lambda up, s: _tried(_trakt(up).watchlist(s.tokens))),
    "resend letter": ("/resend", lambda up, _: _sent(up, 1)),
    "resend letters": ("/resend", lambda up, _: _sent(up, 3)),
    "telegram message": ("/telegram", _told),
    "ollama text": ("/ollama", lambda up, _: _written(up, None)),
    "ollama json": ("/ollama", lambda up, _: _written(up, SCHEMA)),
}  # fmt: skip


Covered = set[tuple[str, int, str, str, int]]


def complete(found: Any, seasons: Sequence[int] = ()) -> Covered | None:
    """What an answer presents as all there is; None where it doesn't.

    seasons: those that an offer of a whole series stands for.
    """
    assert isinstance(found, list)
    (said,) = found
    if isinstance(said, Unanswered):
        assert said.reason
        return None
    assert isinstance(said, Answer)
    if said.rejected:
        return None
    return {
        (each.country, each.package_id, each.monetization, each.quality, season)
        for each in decode(said.payload)
        for season in ([each.season_number] if each.season_number else seasons or [0])
    }
