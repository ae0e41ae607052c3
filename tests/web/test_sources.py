"""The dashboard's own checks: types, its tests, what pages begin with, and locks."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.web.conftest import HERE, WEB

# Kit writes its own links in another style than ours, and leaves an empty line between them.
HTML_RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "doctype-style": ["error", {"style": "lowercase"}],
        "void-style": "off",
        "no-trailing-whitespace": "off",
    },
}


def npm(node: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        ["npm", *words], cwd=WEB, env=dict(node), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


LOCKS = (WEB / "package-lock.json", HERE / "lighthouse" / "package-lock.json")


@pytest.mark.timeout(300)
def test_the_types_hold(node: Mapping[str, str]) -> None:
    npm(node, "run", "types")
    npm(node, "run", "check")


@pytest.mark.timeout(300)
def test_its_own_tests_pass_and_every_document_fits_the_schema(node: Mapping[str, str]) -> None:
    assert "documents.test.ts" in npm(node, "run", "test", "--", "--reporter=verbose")


def test_what_every_page_begins_with_is_valid(
    build: Path, node: Mapping[str, str], tmp_path: Path
) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({**HTML_RULES, "root": True}))
    program = WEB / "node_modules" / ".bin" / "html-validate"
    pages = sorted(build.rglob("*.html"))
    assert build / "shell.html" in pages
    words = [program, "--config", rules, "--formatter", "json", *pages]
    done = subprocess.run(
        words, cwd=WEB, env=dict(node), capture_output=True, text=True, check=False
    )
    found = [
        (report["filePath"], each["message"])
        for report in json.loads(done.stdout or "[]")
        for each in report["messages"]
    ]
    assert (found, done.returncode) == ([], 0), done.stderr


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.parent.name)
def test_a_lock_names_no_registry_and_every_platform(file: Path) -> None:
    lock = json.loads(file.read_text())["packages"]
    assert [name for name, each in lock.items() if "resolved" in each] == []
    missing = [
        (name, wanted)
        for name, each in lock.items()
        for wanted in each.get("optionalDependencies", {})
        if f"node_modules/{wanted}" not in lock and f"{name}/node_modules/{wanted}" not in lock
    ]
    assert missing == []  # else `npm ci` refuses it, where a registry has what ours had not
