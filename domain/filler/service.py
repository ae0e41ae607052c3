"""Taking in what a file or a list says of episodes, all of it or nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.binge.values import Verdict
from domain.catalog import staging
from domain.errors import InvalidInput
from domain.filler import beliefs, mapping, repo, rules
from domain.filler.ports import CommunityList
from domain.filler.values import (
    Belief,
    Claim,
    Heard,
    Item,
    Known,
    Mapped,
    Place,
    Report,
    Saying,
    Show,
    ShowReport,
)


async def hear(session: AsyncSession, heard: Heard, now: datetime) -> Report:
    """Believe anew, now that these sources say this; what they said before is forgotten.

    The same again changes nothing. One import runs at a time, and none while a catalogue is loaded.
    """
    connection = await staging.begin(session)
    known = mapping.Shelf(await repo.shows(connection, {each.show for each in heard.sayings}))
    meant = [mapping.recognise(each.show, known.like(each.show)) for each in heard.sayings]
    before = await repo.said_by(connection, heard.sources)
    ours = {each.id for each in meant if not isinstance(each, str)}
    await repo.hold(connection, ours | {row.title_id for row in before})
    places = await repo.places(connection, ours)

    placed = [
        one if isinstance(one, str) else _place(saying, places.get(one.id, []))
        for saying, one in zip(heard.sayings, meant, strict=True)
    ]
    claims = _claims(heard.sayings, placed)
    gone = [(row.episode_id, row.source) for row in before]
    gone = [each for each in gone if each not in claims]

    written = await repo.say(connection, [(key, each) for (key, _), each in claims.items()], now)
    await repo.withdraw(connection, gone)
    changed = await beliefs.settle(session, {*written, *(key for key, _ in gone)}, now)

    named = {key for each in placed if not isinstance(each, str) for key in each.found}
    said = await repo.claims_of(connection, sorted(named))
    believed = {key: rules.believed(each) for key, each in said.items()}
    return Report(
        heard.sources,
        [
            _report(saying, one, result, believed)
            for saying, one, result in zip(heard.sayings, meant, placed, strict=True)
        ],
        written=len(written),
        removed=len(gone),
        changed=changed,
    )


def of_list(found: CommunityList, verdict: Verdict | None = None) -> Heard:
    """What a list says, by its name unless a verdict is given; raises InvalidInput."""
    verdict = verdict or rules.verdict_of(found.name)
    if verdict is None:
        raise InvalidInput(
            f"The list is called {found.name!r}, which doesn't say whether its episodes are filler:"
            " say so with --verdict.",
            field="verdict",
        )
    source = f"trakt:{found.user}/{found.slug}".lower()  # Trakt makes no difference either
    shows: dict[Show, list[Item]] = {}
    for each in found.entries:
        shows.setdefault(each.show, []).append(each.item)
    sure = rules.confidence_of_list(found.likes)
    sayings = (
        Saying(source, show, tuple(_as_said(item, verdict, sure, found.url) for item in items))
        for show, items in shows.items()
    )
    return Heard((source,), tuple(sayings))


def _as_said(item: Item, verdict: Verdict, confidence: float, url: str) -> Item:
    return Item(
        verdict, confidence, item.number_abs, item.season, item.number, item.name, item.air_date,
        url,
    )  # fmt: skip


def _place(saying: Saying, places: list[Place]) -> Mapped | str:
    """Which episodes are meant; or why the whole list is left alone, in words."""
    if not saying.show.whole:
        return mapping.place(saying.items, places)
    last = max((each.number_abs or 0 for each in saying.items), default=0)
    here = max((each.number_abs or 0 for each in places), default=0)
    if not here:
        return "its episodes here have no numbers through all seasons"
    if last > here:
        return f"it counts to {last} and the last episode here is {here}: numbered otherwise"
    result = mapping.place(saying.items, places)
    if result.unplaced or result.doubtful:
        return "some of its numbers are no episode here: numbered otherwise"
    return result


def _claims(
    sayings: Iterable[Saying], placed: Iterable[Mapped | str]
) -> dict[tuple[int, str], Claim]:
    """What sources claim, by episode and source; nothing where one says two things of one."""
    claims: dict[tuple[int, str], Claim] = {}
    torn: set[tuple[int, str]] = set()
    for saying, result in zip(sayings, placed, strict=True):
        for key, item in result.found.items() if isinstance(result, Mapped) else ():
            claim = Claim(saying.source, item.verdict, item.confidence, item.url)
            at = key, saying.source
            other = claims.get(at, claim)
            if other.verdict is not claim.verdict:
                torn.add(at)
            claims[at] = max(claim, other, key=lambda each: each.confidence)
    return {at: each for at, each in claims.items() if at not in torn}


def _report(
    saying: Saying, one: Known | str, result: Mapped | str, believed: Mapping[int, Belief]
) -> ShowReport:
    said = sum(not each.implied for each in saying.items)
    title_id, name = (None, "") if isinstance(one, str) else (one.id, one.name)
    show = f"{name} ({saying.show})" if name and not saying.show.name else str(saying.show)
    if isinstance(result, str):
        return ShowReport(saying.source, show, title_id, said, problem=result)
    come_to = [believed.get(key, Belief()) for key in result.found]
    return ShowReport(
        saying.source,
        show,
        title_id,
        said,
        mapped=sum(not each.implied for each in result.found.values()),
        unplaced=len(result.unplaced),
        doubtful=len(result.doubtful),
        filler=sum(each.verdict is Verdict.FILLER for each in come_to),
        disputed=sum(each.disputed for each in come_to),
    )
