"""What a profile likes, pays for and is told; and ratings."""

from dataclasses import replace
from uuid import uuid4

import pytest

from domain.accounts.credentials import changing
from domain.accounts.service import Door
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from domain.history import ratings
from domain.profiles import preferences, repo
from domain.profiles.models import Profile
from domain.profiles.notifications import Notifications
from domain.profiles.preferences import Changes
from tests.accounts.people import HOSTILE, NOW, add_profile, come_back, count, join, run

pytestmark = pytest.mark.anyio


@pytest.fixture
async def platforms(database: Database) -> None:
    await run(
        database,
        "INSERT INTO platforms (slug, name) VALUES"
        " ('netflix', 'Netflix'), ('disney-plus', 'Disney+'), ('mubi', 'MUBI')",
    )


@pytest.fixture
async def titles(database: Database) -> None:
    await run(
        database,
        "INSERT INTO titles (id, kind, name, name_key, maturity, source) OVERRIDING SYSTEM VALUE"
        " VALUES (1, 'film', 'Paddington', 'paddington', 7, 'test'),"
        " (2, 'film', 'Se7en', 'se7en', 18, 'test')",
    )


async def change(door: Door, viewer: Viewer, changes: Changes) -> Profile:
    account_id, profile_id = viewer.require_profile()
    async with changing(door.database, door.cache, account_id) as session:
        return await preferences.update(session, viewer, profile_id, changes, NOW)


async def test_what_is_absent_stays_as_it_is(door: Door):
    ada = await join(door)
    await change(door, ada, {"mood_preferences": ["cozy", "funny", "cozy"]})
    await change(door, ada, {"avoided_genres": ["horror"]})
    await change(door, ada, {"notifications": {"telegram": True}})
    night = {"start": "22:00", "end": "07:00"}
    profile = await change(door, ada, {"notifications": {"quiet_hours": night}})
    await change(door, ada, {})
    assert profile.mood_preferences == ["cozy", "funny"]
    assert profile.avoided_genres == ["horror"]
    told = Notifications.of(profile.notifications)
    assert told.telegram
    assert told.quiet_hours
    assert (await change(door, ada, {"mood_preferences": []})).mood_preferences == []


async def test_country_and_time_zone_are_the_households_and_seen_at_once(door: Door):
    ada = await join(door)
    other = await add_profile(door.database, ada, "Other")
    await change(door, ada, {"country": "fr", "time_zone": "Europe/Paris"})
    again = await come_back(door)
    assert (again.country, again.time_zone) == ("FR", "Europe/Paris")
    child = replace(ada, profile_id=other.id, ceiling=7)
    with pytest.raises(Forbidden):
        await change(door, child, {"country": "DE"})


async def test_all_changes_are_made_or_none(door: Door):
    ada = await join(door)
    with pytest.raises(InvalidInput):
        await change(door, ada, {"mood_preferences": ["cozy"], "time_zone": "Mars/Olympus"})
    assert await count(door.database, "profiles", "mood_preferences = '{}'") == 1


async def test_a_child_changes_its_own_profile_and_a_manager_everybodys(door: Door):
    ada = await join(door)
    kids = await add_profile(door.database, ada, "Kids", 7)
    child = replace(ada, profile_id=kids.id, ceiling=7)
    await change(door, child, {"avoided_genres": ["war"]})
    async with door.database.transaction() as session:
        await preferences.update(session, ada, kids.id, {"avoided_genres": []}, NOW)
        with pytest.raises(Forbidden):
            await preferences.update(session, child, ada.require_profile()[1], {}, NOW)
        eve = await join(door, "eve@example.com")
        with pytest.raises(NotFound):
            await preferences.update(session, eve, kids.id, {}, NOW)
        with pytest.raises(NotSignedIn):
            await preferences.update(session, Viewer("anonymous", "DE", "UTC"), kids.id, {}, NOW)


