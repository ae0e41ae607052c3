"""Following a binge: a wish that is kept, planned anew when things change, and told about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.accounts.viewer import Viewer
from domain.binge import plans, questions, service, words
from domain.binge.errors import NotFollowed, NothingLeft, PlanNeedsPro, TooManyBinges
from domain.binge.plans import Slot, Wished
from domain.binge.questions import Asked
from domain.binge.repo import Shown, Whom
from domain.binge.story import story_of
from domain.binge.values import Episode, Schedule, Wish
from domain.db import Record
from domain.events import outbox
from domain.events.values import BingeKind, Event, Topic
from domain.watchlists import repo as watchlists
from domain.watchlists.values import Whose


@dataclass(frozen=True, slots=True)
class Followed:
    """A wish of a profile's for a title. before: its row as it was, None for a new plan."""

    whom: Whom
    title: Shown
    wished: Wished
    before: Record | None

    @property
    def key(self) -> tuple[UUID, int]:
        """The profile and the title."""
        assert self.whom.profile_id is not None
        return self.whom.profile_id, self.title.title_id


async def follow(
    session: AsyncSession, viewer: Viewer, title_id: int, asked: Asked, now: datetime
) -> None:
    """Keep a plan for a title, in the place of the one there was; the same again is no news.

    Raises NotSignedIn, PlanNeedsPro, TooManyBinges, NothingLeft, and what service.schedule does.
    """
    viewer.require_profile()
    if service.is_preview(viewer):
        raise PlanNeedsPro
    # The lock that whoever changes the history takes, too.
    whose = await watchlists.lock(session, Whose.of(viewer, now))
    await watchlists.hold_title(session, whose, title_id)
    whom = Whom(whose.profile_id, whose.country, whose.today, whose.ceiling)
    connection = await session.connection()
    title = await service.look(connection, whom, title_id)
    wish = questions.wish_of(asked, whom.today, title.habits, title.seasons)
    before = await plans.hold(connection, whose.profile_id, title_id)
    if before is None and await plans.count(connection, whose.profile_id) >= plans.MOST_PLANS:
        raise TooManyBinges(plans.MOST_PLANS)
    followed = Followed(whom, title, Wished.of(asked, wish), before)
    # Whoever changes an offer meanwhile doesn't see this plan yet, to say that it is stale. So it
    # begins as stale, and is looked at once more.
    if await settle(session, followed, now, stale_at=now) is None:
        raise NothingLeft


async def unfollow(session: AsyncSession, viewer: Viewer, title_id: int, now: datetime) -> None:
    """Follow a plan no more. Raises NotSignedIn and NotFollowed."""
    whose = await watchlists.lock(session, Whose.of(viewer, now))
    if not await plans.end(await session.connection(), whose.profile_id, title_id):
        raise NotFollowed
    await tell(session, BingeKind.UNFOLLOWED, (whose.profile_id, title_id), now)


async def settle(
    session: AsyncSession, followed: Followed, now: datetime, *, stale_at: datetime | None = None
) -> Schedule | None:
    """Plan what is followed as things are now, write it where it differs, and tell what a person
    would notice; None where nothing is left to watch, and nothing is written.

    Raises TooManyEpisodes. The plan, where there is one, must be held.
    """
    connection = await session.connection()
    whom, before, today = followed.whom, followed.before, followed.whom.today
    profile_id, title_id = followed.key
    kept = (await plans.slots(connection, profile_id, [title_id], today)).get(title_id, ())
    wish = followed.wished.wish(today, followed.title.habits)
    episodes = await service.left(connection, whom, followed.title, wish)
    seen, spent = watched_today(kept, episodes, wish, today)
    wish = replace(wish, spent=spent, spent_on=today)
    same = before if before and Wished.from_row(before) == followed.wished else None
    made = await _plan(episodes, wish, same, await service.pace(connection, whom, wish))
    if not made.planned:
        return None
    new = slots_of(made, today, seen, spent)
    if new != list(kept):
        await plans.fill(connection, followed.key, today, new)
    name = followed.title.card.name
    await plans.write(
        connection, followed.key, followed.wished, made, words.sentence(made, name),
        today=today, now=now, stale_at=stale_at,
    )  # fmt: skip
    kind = news(followed, made, _shape(kept), _shape(new))
    if kind is not None:
        await tell(session, kind, followed.key, now)
    return made


def watched_today(
    kept: Sequence[Slot], episodes: Sequence[Episode], wish: Wish, today: date
) -> tuple[Slot | None, int]:
    """What of today's sitting is watched already, and how many of its minutes that took.

    episodes: those that are left of the seasons wished for; of the others nobody can tell.
    """
    slot = next((each for each in kept if each.day == today), None)
    if slot is None:
        return None, 0
    left = {(each.season, each.number): each for each in episodes}
    there = [
        at
        for at, place in enumerate(slot.places)
        if place not in left and (wish.seasons is None or place[0] in wish.seasons)
    ]
    if not there:
        return None, 0
    rest = [left[place] for place in slot.places if place in left]
    story = story_of(rest, replace(wish, skip_filler=False))
    spent = max(0, slot.minutes - sum(story.whole[:1]) - sum(story.short[1:]))
    places = tuple(slot.places[at] for at in there)
    return Slot(today, spent, places, tuple(slot.ids[at] for at in there)), spent


def slots_of(made: Schedule, today: date, seen: Slot | None, spent: int) -> list[Slot]:
    """The sittings to be kept. What was watched of today's stays in it."""
    found = [Slot.of(each.day, each.minutes, each.episodes) for each in made.sittings]
    if seen is None:
        return found
    if not found or found[0].day != today:
        return [seen, *found]
    first = found[0]
    whole = Slot(today, spent + first.minutes, seen.places + first.places, seen.ids + first.ids)
    return [whole, *found[1:]]


def news(
    followed: Followed, made: Schedule, before: Mapping[date, object], after: Mapping[date, object]
) -> BingeKind | None:
    """What a person would notice of a plan that was made anew, if anything."""
    old = followed.before
    if old is None or Wished.from_row(old) != followed.wished:
        return BingeKind.PLANNED
    if old.fits and not made.fits:
        return BingeKind.BROKEN
    if (old.fits, old.finishes_on) == (made.fits, made.finishes_on) and before == after:
        return None
    return BingeKind.REPLANNED


async def tell(
    session: AsyncSession, kind: BingeKind, key: tuple[UUID, int], now: datetime
) -> None:
    """Write down what became of a plan."""
    profile_id, title_id = key
    await outbox.add(session, [Event(Topic.BINGE, kind.value, now, title_id, profile_id)])


async def _plan(
    episodes: Sequence[Episode], wish: Wish, before: Record | None, pace: int
) -> Schedule:
    """As it was planned before, as long as that fits: evenings that change daily help nobody."""
    if wish.minutes is None and before is not None and before.minutes_by_weekday:
        same = replace(wish, minutes=tuple(before.minutes_by_weekday))
        made = await service.plan(episodes, same, pace)
        if made.fits:
            return replace(made, wish=wish)
    return await service.plan(episodes, wish, pace)


def _shape(slots: Sequence[Slot]) -> dict[date, object]:
    return {each.day: (each.minutes, each.places) for each in slots}
