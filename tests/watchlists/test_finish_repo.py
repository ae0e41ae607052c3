"""What is left of a title and until when, read out of Postgres."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.accounts.viewer import Viewer
from domain.db import Database
from domain.history.models import Watch
from domain.services import Services
from domain.titles.models import Episode, Season
from domain.watchlists import finish_repo
from domain.watchlists.finish import Pace, PaceSource, Plan
from domain.watchlists.values import Whose
from tests.accounts.people import NOW, join, run
from tests.support.catalogue import On, add_title
from tests.support.counting import statements
from tests.support.graphql import ANYONE
from tests.support.graphql import run as ask

pytestmark = pytest.mark.anyio
TODAY = NOW.date()
SOON = TODAY + timedelta(9)


@pytest.fixture
async def viewer(services: Services) -> Viewer:
    """Somebody with Netflix and Hulu, in the United States."""
    viewer = await join(services.door)
    async with services.database.transaction() as session:
        await add_title(session, "Nothing", offers=[On("netflix"), On("hulu"), On("max")])
    await run(
        services.database,
        "INSERT INTO profile_platforms SELECT :profile, id FROM platforms WHERE slug <> 'max'",
        profile=viewer.profile_id,
    )
    return viewer


async def add_series(
    database: Database, *episodes: tuple[int, int | None, str], offers: list[On], **facts: Any
) -> tuple[int, list[int]]:
    """A series of (season, minutes, filler); its key and those of its episodes."""
    async with database.transaction() as session:
        key = await add_title(session, "Long", kind="series", offers=offers, **facts)
        rows = [
            Episode(
                title_id=key, season_number=season, number=number, runtime_min=minutes,
                filler=filler,
            )
            for number, (season, minutes, filler) in enumerate(episodes, 1)
        ]  # fmt: skip
        session.add_all(rows)
        await session.flush()
        return key, [row.id for row in rows if row.id is not None]


async def watch(
    services: Services, viewer: Viewer, key: int, episode: int | None = None, days_ago: int = 0
) -> None:
    assert viewer.profile_id is not None
    async with services.database.transaction() as session:
        session.add(
            Watch(
                profile_id=viewer.profile_id, title_id=key, episode_id=episode, source="tests",
                watched_at=NOW - timedelta(days_ago),
            )
        )  # fmt: skip


async def plan_of(services: Services, viewer: Viewer, key: int) -> Plan | None:
    async with services.database.read() as connection:
        whose = Whose.of(viewer, NOW)
        return (await finish_repo.plans_for(connection, whose, [key])).get(key)


async def test_it_counts_what_has_not_been_watched(services: Services, viewer: Viewer):
    key, episodes = await add_series(
        services.database,
        (0, 30, "canon"), (1, 30, "canon"), (1, 40, "unknown"), (1, 30, "filler"),
        (2, None, "mixed"), offers=[On(expires_on=SOON)], runtime_min=25,
    )  # fmt: skip
    found = await plan_of(services, viewer, key)
    assert found is not None
    assert (found.minutes, found.episodes, found.filler_skipped) == (30 + 40 + 25, 3, 1)
    assert (found.leaves_on, found.begun) == (SOON, False)
    await watch(services, viewer, key, episodes[1])
    found = await plan_of(services, viewer, key)
    assert found is not None
    assert (found.minutes, found.begun) == (65, True)
    await watch(services, viewer, key)  # ticked off as a whole
    assert await plan_of(services, viewer, key) is None


async def test_a_season_leaves_with_its_last_offer_on_their_platforms(
    services: Services, viewer: Viewer
):
    key, _ = await add_series(
        services.database, (1, 30, "canon"), (2, 30, "canon"), (3, 30, "canon"), offers=[]
    )
    for platform, season, days, paid in (
        ("netflix", 1, 5, "subscription"), ("hulu", 1, 8, "ads"), ("max", 1, 30, "subscription"),
        ("netflix", 1, 50, "rent"), ("netflix", 2, 5, "subscription"),
        ("hulu", 2, None, "subscription"),
    ):  # fmt: skip
        await run(
            services.database,
            "INSERT INTO offers (title_id, season_number, platform_id, country, monetization,"
            " expires_on, source, confidence, first_seen_at, last_seen_at, quality)"
            " SELECT :title, :season, id, 'US', :paid, :until, 'tests', 1, now(), now(), 'hd'"
            " FROM platforms WHERE slug = :platform",
            title=key, season=season, platform=platform, paid=paid,
            until=None if days is None else TODAY + timedelta(days),
        )  # fmt: skip
    found = await plan_of(services, viewer, key)
    assert found is not None
    ends = [(part.season, part.until) for part in found.parts]
    assert ends == [(1, TODAY + timedelta(8)), (2, None)]  # and season 3 is on none of theirs


async def test_what_others_have_and_what_has_not_begun_is_no_matter(
    services: Services, viewer: Viewer
):
    async with services.database.transaction() as session:
        elsewhere = await add_title(session, "A", offers=[On("max", SOON), On("hulu", SOON, "DE")])
        kept = await add_title(session, "B", offers=[On("netflix", SOON), On("hulu")])
        grown_up = await add_title(session, "C", maturity=18, offers=[On(expires_on=SOON)])
    child = Viewer(
        "session",
        "US",
        "UTC",
        account_id=viewer.account_id,
        profile_id=viewer.profile_id,
        ceiling=7,
    )
    assert await plan_of(services, viewer, elsewhere) is None
    assert await plan_of(services, viewer, kept) is None
    assert await plan_of(services, viewer, grown_up) is not None
    assert await plan_of(services, child, grown_up) is None


async def test_seasons_whose_episodes_nobody_listed_count_by_their_number(
    services: Services, viewer: Viewer
):
    key, _ = await add_series(
        services.database, (1, 30, "canon"), offers=[On(expires_on=SOON)], runtime_min=50
    )
    async with services.database.transaction() as session:
        session.add_all(
            Season(title_id=key, number=number, episode_count=6) for number in (0, 1, 2)
        )
    found = await plan_of(services, viewer, key)
    assert found is not None
    assert [(part.season, part.minutes) for part in found.parts] == [(1, 30), (2, 300)]


async def test_an_episode_that_is_not_out_yet_cannot_be_watched(services: Services, viewer: Viewer):
    key, episodes = await add_series(
        services.database, (1, 30, "canon"), (1, 30, "canon"), offers=[On(expires_on=SOON)]
    )
    statement = "UPDATE episodes SET air_date = :day WHERE id = :id"
    await run(services.database, statement, day=TODAY + timedelta(1), id=episodes[1])
    await run(services.database, statement, day=TODAY, id=episodes[0])
    found = await plan_of(services, viewer, key)
    assert found is not None
    assert found.episodes == 1


async def test_the_pace_is_that_of_the_last_four_weeks(services: Services, viewer: Viewer):
    key, episodes = await add_series(
        services.database, *[(1, 70, "canon")] * 5, offers=[On(expires_on=SOON)]
    )
    assert viewer.profile_id is not None
    assert await pace(services, viewer.profile_id) == Pace(60, PaceSource.ASSUMED)
    for days_ago, episode in zip((1, 1, 5, 20, 40), episodes, strict=True):
        await watch(services, viewer, key, episode, days_ago)
    async with services.database.transaction() as session:
        film = await add_title(session, "Film", runtime_min=140)
    await watch(services, viewer, film, days_ago=2)
    await watch(services, viewer, key, days_ago=3)  # a whole series is ticked off, not watched
    measured = Pace(round((4 * 70 + 140) / 28), PaceSource.MEASURED)
    assert await pace(services, viewer.profile_id) == measured


async def pace(services: Services, profile_id: UUID) -> Pace:
    async with services.database.read() as connection:
        return await finish_repo.pace_for(connection, profile_id, TODAY)


async def test_three_statements_say_it_for_any_number_of_titles(services: Services, viewer: Viewer):
    keys: list[int] = []
    for _ in range(4):
        keys.append((await add_series(services.database, (1, 30, "canon"), offers=[On()]))[0])
    whose = Whose.of(viewer, NOW)
    async with services.database.read() as connection:
        with statements(services.database) as sent:
            assert await finish_repo.plans_for(connection, whose, keys) == {}
        assert len(sent) == 1
        await run(services.database, "UPDATE offers SET expires_on = :day", day=SOON)
        for some in (keys[:1], keys):
            with statements(services.database) as sent:
                assert len(await finish_repo.plans_for(connection, whose, some)) == len(some)
            assert len(sent) == 3


FINISH = """query ($id: ID!) { title(id: $id) { finish {
  sentence remainingMinutes remainingEpisodes fillerSkipped paceMinutesPerDay paceSource leavesOn
  startBy canFinish losesSeasons
} } }"""


async def test_a_title_says_whether_it_can_be_finished(services: Services, viewer: Viewer):
    soon = datetime.now(UTC).date() + timedelta(1)
    key, _ = await add_series(
        services.database, (1, 60, "canon"), (2, 60, "canon"), (3, 60, "canon"),
        offers=[On(expires_on=soon)],
    )  # fmt: skip
    told = await ask(services, FINISH, viewer, id=f"title_{key}")
    assert told["title"]["finish"] == {
        "sentence": "You can't finish it all: season 3 leaves tomorrow, but there is time for"
        " seasons 1 and 2.",
        "remainingMinutes": 180,
        "remainingEpisodes": 3,
        "fillerSkipped": 0,
        "paceMinutesPerDay": 60,
        "paceSource": "ASSUMED",
        "leavesOn": soon.isoformat(),
        "startBy": None,
        "canFinish": False,
        "losesSeasons": [3],
    }
    nobody = await ask(services, FINISH, ANYONE, id=f"title_{key}")
    assert nobody["title"]["finish"] is None


async def test_a_page_of_titles_asks_once(services: Services, viewer: Viewer):
    far = On(expires_on=SOON + timedelta(9_000))  # from the day of the tests, whichever it is
    for _ in range(3):
        await add_series(services.database, (1, 60, "canon"), offers=[far])
    query = "{ titles(first: 10) { nodes { finish { sentence } } } }"
    with statements(services.database) as sent:
        told = await ask(services, query, viewer)
    assert sum(each["finish"] is not None for each in told["titles"]["nodes"]) == 3
    assert len(sent) == 1 + 3


async def test_the_database_of_the_tests_is_in_utc(services: Services):
    async with services.database.read() as connection:
        assert (await connection.execute(text("SHOW timezone"))).scalar_one() in {"UTC", "Etc/UTC"}
