"""Answers become what is believed of offers: what they say anew, and what they lack.

Of most titles an answer says what the last one said. A digest finds those in one statement, and
nothing of them is read. The others go through domain.availability, like whatever anybody reports.

An answer may be cut short, so what it lacks is a suspicion at first (`sync_titles.suspects`), and
gone only when the next answer lacks it, too. Nothing is ever taken as gone because there was no
answer, or one of which a part could not be read.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import service
from domain.availability.values import Observation
from domain.sync import intake_sql as sql
from domain.sync.payloads import digest
from domain.sync.reading import Read, read, salt_of
from domain.sync.rules import is_second
from domain.sync.values import Answer, Taken, Word

_AT_ONCE = 5_000  # answers in one comparison
_MANY = 500  # answers; reading so many takes the processor long enough for others to notice


async def take_in(
    session: AsyncSession,
    word: Word,
    answers: Sequence[Answer],
    countries: Collection[str],
    now: datetime,
    *,
    run_id: int | None = None,
    second_look_s: float = 0,
) -> Taken:
    """Take in any number of answers, each about another title, that were given about `countries`.

    now: aware, when they were given. Once in a transaction, since locks are taken in an order.
    second_look_s: how much later than the first an answer must be that confirms what is missing;
    run_id: the run that notes it as gone then. Without one nothing is.
    """
    packages = await sql.packages(session)
    digests, same = await _pass_over(session, word, answers, salt_of(packages), now)
    if not same.others:
        return Taken(unchanged=len(digests), offers=same.offers)
    others = await sql.keep_titles(session, same.others)
    found = [each for each in answers if each.title_id in others]
    heard = await _read(found, packages, word, countries, now)
    first_told = others - await sql.told_before(session, word.name, others)
    before = await sql.suspects(session, word.name, others)
    # A second look that finds what the first one did: all that is listed has been recorded.
    again = {title for title, each in before.items() if each.digest == digests[title]}
    news = [each for each in heard.observations if each.offer.title_id not in again]
    made = await service.observe(session, news, now, first_told=first_told)
    missing = _missing(heard, await sql.unheard(session, word.name, others, countries, now))
    gone = {
        offer
        for title, offers in missing.items()
        if title in before and is_second(before[title].since, now, second_look_s)
        for offer in before[title].offers.intersection(offers)
    }
    if run_id is not None:
        await sql.cancel_removals(session, word.name, others - heard.partial, missing)
        await sql.note_removals(session, run_id, gone, now)
    # What is suspected from an answer that can't be read as a whole waits for one that can.
    kept = {title: before[title].offers for title in heard.partial if title in before}
    await sql.remember(session, word.name, heard, digests, missing | kept, now)
    return Taken(
        unchanged=len(digests) - len(same.others),
        changed=len(found),
        offers=same.offers + heard.listed,
        added=sum(each.arrives for each in made.changes),
        updated=sum(each.is_told_of_what_stays for each in made.changes),
        rejected=heard.rejected,
        unplaced=heard.unplaced,
        missing=frozenset(
            title for title, offers in missing.items() if not gone.issuperset(offers)
        ),
        gone=len(gone),
    )


async def preview(
    session: AsyncSession,
    word: Word,
    answers: Sequence[Answer],
    countries: Collection[str],
    now: datetime,
) -> Taken:
    """What would come of these answers; nothing is written. missing is empty, gone what is missing
    for the first time, too.
    """
    packages = await sql.packages(session)
    digests = _digests(answers, salt_of(packages))
    same = await sql.compare(session, word.name, digests)
    others = set(same.others)
    found = [each for each in answers if each.title_id in others]
    heard = await _read(found, packages, word, countries, now)
    known = await sql.known(session, word.name, others, countries)
    here = {each.key: each for each in known if each.here}
    missing = [
        each
        for each in known
        if each.ours and each.title_id not in heard.partial and not heard.names(each.key)
    ]
    latest = {each.offer: each for each in heard.observations}
    ways = {(*key[:-1], "unknown"): each for key, each in here.items()}
    added = updated = 0
    for offer, said in latest.items():
        key = (
            offer.title_id, offer.season_number, offer.platform_id, offer.country,
            offer.monetization, offer.quality,
        )  # fmt: skip
        there = here.get(key) or ways.get(key) or here.get((*key[:-1], "unknown"))
        if there is None:
            added += 1
        else:
            updated += _differs(said, there, word)
    return Taken(
        unchanged=len(digests) - len(same.others),
        changed=len(found),
        offers=same.offers + heard.listed,
        added=added,
        updated=updated,
        rejected=heard.rejected,
        unplaced=heard.unplaced,
        gone=len(missing),
    )


def _differs(said: Observation, there: sql.Known, word: Word) -> bool:
    other_day = word.dated and said.expires_on != there.expires_on
    other_price = word.priced and said.price is not None and said.price != there.price
    return other_day or other_price


def _missing(heard: Read, unheard: Sequence[sql.Unheard]) -> dict[int, Collection[int]]:
    """By title the offers that its answer lacks, as far as it lacks any."""
    missing: defaultdict[int, set[int]] = defaultdict(set)
    for each in unheard:
        if each.title_id not in heard.partial and not heard.names(each.key):
            missing[each.title_id].add(each.id)
    return dict(missing)


async def _pass_over(
    session: AsyncSession, word: Word, answers: Sequence[Answer], salt: bytes, now: datetime
) -> tuple[dict[int, bytes], sql.Same]:
    """The digests of answers, and which of them say something else than the last ones did.

    While Postgres compares some, the digests of the next are made.
    """
    if len(answers) <= _MANY:
        digests = _digests(answers, salt)
        return digests, await sql.pass_over(session, word.name, digests, now)
    made: dict[int, bytes] = {}
    others: list[int] = []
    offers = 0
    ahead = asyncio.to_thread(_digests, answers[:_AT_ONCE], salt)
    for end in range(_AT_ONCE, len(answers) + _AT_ONCE, _AT_ONCE):
        digests = await ahead
        made |= digests
        ahead = asyncio.create_task(
            asyncio.to_thread(_digests, answers[end : end + _AT_ONCE], salt)
        )
        same = await sql.pass_over(session, word.name, digests, now)
        others += same.others
        offers += same.offers
    await ahead
    return made, sql.Same(others, offers)


def _digests(answers: Sequence[Answer], salt: bytes) -> dict[int, bytes]:
    return {each.title_id: digest(each.payload, salt) for each in answers}


async def _read(
    answers: Sequence[Answer],
    packages: Mapping[int, int],
    word: Word,
    countries: Collection[str],
    now: datetime,
) -> Read:
    if len(answers) > _MANY:
        return await asyncio.to_thread(read, answers, packages, word, countries, now)
    return read(answers, packages, word, countries, now)
