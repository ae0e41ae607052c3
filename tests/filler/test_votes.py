"""What people here say of episodes: for themselves at once, and for everybody when enough do."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from app.graphql.schema import make_schema
from domain.accounts.viewer import Viewer
from domain.binge.values import Verdict
from domain.db import Database
from domain.errors import InvalidInput
from domain.filler import votes
from domain.services import Services
from domain.watchlists.values import Whose
from tests.filler.homes import NOW, believed, follow, hear, show, stale, verdicts, write
from tests.support.counting import statements
from tests.support.graphql import ANYONE, context_for, run
from tests.watchlists.homes import move_in, rows

pytestmark = pytest.mark.anyio
SCHEMA = make_schema()
FILLER, CANON = Verdict.FILLER, Verdict.CANON
VOTE = """
mutation ($ids: [ID!]!, $verdict: Filler!) {
  voteFiller(input: {episodeIds: $ids, verdict: $verdict}) {
    __typename
    ... on FillerVoted {
      changed title { name }
      episodes { id number filler fillerSource fillerConfidence myFillerVote
                 fillerClaims { source verdict confidence url } }
    }
    ... on UserError { code message } ... on InvalidInputError { field }
    ... on NotFoundError { field }
  }
}
"""
UNVOTE = """
mutation ($ids: [ID!]!) {
  unvoteFiller(input: {episodeIds: $ids}) {
    ... on FillerVoted { changed episodes { filler myFillerVote } } ... on UserError { code }
  }
}
"""
EPISODES = """
query ($id: ID!) { title(id: $id) { seasons { episodes {
  number filler fillerConfidence myFillerVote fillerClaims { source verdict confidence }
} } } }
"""


def public(episodes: Sequence[int]) -> list[str]:
    return [f"episode_{each}" for each in episodes]


async def vote(
    database: Database, viewer: Viewer, episodes: Sequence[int], verdict: Verdict | None = FILLER
) -> votes.Voted:
    async with database.transaction() as session:
        return await votes.vote(session, Whose.of(viewer, NOW), episodes, verdict, NOW)


async def asked(services: Services, viewer: Viewer, query: str, **variables: Any) -> Any:
    data = await run(services, query, viewer, **variables)
    (answer,) = data.values()
    return answer


async def test_one_vote_counts_for_whoever_gave_it_and_for_nobody_else(services: Services):
    database = services.database
    ada, bob = await move_in(database), await move_in(database)
    title, episodes = await show(database, 3)
    answer = await asked(services, ada, VOTE, ids=public(episodes[:2]), verdict="FILLER")
    assert answer["changed"] == 2
    assert [each["myFillerVote"] for each in answer["episodes"]] == ["FILLER", "FILLER"]
    assert await verdicts(database, title) == "uuu"
    async with database.read() as connection:
        mine = await votes.of_profile(connection, ada.require_profile()[1], title)
        other = await votes.of_profile(connection, bob.require_profile()[1], title)
    assert (mine, other) == ({episodes[0]: FILLER, episodes[1]: FILLER}, {})


async def test_two_who_agree_are_believed_and_both_are_one_claim(services: Services):
    database = services.database
    title, episodes = await show(database, 3)
    for viewer in (await move_in(database), await move_in(database)):
        answer = await asked(services, viewer, VOTE, ids=public(episodes[:1]), verdict="FILLER")
    assert await verdicts(database, title) == "fuu"
    (told,) = answer["episodes"]
    assert told["filler"] == "FILLER"
    (claim,) = told["fillerClaims"]
    assert (claim["source"], claim["verdict"], claim["url"]) == ("votes", "FILLER", None)
    assert (
        told["fillerConfidence"] == claim["confidence"] == (await believed(database, title))[0][2]
    )


async def test_the_same_vote_again_changes_nothing(services: Services):
    database = services.database
    ada = await move_in(database)
    _, episodes = await show(database, 3)
    await vote(database, ada, episodes)
    before = await rows(database, "SELECT v.*, xmin::text FROM filler_votes v")
    assert (await vote(database, ada, [*episodes, *episodes])).changed == 0
    assert await rows(database, "SELECT v.*, xmin::text FROM filler_votes v") == before
    assert (await vote(database, ada, episodes, CANON)).changed == 3


async def test_a_vote_that_is_taken_back_is_counted_no_more(services: Services):
    database = services.database
    ada, bob = await move_in(database), await move_in(database)
    title, episodes = await show(database, 2)
    for viewer in (ada, bob):
        await vote(database, viewer, episodes)
    assert await verdicts(database, title) == "ff"
    answer = await asked(services, ada, UNVOTE, ids=public(episodes[:1]))
    assert answer["changed"] == 1
    assert answer["episodes"] == [{"filler": "UNKNOWN", "myFillerVote": None}]
    assert await verdicts(database, title) == "uf"
    assert (await vote(database, ada, episodes[:1], None)).changed == 0


async def test_votes_stand_beside_what_others_say(services: Services):
    database = services.database
    title, episodes = await show(database, 2)
    await hear(database, "name,verdict,episodes\nNaruto,filler,1-2\n")
    for viewer in [await move_in(database) for _ in range(3)]:
        await vote(database, viewer, episodes[:1], CANON)
    assert (await believed(database, title))[0] == ("unknown", "file:mine, votes disagree", None)
    assert await verdicts(database, title) == "uf"


async def test_two_who_vote_at_the_same_moment_are_both_counted(services: Services):
    database = services.database
    title, episodes = await show(database, 40)
    viewers = [await move_in(database) for _ in range(4)]
    orders = [episodes, episodes[::-1], episodes[20:] + episodes[:20], episodes[::-1]]
    await asyncio.gather(
        *(vote(database, each, order) for each, order in zip(viewers, orders, strict=True))
    )
    alone = await rows(database, "SELECT DISTINCT confidence FROM filler_claims")
    assert await verdicts(database, title) == "f" * 40
    assert len(alone) == 1
    assert alone[0][0] > 0.65, "four of four"


async def test_a_vote_has_one_s_own_plan_made_anew_and_another_s_only_by_another_verdict(
    services: Services,
):
    database = services.database
    ada, bob = await move_in(database), await move_in(database)
    title, episodes = await show(database, 2)
    keys = [each.require_profile()[1] for each in (ada, bob)]
    for key in keys:
        await follow(database, key, title)
    await vote(database, ada, episodes)
    assert await stale(database) == [(keys[0], title)]
    await vote(database, bob, episodes)
    assert {profile for profile, _ in await stale(database)} == {*keys}


@pytest.mark.parametrize(
    ("episodes", "verdict", "code", "field"),
    [
        ([], "FILLER", "INVALID_INPUT", "episodeIds"),
        (["title_1"], "FILLER", "NOT_FOUND", "episodeIds"),
        (["episode_x"], "FILLER", "NOT_FOUND", "episodeIds"),
        (["episode_99999999"], "FILLER", "NOT_FOUND", "episodeIds"),
        (["episode_9223372036854775807"], "FILLER", "NOT_FOUND", "episodeIds"),
        (["episode_1"], "UNKNOWN", "INVALID_INPUT", "verdict"),
    ],
)  # fmt: skip
async def test_what_is_no_vote_is_refused_by_field(
    services: Services, episodes: list[str], verdict: str, code: str, field: str
):
    ada = await move_in(services.database)
    answer = await asked(services, ada, VOTE, ids=episodes, verdict=verdict)
    assert (answer["code"], answer["field"]) == (code, field)


async def test_more_than_a_question_may_hold_are_refused_in_other_ways_too(services: Services):
    ada = await move_in(services.database)
    with pytest.raises(InvalidInput, match="250"):
        await vote(services.database, ada, range(1, 252))


async def test_episodes_of_two_titles_are_two_votes(services: Services):
    ada = await move_in(services.database)
    _, one = await show(services.database, 1)
    _, other = await show(services.database, 1, name="Bleach")
    answer = await asked(services, ada, VOTE, ids=public([*one, *other]), verdict="FILLER")
    assert (answer["code"], answer["field"]) == ("INVALID_INPUT", "episodeIds")


async def test_a_child_votes_on_nothing_that_it_may_not_see(services: Services):
    child = await move_in(services.database, ceiling=7)
    _, episodes = await show(services.database, 1)  # for twelve-year-olds
    answer = await asked(services, child, VOTE, ids=public(episodes), verdict="FILLER")
    assert answer["code"] == "NOT_FOUND"
    assert await rows(services.database, "SELECT 1 FROM filler_votes") == []


async def test_nobody_votes_without_an_account_and_their_vote_is_null(services: Services):
    title, episodes = await show(services.database, 1)
    answer = await asked(services, ANYONE, VOTE, ids=public(episodes), verdict="FILLER")
    assert answer["code"] == "UNAUTHENTICATED"
    told = await asked(services, ANYONE, EPISODES, id=f"title_{title}")
    assert told["seasons"][0]["episodes"][0]["myFillerVote"] is None


async def test_nobody_sees_another_s_vote(services: Services):
    ada, bob = await move_in(services.database), await move_in(services.database)
    title, episodes = await show(services.database, 1)
    await vote(services.database, ada, episodes)
    for viewer, own in ((ada, "FILLER"), (bob, None)):
        told = await asked(services, viewer, EPISODES, id=f"title_{title}")
        assert told["seasons"][0]["episodes"][0]["myFillerVote"] == own


async def test_claims_and_votes_of_all_episodes_take_one_statement_each(services: Services):
    ada = await move_in(services.database)
    counts: list[int] = []
    for n, seasons in enumerate(([3], [40, 40, 40])):
        title, episodes = await show(services.database, *seasons, name=f"Show {n}")
        await hear(services.database, f"name,verdict,episodes\nShow {n},filler,1-3\n", f"s{n}")
        await vote(services.database, ada, episodes[:3])
        with statements(services.database) as sent:
            await asked(services, ada, EPISODES, id=f"title_{title}")
        counts.append(len(sent))
    assert counts == [5, 5]  # the title, its seasons, their episodes, claims, votes


async def test_250_episodes_are_voted_on_in_as_many_statements_as_one(services: Services):
    ada = await move_in(services.database)
    _, episodes = await show(services.database, 251)
    counts: list[int] = []
    for some in (episodes[:1], episodes[1:]):
        with statements(services.database) as sent:
            await vote(services.database, ada, some)
        counts.append(len(sent))
    assert counts[0] == counts[1]


async def test_a_vote_goes_with_its_profile(services: Services):
    ada = await move_in(services.database)
    _, episodes = await show(services.database, 1)
    await vote(services.database, ada, episodes)
    await write(services.database, "DELETE FROM accounts WHERE id = :id", id=ada.account_id)
    assert await rows(services.database, "SELECT 1 FROM filler_votes") == []


async def test_a_mutation_that_is_refused_writes_nothing(services: Services):
    ada = await move_in(services.database)
    _, episodes = await show(services.database, 2)
    result = await SCHEMA.execute(
        VOTE,
        variable_values={"ids": [*public(episodes), "episode_99999999"], "verdict": "FILLER"},
        context_value=context_for(services, ada),
    )
    assert result.errors is None
    assert await rows(services.database, "SELECT 1 FROM filler_votes") == []
