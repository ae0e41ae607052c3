"""What changed at TMDB: which titles on which days, and what of one."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from simulators.drift import Change
from simulators.reality import Reality
from simulators.tmdb.discover import day
from simulators.tmdb.errors import Refusal
from simulators.tmdb.views import Json
from simulators.world import Title

_LONGEST = timedelta(days=14)


def window(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """The days asked for; yesterday and today where none are. Raises Refusal."""
    told_end, told_start = asked.get("end_date"), asked.get("start_date")
    end = day(told_end) if told_end else today
    start = day(told_start) if told_start else end - timedelta(days=1)
    if end - start > _LONGEST:
        raise Refusal(20)
    return start, end


def changed_ids(reality: Reality, kind: str, days: tuple[date, date]) -> list[Json]:
    """The titles of a kind of which anything changed, the latest first, each once."""
    titles = reality.world.titles
    changes = reversed(reality.changes(*days))
    ids = dict.fromkeys(
        titles[each.title].tmdb_id for each in changes if titles[each.title].kind == kind
    )
    return [{"id": id, "adult": False} for id in ids]


def changes_of(reality: Reality, title: Title, days: tuple[date, date]) -> Json:
    """What changed of a title."""
    items = list(_items(each for each in reality.changes(*days) if each.title == title.number))
    return {"changes": [{"key": "watch_providers", "items": items}] if items else []}


def _items(changes: Iterable[Change]) -> Iterable[Json]:
    for place, change in enumerate(changes):
        action = "updated"
        if change.before is None:
            action = "added"
        elif change.after is None:
            action = "deleted"
        told = change.after or change.before
        assert told is not None
        item: Json = {
            "id": f"{change.day.toordinal():06x}{change.title:012x}{place:06x}",
            "action": action,
            "time": f"{change.day.isoformat()} 00:00:00 UTC",
            "iso_639_1": "",
            "iso_3166_1": told.country,
        }
        if change.after is not None:
            item["value"] = {"provider_id": change.after.package}
        if change.before is not None:
            item["original_value"] = {"provider_id": change.before.package}
        yield item
