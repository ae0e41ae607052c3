"""What becomes of a binge, told as it happens: to its own profile, and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from domain.binge import follow, following, replanning
from domain.binge.questions import Asked
from domain.services import Services
from live.interest import Interest
from tests.live.stage import Stage, staged
from tests.live.talk import begin, told
from tests.support.sockets import ask, hear, socket

pytestmark = pytest.mark.anyio

BINGES = """
subscription ($title: ID, $after: Cursor) { bingeChanged(titleId: $title, after: $after) {
  __typename
  ... on BingeEvent { cursor kind title { name } plan { planned fits } at }
  ... on Resync { cursor reason }
  ... on Heartbeat { cursor }
} }
"""
PRO, ADMIN = 1, 2


@pytest.fixture
async def stage(demo_services: Services) -> AsyncIterator[Stage]:
    async with staged(demo_services) as running:
        yield running


async def start(stage: Stage, number: int, title_id: int) -> None:
    """A demo account's profile follows a title."""
    viewer, _ = await stage.sign_in(number)
    async with stage.services.database.transaction() as session:
        asked = Asked(minutes_per_day=60)
        await follow.follow(session, viewer, title_id, asked, datetime.now(UTC))


async def drop_the_filler(stage: Stage, title_id: int) -> None:
    """It turns out that nothing of a title is filler, and its plans are made anew."""
    now = datetime.now(UTC)
    await stage.run("UPDATE episodes SET filler = 'canon' WHERE title_id = :id", id=title_id)
    async with stage.services.database.transaction() as session:
        await following.stale(session, title_ids=[title_id], now=now)
    await replanning.replan_due(stage.services.database, now)


async def test_a_profile_hears_of_its_own_plans_alone(stage: Stage) -> None:
    naruto = await stage.title("name = 'Naruto'")
    _, mine = await stage.sign_in(PRO)
    _, others = await stage.sign_in(ADMIN)
    async with (
        socket(stage.port, headers=mine) as opened,
        socket(stage.port, headers=others) as elsewhere,
    ):
        cursor = await begin(opened, "1", BINGES)
        await begin(elsewhere, "1", BINGES)
        await start(stage, PRO, naruto)
        heard = await told(opened, 10)
        assert (heard["kind"], heard["title"]["name"]) == ("PLANNED", "Naruto")
        assert heard["plan"] == {"planned": 130, "fits": True}
        await drop_the_filler(stage, naruto)
        heard = await told(opened, 10)
        assert (heard["kind"], heard["plan"]["planned"]) == ("REPLANNED", 220)
        await start(stage, ADMIN, naruto)
        assert (await told(elsewhere, 10))["kind"] == "PLANNED", "and nothing before that"
    async with socket(stage.port, headers=mine) as back:
        await ask(back, "1", BINGES, after=cursor)
        assert [(await told(back, 10))["kind"] for _ in range(2)] == ["PLANNED", "REPLANNED"]


async def test_one_title_can_be_listened_to(stage: Stage) -> None:
    naruto = await stage.title("name = 'Naruto'")
    other = await stage.title("name = 'Naruto: Shippuden'")
    _, mine = await stage.sign_in(PRO)
    async with socket(stage.port, headers=mine) as opened:
        await begin(opened, "1", BINGES, title=f"title_{naruto}")
        await start(stage, PRO, other)
        await start(stage, PRO, naruto)
        assert (await told(opened, 10))["title"]["name"] == "Naruto"


async def test_whoever_is_not_signed_in_hears_nothing(stage: Stage) -> None:
    async with socket(stage.port) as opened:
        await ask(opened, "1", BINGES)
        async with asyncio.timeout(10):
            said = await hear(opened)
        payload = said["payload"]
        errors = payload if isinstance(payload, list) else payload["errors"]
        assert errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_an_interest_in_binges_is_a_profiles() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Interest(binge_title=3)
