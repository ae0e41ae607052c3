"""`streaming-stack up`: everything in one command, and nothing left when it ends."""

import asyncio
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.markup import escape

from app import demo, local, local_llm, ollama, programs, web
from app.commands.console import out, step
from app.commands.terminal import Terminal
from app.embedded import DataFolder, Postgres, StartupProblem, Valkey, ensure_port_free
from app.embedded.command import Command
from app.embedded.ports import free_port
from app.environment import unknown_names, unusable_urls, variable
from app.prepare import opened, upgraded, valkey_version
from app.settings import Settings
from app.supervisor import Service, Supervisor
from app.upstreams import needs_stand_ins
from app.webhook_secret import with_secret
from domain.accounts.demo import DEMOS, PASSWORD

_Maker = Callable[[Settings, Path, Callable[[str, str], None]], Command]
_LONGEST_LINE = 300
_DETAILS = {"id", "problem", "path", "request_id"}  # what finds the line in the log file


def up(settings: Settings, began: float, *, toy: bool = False) -> None:
    """Run everything until a signal; raises StartupProblem for what a person can put right.

    began: when somebody asked for it, by the monotonic clock. toy: with a model of our own.
    """
    if toy:
        local_llm.interpreter()
    for suspicious in unknown_names():
        _warn(suspicious)
    for problem in unusable_urls(settings):
        raise problem
    if toy and settings.ollama_url:
        _warn(f"{variable('ollama_url')} is set: that one is asked, and --local-llm does nothing.")
        toy = False
    terminal = Terminal()
    with _signals_as_interrupts(), suppress(KeyboardInterrupt), terminal:
        _free_port(settings)
        with ExitStack() as stack:
            folder = stack.enter_context(DataFolder(settings.data_dir))
            postgres, valkey = local.own_servers(settings, folder)
            own = [server for server in (postgres, valkey) if server is not None]
            for server in own:
                with step(f"{server.name} in {server.data_dir}"):
                    stack.enter_context(server)
            if postgres:
                settings = with_secret(settings, folder.path)
            settings = local.with_servers(
                settings, postgres and postgres.dsn(local.DATABASE), valkey and valkey.url
            )
            asyncio.run(_prepare(settings, folder.path, postgres, valkey))
            if postgres and valkey:
                offered = asyncio.run(_demo(settings, folder.path, datetime.now(UTC)))
                settings = settings.model_copy(update={"offer_demo_accounts": offered})
            simulated = bool(postgres and valkey) and needs_stand_ins(settings)
            if simulated:
                url = f"http://127.0.0.1:{free_port()}"
                settings = settings.model_copy(update={"simulators_url": url})
            note = ""
            if toy:
                settings, note = local_llm.chosen(settings), local_llm.NOTE
            elif postgres and valkey:
                settings, note = ollama.discovered(settings)
            _publish(settings, folder, postgres, valkey)
            lookout = programs.Lookout(
                settings,
                ready=lambda: _welcome(settings, began, note),
                late=lambda why: _warn(
                    f"The API takes unusually long: {why}. Its log: {folder.logs}"
                ),
            )
            stack.callback(lookout.end)
            lookout.start()
            also = [programs.simulators] if simulated else []
            also += [local_llm.program] if toy else []
            _supervise(settings, folder.logs, own, terminal, also)
    terminal.closed()  # then this is for nobody
    out.print("Stopped. Nothing is lost: `streaming-stack up` goes on where this ended.")


async def _prepare(
    settings: Settings, folder: Path, postgres: Postgres | None, valkey: Valkey | None
) -> None:
    """Bring both servers to where the API and the worker can use them."""
    with step("Database") as done:
        schema = await upgraded(settings, own=postgres is not None)
        news = f"migrated from {schema.before or 'nothing'} to " if schema.migrated else ""
        done(f"Database on Postgres {schema.version}: {news}schema {schema.now}")
    if schema.created:
        demo.forget(folder)
    if valkey is None:
        with step("Valkey") as done:
            done(f"{valkey_version(settings)} answers")


async def _demo(settings: Settings, folder: Path, now: datetime) -> bool:
    """Load the demo on our own servers, unless others can come in; whether it is there.

    Its accounts would be an open door then, so those that are left from before are closed.
    """
    if not demo.private(settings):
        demo.forget(folder)
        async with opened(settings) as database:
            removed = await demo.remove_open_accounts(database)
        if removed:
            _warn(
                "Other machines can reach this one and everybody knows the password of the demo"
                f" accounts, so they were removed: {', '.join(removed)}."
            )
        return False
    if settings.demo and not demo.loaded_today(settings, folder, now):
        with step("Demo catalogue") as done:
            async with opened(settings) as database:
                report = await demo.load(database, settings, folder, now)
            done(f"Demo catalogue: {report.titles_total:,} titles")
    return settings.demo


