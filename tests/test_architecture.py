"""The house keeps its shape: arrows one way, files short, nobody else's module under our names.

It runs without servers, so `make check` can ask for it alone.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import pytest

from app import migrate
from app.environment import variable
from app.settings import Settings

ROOT = Path(__file__).parent.parent
LONGEST = 350

# layer -> the layers it may know. `app` wires everything and is known to nobody.
ARROWS = {
    "app": {
        "app", "dataloaders", "domain", "integrations", "jobs", "live", "migrations", "resolvers",
        "rest", "schema", "simulators",
    },
    "resolvers": {"resolvers", "schema", "dataloaders", "domain", "live"},
    "schema": {"schema", "dataloaders", "domain"},
    "dataloaders": {"dataloaders", "domain"},
    "rest": {"rest", "domain"},
    "jobs": {"jobs", "domain"},
    "integrations": {"integrations", "domain"},
    "live": {"live", "domain", "integrations"},
    "domain": {"domain"},
    "migrations": {"migrations", "domain"},
    "simulators": {"simulators"},  # they stand in for the outside, which doesn't know us
}  # fmt: skip
WIRING = {"jobs/worker.py": {"app"}}  # alone among the jobs it starts and stops the services
OURS = {*ARROWS, "bench", "simulators", "tests"}

PURE_NAMES = {"rules.py", "values.py", "why.py", "taste.py", "errors.py"}
PURE = {
    "domain/ids.py", "domain/ports.py", "domain/titles/genres.py", "domain/titles/maturity.py",
    "domain/titles/mood_rules.py", "domain/titles/mood_signs.py", "domain/titles/mood_words.py",
    "domain/titles/moods.py", "domain/titles/names.py", "domain/accounts/countries.py",
    "domain/accounts/viewer.py", "domain/recommendations/regret.py",
    "domain/binge/advising.py", "domain/binge/alternatives.py", "domain/binge/packing.py",
    "domain/binge/phrases.py", "domain/binge/sheet.py", "domain/binge/story.py",
    "domain/binge/questions.py", "domain/binge/words.py",
    "domain/imports/batches.py", "domain/imports/matching.py", "domain/imports/spelling.py",
    "domain/platforms/credit.py", "domain/sync/schedule.py",
    "domain/watchlists/finish.py", "domain/watchlists/finish_words.py",
    "domain/webhooks/signatures.py",
}  # fmt: skip

# Who may import inside a function: the command line, to start quickly.
LAZY = ("app/",)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: who, what, and whether inside a function."""

    file: str
    line: int
    module: str
    lazy: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def sources() -> list[Path]:
    return [path for layer in ARROWS for path in sorted((ROOT / layer).rglob("*.py"))]


def imports_of(path: Path) -> Iterator[Import]:
    file = path.relative_to(ROOT).as_posix()

    def visit(node: ast.AST, lazy: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inside = lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            if isinstance(child, ast.Import):
                for name in child.names:
                    yield Import(file, child.lineno, name.name, lazy)
            elif isinstance(child, ast.ImportFrom):
                yield Import(file, child.lineno, child.module or "." * child.level, lazy)
            yield from visit(child, inside)

    yield from visit(ast.parse(path.read_text(), path.name), lazy=False)


@pytest.fixture(scope="module")
def imports() -> list[Import]:
    return [found for path in sources() for found in imports_of(path)]


def test_no_arrow_runs_backwards(imports: list[Import]) -> None:
    wrong = [
        str(each)
        for each in imports
        if each.top in OURS
        and each.top not in ARROWS[each.file.partition("/")[0]] | WIRING.get(each.file, set())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_import_says_its_whole_path(imports: list[Import]) -> None:
    assert not [str(each) for each in imports if each.module.startswith(".")]


def test_pure_files_know_no_database_and_no_network(imports: list[Import]) -> None:
    pure = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if path.is_relative_to(ROOT / "domain") and path.name in PURE_NAMES
    }
    missing = [file for file in PURE if not (ROOT / file).exists()]
    assert not missing, f"the list of pure files is out of date: {missing}"
    wrong = [str(each) for each in imports if each.file in pure | PURE and not _is_pure(each)]
    assert not wrong, "\n".join(wrong)


def _is_pure(each: Import) -> bool:
    return each.top == "domain" or each.top in sys.stdlib_module_names


def test_imports_stand_at_the_top(imports: list[Import]) -> None:
    wrong = [str(each) for each in imports if each.lazy and not each.file.startswith(LAZY)]
    assert not wrong, "\n".join(wrong)


def test_no_dependency_brings_a_module_of_our_names() -> None:
    taken: list[str] = []
    for installed in distributions():
        if installed.metadata["Name"] == "streaming-stack":
            continue
        tops = {file.parts[0] for file in installed.files or [] if file.suffix == ".py"}
        modules = {top.removesuffix(".py") for top in tops}
        taken += [f"{installed.metadata['Name']} brings {name}" for name in modules & OURS]
    assert not taken


def test_every_setting_stands_in_the_documentation() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", (ROOT / "docs/settings.md").read_text(), re.M)
    documented = dict(rows)
    expected = {
        variable(name): _shown(field.default) for name, field in Settings.model_fields.items()
    }
    assert {name: documented.get(name) for name in expected} == expected


def _shown(default: object) -> str:
    if default is None or default == "":
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_files_are_short_enough_to_read() -> None:
    def lines(path: Path) -> int:
        return len(path.read_text().splitlines())

    written = [path for path in sources() if "versions" not in path.parts]  # those are generated
    long = [f"{path.relative_to(ROOT)}: {lines(path)}" for path in written if lines(path) > LONGEST]
    assert not long, "\n".join(long)


def test_the_newest_migration_has_the_highest_number() -> None:
    newest = max((ROOT / "migrations/versions").glob("*.py")).name
    assert newest.startswith(f"{migrate.head()}_")


def test_both_locks_pin_the_same_versions() -> None:
    runtime, dev = (_pins(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_locks_name_no_index_and_hash_everything() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        content = (ROOT / name).read_text()
        assert "://" not in content
        assert content.count("==") <= content.count("--hash=")


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", "\n".join(lines), re.M))
