"""What stands around watchlists: the demo's, the pruning, and what a change of offers tells."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts import demo
from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.history import repo as history
from domain.profiles import preferences
from domain.services import Services
from domain.watchlists import service
from domain.watchlists.service import Wished
from domain.watchlists.values import Whose
from jobs.prune_answers import prune_answers
from tests.accounts.people import run
from tests.support.catalogue import On, add_platform
from tests.watchlists.homes import NOW, TODAY, film, move_in, only, rows, series, wishes

pytestmark = pytest.mark.anyio
TOLD = "SELECT kind, profile_id FROM events WHERE topic = 'profile' ORDER BY id"


SEASON = """
    INSERT INTO offers (title_id, season_number, platform_id, country, monetization, expires_on,
                        quality, source, confidence, first_seen_at, last_seen_at)
    SELECT :title, :season, id, 'US', 'subscription', :until, 'hd', 'tests', 1, now(), now()
    FROM platforms WHERE slug = 'netflix'
"""


async def test_a_demo_account_begins_with_what_leaves_soon_and_never_gets_it_again(
    database: Database,
):
    for days in (2, 6, 9, 20, None, None):
        until = None if days is None else TODAY + timedelta(days=days)
        await film(database, f"{days}", offers=[On(expires_on=until)], maturity=0)
    await film(database, "Elsewhere", offers=[On("mubi")], maturity=0)
    await film(database, "Scary", offers=[On(expires_on=TODAY + timedelta(days=1))], maturity=18)
    for name, days in (("Dark", 4), ("Later", 5), ("Endless", None)):
        title, _ = await series(database, [[], ["canon"], ["canon"]], name, offers=[], maturity=0)
        for season, until in ((1, None if days is None else TODAY + timedelta(days)), (2, None)):
            await run(database, SEASON, title=title, season=season, until=until)
    async with database.transaction() as session:
        await demo.ensure_demo_accounts(session, NOW)
    found = "SELECT p.id, p.account_id, p.maturity_ceiling FROM profiles p ORDER BY p.created_at"
    profiles = await rows(database, found)
    assert len(profiles) == 4
    for key, account, ceiling in profiles:
        viewer = Viewer("session", "US", "UTC", account_id=account, profile_id=key, ceiling=ceiling)
        shown = [wish.card.name for wish in await wishes(database, viewer)]
        soonest = ["2", "Dark", "6", "9"] if ceiling == 7 else ["Scary", "2", "Dark", "6"]
        assert shown == [*soonest, "None", "None"]
        async with database.read() as connection:
            past = await history.page(connection, Whose.of(viewer, NOW), first=9)
        evenings = [(row.name, (NOW - row.watched_at).days) for row in past.rows]
        assert evenings == ([("20", 3)] if ceiling == 7 else [("9", 3), ("20", 6)])
    for table in ("watchlist_items", "watches"):
        await run(database, f"DELETE FROM {table}")
    async with database.transaction() as session:
        await demo.ensure_demo_accounts(session, NOW)
    for table in ("watchlist_items", "watches"):
        assert await rows(database, f"SELECT * FROM {table}") == []


async def test_the_demo_has_something_that_is_leaving_and_evenings_behind_it(
    demo_services: Services,
):
    leaving = """
        SELECT count(DISTINCT o.title_id) FILTER (WHERE o.season_number IS NULL),
               count(DISTINCT o.title_id) FILTER (WHERE o.season_number > 0),
               (SELECT count(*) FROM watches WHERE profile_id = p.id)
        FROM watchlist_items w
        JOIN profiles p ON p.id = w.profile_id JOIN accounts a ON a.id = p.account_id
        JOIN offers o ON o.title_id = w.title_id AND o.country = a.country
        WHERE a.email = 'free@example.com' AND o.expires_on IS NOT NULL GROUP BY p.id
    """
    assert await rows(demo_services.database, leaving) == [(3, 1, 3)]


async def test_what_can_no_longer_be_asked_for_is_pruned(services: Services):
    database = services.database
    ada, title = await move_in(database), await film(database)
    long_ago = datetime.now(UTC) - timedelta(days=31)
    async with database.transaction() as session:
        whose = Whose.of(ada, long_ago)
        await service.add(session, whose, title, Wished(), long_ago)
        await service.remove(session, whose, title, long_ago)
    await run(
        database,
        "INSERT INTO given_answers (profile_id, key, request_hash, answer, given_at)"
        " VALUES (:profile, 'add:1', '', '{}', :at)",
        profile=ada.profile_id, at=long_ago,
    )  # fmt: skip
    assert await prune_answers({"services": services}) == 2
    assert await prune_answers({"services": services}) == 0


async def set_platforms(database: Database, viewer: Viewer, slugs: list[str]) -> None:
    _, profile_id = viewer.require_profile()
    async with database.transaction() as session:
        await preferences.set_platforms(session, viewer, profile_id, slugs, NOW)


async def test_other_platforms_are_told_once_and_the_same_ones_never(database: Database):
    ada = await move_in(database, platforms=["netflix"])
    await move_in(database, account_id=ada.account_id)
    async with database.transaction() as session:
        await add_platform(session, "hulu")
    for slugs in (["netflix"], ["netflix", "hulu"], ["hulu", "netflix"], ["hulu"], [], []):
        await set_platforms(database, ada, slugs)
    assert await rows(database, TOLD) == [("platforms", ada.profile_id)] * 3


async def test_another_country_is_told_for_each_profile_of_the_household(database: Database):
    ada = await move_in(database)
    kid = await move_in(database, account_id=ada.account_id, ceiling=7)
    await move_in(database)
    _, profile_id = ada.require_profile()
    for country in ("DE", "de", "US"):
        async with database.transaction() as session:
            changes = preferences.Changes(country=country, avoided_genres=["horror"])
            await preferences.update(session, ada, profile_id, changes, NOW)
    told = await rows(database, TOLD)
    assert len(told) == 4
    assert {profile for _, profile in told} == {ada.profile_id, kid.profile_id}


async def test_a_wish_follows_the_platforms_of_its_household(database: Database):
    ada, title = await move_in(database, platforms=["netflix"]), await film(database)
    async with database.transaction() as session:
        await service.add(session, Whose.of(ada, NOW), title, Wished(), NOW)
    assert (await only(database, ada)).available
    await set_platforms(database, ada, [])
    assert not (await only(database, ada)).available
