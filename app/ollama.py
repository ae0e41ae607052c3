"""Is there an Ollama, and has it the model? For the doctor, and for `up`, which looks around."""

import asyncio
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.settings import Settings
from domain.sync.ports import UpstreamAway
from domain.titles.names import clean
from integrations.upstreams.errors import Garbled, Refused
from integrations.upstreams.fields import Unfit, listing, mapping
from integrations.upstreams.http import Patience, Upstream

_MOMENT_S = 0.3  # `up` waits no longer for what may not be there
_PORT = 11434
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where it listens is not where it is asked
_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What is at an address. models: their whole names, in lower case; closed: it wants a token."""

    url: str
    state: Literal["there", "away", "closed", "stranger"]
    version: str = ""
    models: frozenset[str] = frozenset()

    def has(self, model: str) -> bool:
        """Whether it has a model, named as people do: without a tag it means the latest."""
        return _whole(model) in self.models

    @property
    def where(self) -> str:
        """Its host and port, and nothing that may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


async def look(url: str, token: SecretStr | None, patience_s: float) -> Seen:
    """Ask at an address, for so long at most."""
    patience = Patience(patience_s, patience_s, patience_s, 1, most_bytes=_MOST_BYTES)
    upstream = Upstream("Ollama", url, patience=patience, headers=bearer(token))
    try:
        async with asyncio.timeout(patience_s):
            said = mapping((await upstream.ask("GET", "/api/version")).value, "it").get("version")
            tags = mapping((await upstream.ask("GET", "/api/tags")).value, "it")
        if not isinstance(said, str):
            raise Unfit("it has no version")
        listed = [mapping(each, "a model") for each in listing(tags.get("models"), "its models")]
        names = {str(each.get("name") or each.get("model")) for each in listed}
        return Seen(url, "there", clean(said, 40), frozenset(map(_whole, names)))
    except (UpstreamAway, TimeoutError):
        return Seen(url, "away")
    except Refused as refused:
        return Seen(url, "closed" if refused.status in {401, 403} else "stranger")
    except (Garbled, Unfit):
        return Seen(url, "stranger")
    finally:
        await upstream.close()


def nearby(environment: Mapping[str, str] | None = None) -> Seen | None:
    """What is where Ollama usually listens, or where OLLAMA_HOST says; None: nobody, it seems.

    It takes a moment at most, and never fails.
    """
    host = (os.environ if environment is None else environment).get("OLLAMA_HOST", "")
    url = usual_url(host)
    found: list[Seen] = []

    def ask() -> None:
        with suppress(Exception):  # it was worth a try
            found.append(asyncio.run(look(url or "", None, _MOMENT_S)))

    if url is not None:
        # A name may take long to be looked up, and only a thread can be left alone with that.
        asking = threading.Thread(target=ask, name="ollama", daemon=True)
        asking.start()
        asking.join(_MOMENT_S)
    return next((seen for seen in found if seen.state == "there"), None)


def usual_url(host: str) -> str | None:
    """Where OLLAMA_HOST points to, read as Ollama does; None where that can't be read."""
    host = host.strip()
    named, _, rest = host.rpartition("://")
    port = {"": _PORT, "http": 80, "https": 443}.get(named)
    try:
        parts = urlsplit(f"{named or 'http'}://{rest}")
        name, port = parts.hostname or "127.0.0.1", parts.port or port
    except ValueError:
        return None
    if port is None or "@" in parts.netloc or any(letter.isspace() for letter in host):
        return None
    name = _EVERYWHERE.get(name, name)
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}{path}"


def discovered(settings: Settings) -> tuple[Settings, str]:
    """The settings with an Ollama that runs here and has the model, and what to say about it.

    An address that is set is never another's.
    """
    model = settings.ollama_model
    seen = nearby() if settings.ollama_url is None else None
    if seen is None:
        return settings, ""
    if not seen.has(model):
        pull = f"type `ollama pull {model}` and restart"
        return settings, f"Ollama     lacks {model}: {pull}; until then templates write the whys"
    chosen = settings.model_copy(update={"ollama_url": seen.url})
    return chosen, f"Ollama     {model} phrases the whys"


def bearer(token: SecretStr | None) -> dict[str, str]:
    """The headers that show a token."""
    return {"authorization": f"Bearer {token.get_secret_value()}"} if token else {}


def _whole(name: str) -> str:
    tagged = ":" in name.rpartition("/")[2]
    return (name if tagged else f"{name}:latest").lower()
