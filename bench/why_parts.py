"""What the parts of a why cost by themselves, in this process: the template, the key, the check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from pydantic import SecretStr

from app.deps import open_services
from app.settings import Settings
from domain.accounts.viewer import Viewer
from domain.recommendations.questions import Asked, understand
from domain.recommendations.service import ANSWERS
from domain.why import keys, template
from domain.why.check import check
from domain.why.notes import plain_line
from domain.why.sheet import sheet_of

_MOOD, _MINUTES = "tense", 130
_SECONDS = 0.5  # of each


@dataclass(frozen=True, slots=True)
class Parts:
    """Microseconds of processor time: of all sentences of an answer in templates; of a sheet, of
    the key that a line is kept by, of a look at a line.
    """

    templates: float
    sheet: float
    key: float
    check: float


async def parts(database_url: str, redis_url: str, platforms: list[str]) -> Parts:
    """The parts, with the facts of a real answer."""
    settings = Settings(_env_file=None).model_copy(  # pyright: ignore[reportCallIssue]
        update={"database_url": SecretStr(database_url), "redis_url": SecretStr(redis_url),
                "data_dir": Path()}
    )  # fmt: skip
    viewer, now = Viewer("anonymous", "US", "UTC"), datetime.now(UTC)
    asked = Asked(_MOOD, _MINUTES, subscribed_platforms=platforms)
    async with open_services(settings, "bench") as services:
        async with services.database.read() as connection:
            question = await understand(connection, viewer, asked)
        answer = await services.recommender.recommend(viewer, question, now)
    told = [(each.facts, each.pick.candidate.kind) for each in answer.picks]
    five = [(each.facts, each.pick.candidate) for each in answer.picks[:ANSWERS]]
    today = viewer.today(now)
    sheets = [sheet_of(facts, title.kind, title.name, today) for facts, title in five]
    lines = [plain_line(sheet) for sheet in sheets]

    def make_sheets() -> None:
        for facts, title in five:
            sheet_of(facts, title.kind, title.name, today)

    def make_keys() -> None:
        for sheet in sheets:
            keys.line_key("0" * 32, None, 1, _MOOD, sheet, settings.ollama_model)

    def check_lines() -> None:
        for line, sheet in zip(lines, sheets, strict=True):
            check(line, sheet)

    return Parts(
        _microseconds(lambda: template.lines(told)),
        _microseconds(make_sheets) / len(five),
        _microseconds(make_keys) / len(five),
        _microseconds(check_lines) / len(five),
    )


def _microseconds(work: Callable[[], object]) -> float:
    """Processor time of a call, of which there are as many as fit."""
    work()
    calls, start = 0, process_time()
    while (spent := process_time() - start) < _SECONDS:
        work()
        calls += 1
    return spent / calls * 1e6
