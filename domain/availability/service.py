"""The one way in which what is believed of offers changes, whoever reports it.

All of it happens in the caller's transaction: the offer as it is now, the belief that ends and the
one that begins, what each source claims, the event that people are told, and the availability
position, which makes cached pools stale. Killed in between, nothing has happened; told twice,
the second time changes nothing.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import repo, writes
from domain.availability.dossiers import Dossier, way_of
from domain.availability.planning import Absent, Place, Plan, plan
from domain.availability.repo import Cover
from domain.availability.rules import DEMO
from domain.availability.values import Observation, Recorded

_MANY = 500  # offers; settling so many takes the processor long enough for others to notice


async def record(
    session: AsyncSession,
    observations: Sequence[Observation],
    now: datetime,
) -> Recorded:
    """Take in what somebody saw of offers, known or not, in any order, again or for the first time.

    now: aware; nothing can have been seen later than that. The titles and platforms must exist.
    Call it once in a transaction: its locks are taken in an order (see repo).
    """
    return (await observe(session, observations, now)).recorded


async def observe(
    session: AsyncSession,
    observations: Sequence[Observation],
    now: datetime,
    *,
    first_told: Collection[int] = frozenset(),
) -> Plan:
    """The same, for whoever wants to know all that was made of it.

    first_told: titles that this source is heard about for the first time: how long their offers
    have been there nobody knows, so that they are is no news.
    """
    connection = await session.connection()
    await repo.keep_titles(connection, observations)
    await repo.lock_places(connection, map(_place, observations))
    return await _take_in(session, observations, now, first_told=first_told)


async def record_list(
    session: AsyncSession,
    observations: Sequence[Observation],
    now: datetime,
    *,
    cover: Cover,
    absent: Absent,
) -> Plan:
    """Take in a complete list of offers: what it covers and doesn't name has left.

    absent: what the list says of such an offer. The first list of a platform in a country is no
    news: what it names was there already. Returns what was made of it. Until the transaction ends
    others wait who have something to say of these places; so it had better be at its end.
    """
    places = set(map(_place, observations))
    connection = await session.connection()
    await repo.lock_places(connection, places)
    demo = any(each.source == DEMO for each in observations)
    listed = await repo.places_listed(connection, places, demo=demo)
    return await _take_in(
        session, observations, now, cover=cover, absent=absent, quiet=places - listed
    )


async def settle_again(session: AsyncSession, offers: Sequence[Dossier], now: datetime) -> Plan:
    """Settle locked offers anew, of which nothing was heard but that time has passed."""
    made = plan(offers, (), now, again=True)
    await writes.write(session, made)
    return made


async def _take_in(
    session: AsyncSession,
    observations: Sequence[Observation],
    now: datetime,
    *,
    cover: Cover | None = None,
    absent: Absent | None = None,
    quiet: Collection[Place] = frozenset(),
    first_told: Collection[int] = frozenset(),
) -> Plan:
    said = [
        each if each.observed_at <= now else replace(each, observed_at=now) for each in observations
    ]
    ways = {way_of(each.offer) for each in said}
    known = await repo.lock_named(await session.connection(), ways, cover)
    settle = partial(plan, known, said, now, absent=absent, quiet=quiet, first_told=first_told)
    is_much = len(known) + len(said) > _MANY
    made = await asyncio.to_thread(settle) if is_much else settle()
    await writes.write(session, made)
    return made


def _place(said: Observation) -> Place:
    return said.offer.platform_id, said.offer.country
