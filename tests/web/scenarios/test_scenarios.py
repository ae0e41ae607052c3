"""What people do with the dashboard, played by a real browser against the real stack."""

import os
from pathlib import Path

import pytest

from tests.support.instance import Instance
from tests.web.conftest import EVERY_LOOK, Script

HERE = Path(__file__).parent
DEVICES = ["phone", "tablet", "desktop"]
SHOTS = os.environ.get("STREAMING_STACK_TEST_SHOTS")  # a folder, for what was seen when one fails

# Which scenario, and on what it is played where one device has to do.
SCENARIOS = {
    "welcome": "phone",
    "tonight": "desktop",
    "leaving": "phone",
    "away": "desktop",
    "importing": "tablet",
    "binge": "tablet",
    "tabs": "desktop",
    "offline": "phone",
    "keyboard": "phone",
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_plays_to_its_end_and_quietly(
    name: str, script: Script, instance: Instance
) -> None:
    devices = DEVICES if EVERY_LOOK else [SCENARIOS[name]]
    played = script(
        f"scenarios/{name}.mjs",
        devices=devices,
        data=str(instance.folder),
        secret=(instance.folder / "webhook.secret").read_text().strip(),
        files=str(HERE.parent / "files"),
        shots=Path(SHOTS, name).as_posix() if SHOTS else None,
    )
    assert [each["device"] for each in played] == devices
    for each in played:
        assert each["complaints"] == [], each["device"]  # what breaks the policy is among them
        assert each["foreign"] == [], each["device"]


def test_every_scenario_is_played() -> None:
    helpers = {"stage", "live"}
    assert {file.stem for file in HERE.glob("*.mjs")} - helpers == set(SCENARIOS)
