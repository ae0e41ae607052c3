"""Saying whether episodes are filler, for oneself and counted for everybody."""

from typing import Annotated, Self

import strawberry

from domain import ids
from domain.binge.values import Verdict
from domain.errors import NotFound
from domain.filler import votes
from domain.filler.votes import Voted
from domain.history.errors import NoSuchEpisode
from domain.watchlists.values import Whose
from schema.context import Info
from schema.enums import Filler
from schema.errors import Refusal
from schema.titles import Episode, Title

_EPISODES = f"Episodes of one title, 1 to {votes.MOST_EPISODES}."


@strawberry.input(description="What you say of episodes.")
class VoteFillerInput:
    episode_ids: list[strawberry.ID] = strawberry.field(description=_EPISODES)
    verdict: Filler = strawberry.field(description="FILLER, MIXED or CANON.")


@strawberry.input(description="Episodes of which you say nothing any more.")
class UnvoteFillerInput:
    episode_ids: list[strawberry.ID] = strawberry.field(description=_EPISODES)


@strawberry.type(description="What is believed now.")
class FillerVoted:
    title: Title = strawberry.field(description="The title.")
    episodes: list[Episode] = strawberry.field(
        description="The episodes that were named, in order.", metadata={"assumed_size": 20}
    )
    changed: int = strawberry.field(
        description="Of how many of them you had not said the same before."
    )

    @classmethod
    async def of(cls, voted: Voted, info: Info) -> Self:
        """From the domain's."""
        info.context.renew(info.context.now)  # what was read before in this operation is outdated
        row = await info.context.loaders.title_by_id.load(voted.title_id)
        if row is None:  # it has gone since
            raise NotFound("No title has these episodes.", field="episodeIds")
        return cls(
            title=Title.from_row(row),
            episodes=[Episode.from_row(each) for each in voted.episodes],
            changed=voted.changed,
        )


Voting = Annotated[VoteFillerInput, strawberry.argument(description="What you say.")]
Unvoting = Annotated[UnvoteFillerInput, strawberry.argument(description="Of which episodes.")]
VotePayload = Annotated[FillerVoted | Refusal, strawberry.union("VoteFillerPayload")]
UnvotePayload = Annotated[FillerVoted | Refusal, strawberry.union("UnvoteFillerPayload")]


@strawberry.type
class FillerMutation:
    @strawberry.mutation(
        description="Say whether episodes are filler. For your own plans your word counts above all"
        " others; with those of the others here it is one voice in what is believed. Sent again, it"
        " is the same vote."
    )
    async def vote_filler(self, info: Info, input: Voting) -> VotePayload | None:
        return await _vote(info, input.episode_ids, Verdict(input.verdict.value))

    @strawberry.mutation(description="Take back what you said of episodes.")
    async def unvote_filler(self, info: Info, input: Unvoting) -> UnvotePayload | None:
        return await _vote(info, input.episode_ids, None)


async def _vote(
    info: Info, episode_ids: list[strawberry.ID], verdict: Verdict | None
) -> FillerVoted:
    context = info.context
    whose = Whose.of(context.viewer, context.now)
    keys = [_episode(each) for each in episode_ids]
    async with context.services.database.transaction() as session:
        voted = await votes.vote(session, whose, keys, verdict, context.now)
    return await FillerVoted.of(voted, info)


def _episode(id: strawberry.ID) -> int:
    try:
        return ids.decode_int("episode", id)
    except ids.MalformedId as problem:
        raise NoSuchEpisode("episodeIds") from problem