@pytest.mark.parametrize("text", [*HOSTILE, "melancholic"])
async def test_unknown_words_are_refused(door: Door, text: str):
    ada = await join(door)
    refused: tuple[Changes, ...] = (
        {"mood_preferences": [text]},
        {"avoided_genres": [text]},
        {"notifications": {text: True}},
        {"notifications": {"email": text}},
        {"notifications": {"quiet_hours": {"start": text, "end": "07:00"}}},
        {"country": text},
        {"time_zone": text},
    )
    for changes in refused:
        with pytest.raises(InvalidInput) as problem:
            await change(door, ada, changes)
        problem.value.message.encode()  # it can be sent


@pytest.mark.usefixtures("platforms")
async def test_subscribed_platforms_are_replaced(door: Door):
    ada = await join(door)
    _, profile_id = ada.require_profile()

    async def pays_for(*slugs: str) -> list[int]:
        async with door.database.transaction() as session:
            await preferences.set_platforms(session, ada, profile_id, slugs, NOW)
        async with door.database.read() as connection:
            found = await repo.platform_ids(connection, [profile_id])
        return list(found.get(profile_id, []))

    assert await pays_for("netflix", "disney-plus", "netflix") == [2, 1]
    assert await pays_for("mubi", "netflix") == [3, 1]
    assert await pays_for() == []


@pytest.mark.usefixtures("platforms")
@pytest.mark.parametrize("slug", [*HOSTILE, "netflux", "Netflix"])
async def test_unknown_platforms_are_named_and_nothing_changes(door: Door, slug: str):
    ada = await join(door)
    _, profile_id = ada.require_profile()
    async with door.database.transaction() as session:
        await preferences.set_platforms(session, ada, profile_id, ["mubi"], NOW)
    with pytest.raises(InvalidInput, match="There is no platform") as refused:
        async with door.database.transaction() as session:
            await preferences.set_platforms(session, ada, profile_id, ["netflix", slug], NOW)
    assert refused.value.field == "platforms"
    assert await count(door.database, "profile_platforms", "platform_id = 3") == 1


async def test_more_than_fifty_platforms_are_refused(door: Door):
    ada = await join(door)
    async with door.database.transaction() as session:
        with pytest.raises(InvalidInput, match="at most 50"):
            await preferences.set_platforms(session, ada, ada.require_profile()[1], ["x"] * 51, NOW)


async def rate(door: Door, viewer: Viewer, title_id: int, score: int | None) -> None:
    async with door.database.transaction() as session:
        await ratings.rate(session, viewer.require_profile()[1], title_id, score, NOW)


@pytest.mark.usefixtures("titles")
async def test_a_rating_is_given_changed_and_taken_back(door: Door):
    ada = await join(door)
    await rate(door, ada, 2, 9)
    await rate(door, ada, 2, 10)
    assert await count(door.database, "ratings", "score = 10 AND title_id = 2") == 1
    await rate(door, ada, 2, None)
    await rate(door, ada, 2, None)
    assert await count(door.database, "ratings") == 0


@pytest.mark.usefixtures("titles")
@pytest.mark.parametrize("score", [0, 11, -1, 2**40])
async def test_a_rating_is_from_one_to_ten(door: Door, score: int):
    with pytest.raises(InvalidInput):
        await rate(door, await join(door), 1, score)


@pytest.mark.usefixtures("titles")
async def test_a_title_above_the_ceiling_is_told_from_no_title_by_nobody(door: Door):
    ada = await join(door)
    kids = await add_profile(door.database, ada, "Kids", 7)
    child = replace(ada, profile_id=kids.id, ceiling=18)  # its session may be five seconds old
    await rate(door, child, 1, 8)
    told: set[str] = set()
    for title_id in (2, 3):
        for score in (8, None):
            with pytest.raises(NotFound) as refused:
                await rate(door, child, title_id, score)
            told.add(str(refused.value))
    assert len(told) == 1
    with pytest.raises(NotFound):
        await rate(door, replace(ada, profile_id=uuid4()), 1, 8)
