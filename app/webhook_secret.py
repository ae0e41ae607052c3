"""The secret that webhooks are signed with where nobody set one: made once, kept in the folder."""

import os
from pathlib import Path

from pydantic import SecretStr

from app.embedded import StartupProblem
from app.embedded.errors import plainly
from app.settings import Settings
from domain.webhooks.signatures import keys_of, new_secret

FILE = "webhook.secret"


def with_secret(settings: Settings, folder: Path) -> Settings:
    """The settings with the folder's secret, made if it is new; one that was set stays."""
    if settings.justwatch_webhook_secret is not None:
        return settings
    with plainly(folder):
        kept = _read(folder) or _make(folder)
    return settings.model_copy(update={"justwatch_webhook_secret": SecretStr(kept)})


def kept_secret(settings: Settings) -> str | None:
    """The folder's secret, where one is used and was made; raises StartupProblem."""
    if settings.justwatch_webhook_secret is not None or settings.database_url is not None:
        return None
    with plainly(settings.data_dir):
        return _read(settings.data_dir)


def secret_in_use(settings: Settings, variable: str) -> str:
    """The secret to sign with; raises StartupProblem where there is none, naming its variable."""
    secret = settings.justwatch_webhook_secret
    listed = secret.get_secret_value() if secret else kept_secret(settings)
    if not (listed or "").strip():
        made = "run `streaming-stack up`, which makes one" if settings.database_url is None else ""
        raise StartupProblem("There is no secret for webhooks yet", made or f"set {variable}")
    return (listed or "").split()[0]


def _read(folder: Path) -> str | None:
    try:
        secret = (folder / FILE).read_text(errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        keys_of(secret)
    except ValueError as problem:
        raise StartupProblem(
            f"There is no usable secret in {folder / FILE}",
            "delete that file, and the next start makes a new one",
        ) from problem
    return secret or None


def _make(folder: Path) -> str:
    secret, half = new_secret(), folder / f"{FILE}.new"
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())  # senders are told it, so it must not be another one tomorrow
    half.replace(folder / FILE)
    return secret
