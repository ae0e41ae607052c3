"""The clients are those that were published: pinned, hashed, and as their authors left them."""

import json
import re
import subprocess

from tests.foreign.support import PINS, foreign_python

# Runs in the other environment: which versions there are, and which files are not as packed.
LOOK = """
import base64, hashlib, importlib.metadata, json, sys
told = {}
for name in json.loads(sys.argv[1]):
    installed = importlib.metadata.distribution(name)
    changed = []
    for file in installed.files:
        if file.hash is None:
            continue
        content = file.locate().read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest())
        if digest.rstrip(b"=").decode() != file.hash.value:
            changed.append(str(file))
    told[name] = [installed.version, changed]
print(json.dumps(told))
"""


def pins() -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)", PINS.read_text(), re.M))


def test_the_lock_hashes_everything_and_names_no_index():
    lock = PINS.with_suffix(".lock").read_text()
    assert "://" not in lock
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.M))
    assert {name: locked.get(name) for name in pins()} == pins()
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.M)[1:]
    assert len(blocks) == len(locked)
    assert all("--hash=sha256:" in each for each in blocks)


def test_the_clients_are_as_their_authors_published_them():
    done = subprocess.run(
        [foreign_python(), "-c", LOOK, json.dumps(sorted(pins()))],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == {name: [version, []] for name, version in pins().items()}
