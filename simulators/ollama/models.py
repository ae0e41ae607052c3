"""Which models there are, which are loaded, and until when."""

import hashlib
import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from simulators.clock import Clock

CHAT, EMBEDDING = "mistral:7b-instruct", "nomic-embed-text:latest"
VERSION = "0.12.6"
_FOREVER = timedelta(days=365 * 100)
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


@dataclass(slots=True)
class Model:
    """A model on disk. capabilities: 'completion', 'tools', 'embedding'."""

    name: str
    modified_at: datetime
    size: int = 4_113_301_824
    family: str = "llama"
    parameters: str = "7.2B"
    dimensions: int = 4096
    capabilities: tuple[str, ...] = ("completion", "tools")
    loaded_until: datetime | None = None
    num_ctx: int = 4096
    quantization: str = "Q4_0"
    context: int = 32_768
    stop: str = "[INST]"
    template: str = "[INST] {{ .Prompt }} [/INST]"
    about: str = ""  # what it is in truth, where its name promises more

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        """What kind of model it is."""
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": self.quantization,
        }

    @property
    def said(self) -> dict[str, Any]:
        """As lists have it."""
        return {
            "name": self.name,
            "model": self.name,
            "size": self.size,
            "digest": self.digest,
            "details": self.details,
        }


@dataclass(slots=True)
class Models:
    """Those on disk. A name without a tag means `latest`. fixed: there are no others to get."""

    clock: Clock
    kept: dict[str, Model] = field(default_factory=dict)
    fixed: bool = False

    def __post_init__(self) -> None:
        if self.kept:
            return
        now = self.clock.now()
        self.kept[CHAT] = Model(CHAT, now)
        self.kept[EMBEDDING] = Model(
            EMBEDDING, now, 274_302_450, "nomic-bert", "137M", 768, ("embedding",)
        )

    def find(self, name: str) -> Model | None:
        """The model of a name; None where it was not pulled."""
        return self.kept.get(_full(name))

    def add(self, name: str, source: Model | None = None) -> Model:
        """Have a model from now on, or one that is there under another name."""
        name = _full(name)
        if source is not None:
            return self.kept.setdefault(name, replace(source, name=name))
        kind = ("embedding",) if "embed" in name else ("completion", "tools")
        model = Model(name, self.clock.now(), capabilities=kind)
        if kind == ("embedding",):
            model.dimensions = 768
        return self.kept.setdefault(name, model)

    def remove(self, name: str) -> bool:
        """Have it no longer; whether it was there."""
        return self.kept.pop(_full(name), None) is not None

    def load(self, model: Model, keep_alive: Any) -> bool:
        """Keep a model in memory for as long as was asked; whether it had to be loaded."""
        now = self.clock.now()
        was = model.loaded_until is not None and model.loaded_until > now
        model.loaded_until = now + _lasting(keep_alive)
        return not was

    def loaded(self) -> list[Model]:
        """Those in memory now."""
        now = self.clock.now()
        return [
            each for each in self.kept.values() if each.loaded_until and each.loaded_until > now
        ]


def _full(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


def _lasting(keep_alive: Any) -> timedelta:
    if keep_alive is None:
        return timedelta(minutes=5)
    text = str(keep_alive).strip()
    unit = next((each for each in ("ms", "h", "m", "s") if text.endswith(each)), "")
    try:
        seconds = float(text.removesuffix(unit)) * _UNITS.get(unit, 1)
    except ValueError:
        raise ValueError(f'time: invalid duration "{text}"') from None
    return _FOREVER if seconds < 0 else timedelta(seconds=min(seconds, 1e9))


def embedding(text: str, dimensions: int) -> list[float]:
    """A vector of length 1, nearer to those of texts with the same words."""
    words = text.lower().split() or [""]
    total = [0.0] * dimensions
    for word in words:
        for place, value in enumerate(_direction(word, dimensions)):
            total[place] += value
    length = math.sqrt(sum(value * value for value in total)) or 1.0
    return [value / length for value in total]


@lru_cache(maxsize=4_096)
def _direction(word: str, dimensions: int) -> tuple[float, ...]:
    draw = Random(f"embedding {word}")
    return tuple(draw.gauss(0, 1) for _ in range(dimensions))
