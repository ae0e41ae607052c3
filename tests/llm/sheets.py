"""Fact sheets of real answers: the demo's, for somebody with a past and for a stranger."""

from dataclasses import replace

from domain.services import Services
from domain.why.sheet import sheet_of
from domain.why.values import Sheet
from tests.recommendations.asking import NOW, TONIGHT, ask, known
from tests.support.graphql import ANYONE

MOODS = ("tense", "funny", "cozy")
TIMES = (120, None)


async def sheets_of(services: Services) -> list[Sheet]:
    """Thirty or so, no two the same."""
    found: dict[str, Sheet] = {}
    for viewer in (ANYONE, await known(services)):
        for mood in MOODS:
            for time_min in TIMES:
                asked = replace(TONIGHT, mood=mood, time_min=time_min)
                for each in (await ask(services, asked, viewer)).picks[:5]:
                    title = each.pick.candidate
                    sheet = sheet_of(each.facts, title.kind, title.name, viewer.today(NOW))
                    found[repr((sheet.facts, sheet.names))] = sheet
    return list(found.values())
