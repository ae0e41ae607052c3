"""Writes what a plan says, each table in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.availability import bulk, ledger
from domain.availability.dossiers import Dossier
from domain.availability.planning import Change, Plan
from domain.availability.values import Claim
from domain.availability.zones import day_in
from domain.binge import following
from domain.events import outbox
from domain.events.values import Event, Topic

_KEY = {
    "title_id": "bigint", "season_number": "smallint", "platform_id": "smallint",
    "country": "text", "monetization": "text", "quality": "text",
}  # fmt: skip
_BELIEF = {
    "available_from": "date", "expires_on": "date", "price": "numeric", "currency": "text",
    "source": "text", "confidence": "float8",
}  # fmt: skip
_SEEN = {"url": "text", "last_seen_at": "timestamptz", "gone_at": "timestamptz"}
_NEW = {"id": "bigint", **_KEY, **_BELIEF, **_SEEN}
_SEEN_AGAIN = {"id": "bigint", "url": "text", "last_seen_at": "timestamptz"}
_TOLD = {"id": "bigint", "quality": "text", **_BELIEF, **_SEEN}
_AT = {"offer_id": "bigint", "at": "timestamptz"}
_CLAIMED = {
    "offer_id": "bigint", "source": "text", "signed": "boolean", "there": "boolean",
    "confidence": "float8", "observed_at": "timestamptz", "dated_at": "timestamptz",
    "available_from": "date", "expires_on": "date", "priced_at": "timestamptz",
    "price": "numeric", "currency": "text",
}  # fmt: skip

_IDS = text("""
    SELECT nextval(pg_get_serial_sequence('offers', 'id')) FROM generate_series(1, :count)
""")
_OPEN = text(f"""
    INSERT INTO offers ({", ".join(_NEW)}, first_seen_at)
    SELECT {", ".join(_NEW)}, last_seen_at FROM {bulk.rows("told", _NEW)}
""")
_TELL = text(f"""
    UPDATE offers o SET {", ".join(f"{name} = told.{name}" for name in _TOLD if name != "id")}
    FROM {bulk.rows("told", _TOLD)} WHERE o.id = told.id
""")
_SEE = text(f"""
    UPDATE offers o SET url = told.url, last_seen_at = told.last_seen_at
    FROM {bulk.rows("told", _SEEN_AGAIN)} WHERE o.id = told.id
""")
_CLAIM = text(f"""
    INSERT INTO offer_claims ({", ".join(_CLAIMED)})
    SELECT {", ".join(_CLAIMED)} FROM {bulk.rows("told", _CLAIMED)}
    ON CONFLICT (offer_id, source) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in list(_CLAIMED)[2:])}
""")
_CLAIM_AGAIN = text(f"""
    UPDATE offer_claims c SET {", ".join(f"{name} = told.{name}" for name in list(_CLAIMED)[2:])}
    FROM {bulk.rows("told", _CLAIMED)} WHERE c.offer_id = told.offer_id AND c.source = told.source
""")
_CLOSE = text(f"""
    UPDATE offer_beliefs b SET believed_to = told.at
    FROM {bulk.rows("told", _AT)}
    WHERE b.offer_id = told.offer_id AND b.believed_to IS NULL
""")
# What is believed since then is what the offer says now, which has just been written.
_BELIEVE = text(f"""
    INSERT INTO offer_beliefs (offer_id, there, {", ".join(_BELIEF)}, believed_from)
    SELECT o.id, o.gone_at IS NULL, {", ".join(f"o.{name}" for name in _BELIEF)}, told.at
    FROM {bulk.rows("told", _AT)} JOIN offers o ON o.id = told.offer_id
""")
_BUMP = text("""
    INSERT INTO availability_position AS p ("only", position) VALUES (true, 1)
    ON CONFLICT ("only") DO UPDATE SET position = p.position + 1
