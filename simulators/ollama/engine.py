"""What the pretended model says: made of its prompt and a seed, whole and as tokens."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from simulators.ollama.instances import Instances
from simulators.ollama.prompts import Prompt

_TOKEN = re.compile(r"\s?[^\W_]{1,6}|\s|.", re.DOTALL)
_SENTENCES = (
    "{title} is an easy one to begin and a hard one to leave.",
    "{title} fits the mood you described.",
    "If you liked what you finished last, {title} is close to it.",
    "{title} is short enough for tonight.",
    "Few things are as quietly good as {title}.",
)
_FOREIGN = (
    "Ein ruhiger Film, der lange nachwirkt und gut zu diesem Abend passt.",
    "Diese Serie ist spannend, ohne jemals laut zu werden.",
    "これは今夜にぴったりの作品です。",
)
_SPACE_TOKENS = 2_000  # what a model without an end in sight says at the least

# How a model can go wrong, which `/_sim/faults` switches on.
FAULTS = (
    "mid_stream_error", "invalid_json", "wrong_language", "endless", "obeys_injection", "crash",
    "out_of_memory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How it is to be said. num_predict: tokens, below 0 for no end; seed: None for any."""

    num_predict: int = -1
    num_ctx: int = 4096
    seed: int | None = None
    temperature: float = 0.8
    stop: tuple[str, ...] = ()


def tokens(text: str) -> list[str]:
    """A text in pieces, which together are the text."""
    return _TOKEN.findall(text)


def speech(
    model: str,
    prompt: Prompt,
    options: Options,
    turn: int,
    fault: str | None = None,
    line: str | None = None,
) -> Iterator[str]:
    """The tokens of an answer, before any limit. The same for the same, unless chance is wanted.

    turn: counts the calls, for those who ask for chance and name no seed. line: what it says
    wherever it would say a sentence of its own.
    """
    if options.temperature <= 0:
        chance = "0"
    else:
        chance = f"seed {options.seed}" if options.seed is not None else f"turn {turn}"
    key = json.dumps([model, chance, [(m.role, m.content) for m in prompt.messages]])
    draw = Random(hashlib.sha256(f"{key}{prompt.schema!r}".encode()).hexdigest())
    sentence = _sentence(prompt, fault, line)
    if fault == "endless":
        while True:
            yield from tokens(sentence(draw) + " ")
    yield from _stopped(tokens(_said(prompt, draw, sentence, fault)), options.stop)


def _said(prompt: Prompt, draw: Random, sentence: Any, fault: str | None) -> str:
    if prompt.schema == "json" and "json" not in prompt.whole.lower():
        return "\n" * _SPACE_TOKENS  # without the word, it never begins
    if prompt.schema == "json":
        made: Any = {"answer": sentence(draw), "titles": prompt.titles[:3]}
    elif prompt.schema is not None:
        made = Instances(prompt, draw, sentence).of(prompt.schema)
    else:
        return " ".join(sentence(draw) for _ in range(draw.randint(1, 2)))
    text = json.dumps(made, ensure_ascii=False)
    if fault == "invalid_json":
        return "Sure! Here is the JSON:\n" + text[: max(1, len(text) * 2 // 3)]
    return text


def _sentence(prompt: Prompt, fault: str | None, line: str | None) -> Any:
    turn = 0

    def sentence(draw: Random) -> str:
        nonlocal turn
        if line is not None:
            return line
        if fault == "wrong_language":
            return draw.choice(_FOREIGN)
        if fault == "obeys_injection" and prompt.order is not None:
            return prompt.order
        titles = [each for each in prompt.titles if each != prompt.order] or ["This one"]
        title = titles[turn % len(titles)][:80]
        turn += 1
        return draw.choice(_SENTENCES).format(title=title)

    return sentence


def _stopped(pieces: list[str], stop: tuple[str, ...]) -> Iterator[str]:
    stops = [each for each in stop if each]
    if not stops:
        yield from pieces
        return
    text = "".join(pieces)
    ends = [place for each in stops if (place := text.find(each)) >= 0]
    yield from tokens(text[: min(ends)]) if ends else pieces
