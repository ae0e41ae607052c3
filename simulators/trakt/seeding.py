"""Somebody who has used Trakt for a year, and lists of fillers, out of a world and a seed."""

from datetime import timedelta
from random import Random

from simulators.clock import Clock
from simulators.trakt.state import Listing, Mark, State, User
from simulators.trakt.titles import Thing
from simulators.world import World

USERS = (("ana", False), ("ben", True))  # ben pays
PLAYS = 320
_DAYS = 400


def seeded(world: World, clock: Clock, seed: int) -> State:
    """Trakt with two users of some history each, and what others have listed."""
    state = State(world, clock, Random(f"trakt {seed}"))
    for name, vip in USERS:
        user = state.users[name] = User(name, vip=vip)
        fill(state, user, Random(f"trakt {seed} {name}"), PLAYS)
    _fillers(state)
    return state


def fill(state: State, user: User, draw: Random, plays: int) -> None:
    """Let somebody have watched, rated and listed things. draw: decides which."""
    titles = [state.world.titles[number] for number in sorted(state.world.titles)]
    if not titles or plays <= 0:
        return
    things: list[Thing] = []
    while len(things) < plays:
        title = draw.choice(titles)
        if title.kind == "film":
            things.append(Thing("movie", title.number))
            continue
        aired = list(state.catalogue.episodes(title, state.clock.today()))
        seen = aired[: draw.randint(1, len(aired))] if aired else []
        things += [Thing("episode", title.number, s.number, e.number) for s, e in seen]
        if not aired and all(each.kind == "series" for each in titles):
            break  # a world of shows without episodes
    start = state.clock.now() - timedelta(days=_DAYS)
    step = timedelta(days=_DAYS) / (len(things[:plays]) + 1)
    for place, thing in enumerate(things[:plays], 1):
        state.play(user, thing, start + step * place, draw.choice(("scrobble", "watch")))
    watched = sorted({thing.number for thing in things[:plays]})
    for number in draw.sample(watched, min(40, len(watched) * 2 // 3)):
        kind = "movie" if state.world.titles[number].kind == "film" else "show"
        state.rate(user, Thing(kind, number), draw.randint(3, 10), state.clock.now())
    unseen = [title for title in titles if title.number not in watched] or titles
    for title in draw.sample(unseen, min(25, len(unseen))):
        kind = "movie" if title.kind == "film" else "show"
        state.watchlist(user, Thing(kind, title.number), state.clock.now())


def _fillers(state: State) -> None:
    """Two people's lists of every fifth episode of the longest shows, which agree on most."""
    shows = [title for title in state.world.titles.values() if title.kind == "series"]
    shows.sort(key=lambda title: (-sum(len(s.episodes) for s in title.seasons), title.number))
    for place, owner in enumerate(("filler-fan", "canon-keeper")):
        state.users[owner] = User(owner)
        for show in shows[:3]:
            slug = state.catalogue.slugs[show.number]
            episodes = [
                Thing("episode", show.number, season.number, episode.number)
                for season in show.seasons
                if season.number
                for episode in season.episodes
            ]
            chosen = episodes[4 + place :: 5] if place else episodes[4::5]
            if place and len(episodes) > 4:
                chosen = [episodes[4], *chosen]
            now = state.clock.now()
            listing = Listing(
                id=state.next_id() % 1_000_000 + 1_000,
                slug=f"{slug}_filler",
                name=f"{slug}_filler",
                owner=owner,
                created_at=now,
                description=f"Episodes of {show.name} that can be skipped",
                likes=3 - place,
                marks=[Mark(state.next_id(), now, thing) for thing in chosen],
            )
            state.lists[listing.id] = listing
