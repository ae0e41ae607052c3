"""The sentence of a schedule: ours at once, and a model's where one has phrased it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from domain.accounts.viewer import Viewer
from domain.binge import sheet
from domain.binge.service import Answer
from domain.why import keys
from domain.why.service import Whys
from domain.why.values import Line, Source, Wanted


@dataclass(frozen=True, slots=True)
class Told:
    """line: the sentence as it stands. id: what `Whys.ready` takes to tell the one that is being
    written; pending: whether one is.
    """

    line: Line
    id: str
    pending: bool = False


async def told(whys: Whys | None, viewer: Viewer, answer: Answer, now: datetime) -> Told:
    """The sentence of a schedule. It waits for no model: a missing line is ordered.

    Only a plan that fits is put into a model's words. Where it doesn't, what counts is what to do
    about that, and our sentence says it exactly.
    """
    id, template = secrets.token_urlsafe(16), answer.sentence
    facts = sheet.sheet_of(answer.schedule, answer.card.name, answer.today)
    key = keys.line_key(
        "binge", None, answer.card.id, None, facts, whys.model if whys is not None else ""
    )
    wanted = Wanted(f"why_{key[:24]}", key, facts, template, answer.card.id)
    ours = Line(wanted.id, template, Source.TEMPLATE)
    if whys is None or not (answer.schedule.fits and answer.schedule.sittings):
        return Told(ours, id)
    (line,) = await whys.shelf.lines([wanted])
    if line is not None:
        return Told(line, id)
    return Told(ours, id, bool(await whys.order(id, viewer.profile_id, [wanted], now)))