""")


async def write(session: AsyncSession, plan: Plan) -> None:
    """Write a plan, whose places and offers are locked."""
    await write_offers(session, plan)
    await _write_history(session, plan)


async def write_offers(session: AsyncSession, plan: Plan) -> None:
    """Write how offers are now, and neither what was claimed of them nor what happened."""
    connection = await session.connection()
    opened = [each for each in plan.changes if each.offer.before is None]
    known = [each for each in plan.changes if each.offer.before]
    if opened:
        ids = await connection.execute(_IDS, {"count": len(opened)})
        for each, id in zip(opened, ids.scalars(), strict=True):
            each.offer.id = id
    await _run(connection, _OPEN, _NEW, [
        (each.offer.id, *_key(each.offer), *_belief(each), *_seen(each.offer)) for each in opened
    ])  # fmt: skip
    await _run(connection, _TELL, _TOLD, [
        (each.offer.id, each.offer.key.quality, *_belief(each), *_seen(each.offer))
        for each in known
    ])  # fmt: skip
    changed = {each.offer.id for each in known}
    await _run(connection, _SEE, _SEEN_AGAIN, [
        (each.id, each.url, each.last_seen_at) for each in plan.seen if each.id not in changed
    ])  # fmt: skip


async def _write_history(session: AsyncSession, plan: Plan) -> None:
    connection = await session.connection()
    # Whoever changes claims has locked their offers, so none comes in between.
    await _run(connection, _CLAIM_AGAIN, _CLAIMED, [
        (offer.id, *_claim(each)) for offer, each in plan.claims if each.source in offer.claims
    ])  # fmt: skip
    await _run(connection, _CLAIM, _CLAIMED, [
        (offer.id, *_claim(each)) for offer, each in plan.claims if each.source not in offer.claims
    ])  # fmt: skip
    changes = plan.changes
    if not changes:
        return
    ended = [(each.offer.id, each.at) for each in changes if each.offer.before]
    await _run(connection, _CLOSE, _AT, ended)
    await _run(connection, _BELIEVE, _AT, [(each.offer.id, each.at) for each in changes])
    await ledger.note(
        connection,
        [
            (each.offer.id, each.after.expires_on, day_in(each.offer.key.country, each.at))
            for each in changes
            if each.tells_last_day and each.after.expires_on
        ],
    )
    await outbox.add(session, [event for each in changes if (event := _event(each))])
    await connection.execute(_BUMP)
    titles = {each.offer.key.title_id for each in changes}
    await following.stale(session, title_ids=titles, now=max(each.at for each in changes))


async def _run(
    connection: AsyncConnection,
    statement: TextClause,
    columns: Iterable[str],
    told: Sequence[Sequence[Any]],
) -> None:
    if told:
        await connection.execute(statement, bulk.values(columns, told))


def _event(change: Change) -> Event | None:
    if change.kind is None:
        return None
    offer, after, before = change.offer, change.after, change.offer.before
    return Event(
        topic=Topic.AVAILABILITY,
        kind=change.kind,
        at=change.at,
        title_id=offer.key.title_id,
        offer_id=offer.id,
        platform_id=offer.key.platform_id,
        country=offer.key.country,
        season_number=offer.key.season_number,
        monetization=offer.key.monetization,
        quality=offer.key.quality,
        previous_quality=(offer.previous_quality or offer.key.quality) if before else None,
        expires_on=after.expires_on,
        previous_expires_on=before.expires_on if before else None,
        price=after.price,
        previous_price=before.price if before else None,
        currency=after.currency,
        source=after.source,
        confidence=after.confidence,
    )


def _key(offer: Dossier) -> tuple[Any, ...]:
    key = offer.key
    return (
        key.title_id, key.season_number, key.platform_id, key.country, key.monetization,
        key.quality,
    )  # fmt: skip


def _belief(change: Change) -> tuple[Any, ...]:
    after = change.after
    return (
        after.available_from, after.expires_on, after.price, after.currency, after.source,
        after.confidence,
    )  # fmt: skip


def _seen(offer: Dossier) -> tuple[Any, ...]:
    return offer.url, offer.last_seen_at, offer.gone_at


_claim = attrgetter(*[each.name for each in fields(Claim)])
