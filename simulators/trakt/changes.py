"""What a posted body means: which things, with what was said of each, and which nobody knows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException

from simulators.trakt.titles import Catalogue, Json, Thing
from simulators.world import Title

KINDS = ("movie", "show", "season", "episode")


@dataclass(slots=True)
class Change:
    """Things with what was said of them, the outer levels' words included where inner had none."""

    things: list[tuple[Thing, Json]] = field(default_factory=list)
    not_found: dict[str, list[Any]] = field(
        default_factory=lambda: {f"{kind}s": [] for kind in KINDS}
    )


def read(catalogue: Catalogue, sent: Mapping[str, Any], today: date, *, expand: bool) -> Change:
    """Understand a body. expand: a show or a season stands for its aired episodes.

    Raises HTTPException 422 for what has the wrong shape.
    """
    change = Change()
    for entry in _entries(sent, "movies"):
        title = catalogue.by_ids("movie", _ids(entry))
        if title is None:
            change.not_found["movies"].append(entry)
        else:
            change.things.append((Thing("movie", title.number), entry))
    for entry in _entries(sent, "shows"):
        title = catalogue.by_ids("show", _ids(entry))
        if title is None:
            change.not_found["shows"].append(entry)
        else:
            _show(catalogue, title, entry, today, change, expand=expand)
    for kind in ("season", "episode"):
        for entry in _entries(sent, f"{kind}s"):
            thing = catalogue.part_by_id(kind, _ids(entry))
            if thing is None:
                change.not_found[f"{kind}s"].append(entry)
            elif kind == "season" and expand:
                _season(catalogue, thing, entry, change)
            else:
                change.things.append((thing, entry))
    return change


def _show(
    catalogue: Catalogue, title: Title, entry: Json, today: date, change: Change, *, expand: bool
) -> None:
    if "seasons" not in entry:
        if not expand:
            change.things.append((Thing("show", title.number), entry))
            return
        for season, episode in catalogue.episodes(title, today):
            thing = Thing("episode", title.number, season.number, episode.number)
            change.things.append((thing, entry))
        return
    for inner in _entries(entry, "seasons"):
        said, number = {**entry, **inner}, inner.get("number")
        if not isinstance(number, int) or catalogue.season(title.number, number) is None:
            change.not_found["seasons"].append(inner)
        elif "episodes" not in inner:
            thing = Thing("season", title.number, number)
            if expand:
                _season(catalogue, thing, said, change)
            else:
                change.things.append((thing, said))
        else:
            for each in _entries(inner, "episodes"):
                episode = each.get("number")
                if not isinstance(episode, int) or not catalogue.episode(
                    title.number, number, episode
                ):
                    change.not_found["episodes"].append(each)
                    continue
                thing = Thing("episode", title.number, number, episode)
                change.things.append((thing, {**said, **each}))


def _season(catalogue: Catalogue, thing: Thing, said: Json, change: Change) -> None:
    assert thing.season is not None
    season = catalogue.season(thing.number, thing.season)
    for episode in season.episodes if season else ():
        change.things.append((Thing("episode", thing.number, thing.season, episode.number), said))


def _entries(sent: Mapping[str, Any], key: str) -> Iterator[Json]:
    entries = sent.get(key) or []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise HTTPException(422)
    return iter(entries)


def _ids(entry: Json) -> Mapping[str, Any]:
    ids = entry.get("ids")
    return ids if isinstance(ids, dict) else {}