def _publish(
    settings: Settings, folder: DataFolder, postgres: Postgres | None, valkey: Valkey | None
) -> None:
    """Tell other commands where our own servers are; the given ones they know from elsewhere."""
    urls = {"api": programs.address(settings)}
    if postgres is not None:
        urls["database"] = postgres.dsn(local.DATABASE)
    if valkey is not None:
        urls["redis"] = valkey.url
    if settings.simulators_url:
        urls["simulators"] = settings.simulators_url
    folder.publish(ports={"api": settings.port}, urls=urls)


def _free_port(settings: Settings) -> None:
    """Make sure that we can listen; say so where it is another one of us that does."""
    try:
        ensure_port_free(settings.host, settings.port)
    except StartupProblem as problem:
        if not programs.ours_answers(settings):
            raise
        raise StartupProblem(
            f"Port {settings.port} on {settings.host} is used by another Streaming Stack",
            f"stop that one, or set {variable('port')} to another port",
        ) from problem


def _supervise(
    settings: Settings,
    logs: Path,
    own: list[Postgres | Valkey],
    terminal: Terminal,
    also: list[_Maker],
) -> None:
    """Keep all of it running until a signal; also: what the worker asks at once."""
    makers = [programs.api, *also, programs.worker]
    services: list[Service] = [*own, *(make(settings, logs, _tell) for make in makers)]
    _Patient(services, terminal).run()


class _Patient(Supervisor):
    """Where the terminal is gone, being told twice to stop is no impatience.

    Its end may reach us more than once: from the system, from a shell, and from ourselves.
    """

    def __init__(self, services: list[Service], terminal: Terminal) -> None:
        super().__init__(services, say=_warn)
        self._terminal = terminal
        self._told = False

    def stop(self) -> None:
        """Ask `run` to end."""
        if not (self._told and self._terminal.closed()):
            super().stop()
        self._told = True


def _welcome(settings: Settings, began: float, note: str) -> None:
    """Say where everything is, and what else is to be known."""
    address = programs.address(settings)
    lines = [
        f"[bold]Ready[/] after {time.monotonic() - began:.1f} s.",
        f"  Dashboard  {address}/" if web.built() else f"  {web.HOW_TO_BUILD}",
        f"  GraphiQL   {address}/graphql",
        f"  REST docs  {address}/api/docs",
    ]
    if settings.justwatch_webhook_secret:
        lines.append(f"  Webhooks   {address}{programs.WEBHOOK}; see docs/webhooks.md")
    if settings.public_url:
        lines.append(f"  From outside: {escape(settings.public_url)}")
    if settings.offer_demo_accounts:
        emails = ", ".join(each.email for each in DEMOS)
        lines.append(f"  Accounts   {emails}; their password is {PASSWORD}")
    if note:
        lines.append(f"  {escape(note)}")
    lines.append("Ctrl-C stops everything.")
    out.print("\n".join(lines))


def _tell(name: str, line: str) -> None:
    if shown := worth_showing(line):
        out.print(f"[dim]{name:>6}[/] {escape(shown)}")


def worth_showing(line: str) -> str | None:
    """A program's log line for the terminal; None for what only its log file is for.

    That is each request, and whatever else went as it should. Of the rest the terminal gets a
    sentence, not the traceback.
    """
    try:
        told = json.loads(line)
        level, event = told.pop("level"), told.pop("event")
    except (ValueError, TypeError, AttributeError, KeyError):
        return line[:_LONGEST_LINE] or None  # not one of ours, such as a crash before the logs
    if level in {"debug", "info"}:
        return None
    details = (f"{name}={value}" for name, value in told.items() if name in _DETAILS)
    return " ".join([f"{level}: {event}", *details])[:_LONGEST_LINE]


def _warn(sentence: str) -> None:
    out.print(f"[yellow]{escape(sentence)}[/]")


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """While we start, SIGTERM and a closed terminal unwind everything just as Ctrl-C does."""

    closed = False

    def interrupt(number: int, _frame: FrameType | None) -> None:
        nonlocal closed
        again, closed = closed, closed or number == signal.SIGHUP
        if not (again and number == signal.SIGHUP):  # several may tell us of one closed terminal
            raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
