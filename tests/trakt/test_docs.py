"""What docs/trakt.md tells a visitor to type in works as it stands there."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from domain.services import Services
from tests.trakt.people import FINISH, START, StandIn, ask
from tests.watchlists.homes import move_in

pytestmark = pytest.mark.anyio
DOCS = Path("docs/trakt.md").read_text()


async def test_the_line_that_types_in_a_code_connects_the_account(
    services: Services, stand_in: StandIn, tmp_path: Path
):
    ((line, code),) = re.findall(r"```sh\n(curl .*\"user_code\": \"(\w+)\".*)\n```", DOCS)
    ada = await move_in(services.database)
    made = (await ask(services, ada, START))["signIn"]["userCode"]
    (tmp_path / ".data").mkdir()
    urls = {"api": "http://127.0.0.1:1", "simulators": stand_in.base, "redis": "unix:///x"}
    (tmp_path / ".data/instance.json").write_text(json.dumps({"urls": urls}, indent=2) + "\n")
    typing = await asyncio.create_subprocess_shell(
        line.replace(code, made), cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await typing.communicate()
    assert said == b'{"outcome":"allowed"}'
    assert (await ask(services, ada, FINISH))["connected"]


def test_it_speaks_of_every_way_in():
    for name in (
        "startTraktSignIn", "finishTraktSignIn", "traktAccount", "importFromTrakt",
        "disconnectTrakt", "STREAMING_STACK_TRAKT_CLIENT_ID", "NOT_CONFIGURED",
    ):  # fmt: skip
        assert name in DOCS
