"""A toy model for whoever has no Ollama: found, started, and told apart from a real one."""

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from app import programs
from app.embedded import StartupProblem
from app.embedded.command import Command
from app.embedded.ports import free_port
from app.settings import Settings
from simulators.ollama.llama import OWN_NAME, PACKAGES

NOTE = "Ollama     a toy model phrases the whys (SmolLM2-135M): expect little of its prose"
_BESIDE = programs.ROOT / ".venv" / "llm"


def interpreter() -> Path:
    """The Python that has the model: ours with the extra, or that of `make local-llm`.

    Raises StartupProblem where there is none.
    """
    if all(find_spec(package) for package in PACKAGES):
        return Path(sys.executable)
    if (_BESIDE / "installed").exists():
        return _BESIDE / "bin" / "python"
    in_checkout = (programs.ROOT / "Makefile").exists()
    how = "make local-llm" if in_checkout else "pip install 'streaming-stack[local-llm]'"
    raise StartupProblem(
        "--local-llm needs a model and what runs it, which are not installed",
        f"type `{how}`, which needs a C++ compiler, 100 MB of downloads and about three minutes",
    )


def told() -> str:
    """Whether it is there, and what to type, as `doctor` says it."""
    try:
        return f"{interpreter()} has it; `streaming-stack up --local-llm` uses it"
    except StartupProblem as missing:
        return f"not installed, which only --local-llm needs; {missing.hint}"


def chosen(settings: Settings) -> Settings:
    """The settings for whoever asks it: its address, and its own name.

    By another name its lines would be taken for those of a better model.
    """
    url = f"http://127.0.0.1:{free_port()}"
    return settings.model_copy(
        update={"ollama_url": url, "ollama_model": OWN_NAME, "ollama_parallel": 1}
    )


def program(settings: Settings, logs: Path, console: Callable[[str, str], None]) -> Command:
    """The model, on its own port. It is told none of our secrets."""
    port = urlsplit(settings.ollama_url or "").port or 0
    argv = [interpreter(), "-P", "-m", "simulators.ollama.serve", "--port", str(port)]
    env = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(programs.ROOT)}
    return programs.Listening("local-llm", argv, port=port, logs=logs, env=env, console=console)
