"""What a model is asked. Pure; every word is ours, and the facts are those of the sheet.

A change of a word here is a new VERSION: lines are kept by it, and their outcomes counted by it.
"""

import re
from collections.abc import Mapping
from typing import Any

from domain.why.notes import notes, plain_line
from domain.why.refusals import Reason, Refusal
from domain.why.values import Sheet

VERSION = 1
MOST_TOKENS = 120  # a line of 200 characters with its JSON takes about 60
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"line": {"type": "string", "maxLength": 200}},
    "required": ["line"],
    "additionalProperties": False,
}

_TASKS = {
    "pick": "Tell a viewer in one warm line why tonight's pick suits them.",
    "binge": "Tell a viewer in one clear line how their viewing plan comes out.",
}
_RULES = """\
Rules:
- One plain English sentence of 8 to 25 words, ending with a full stop.
- Say only what the notes say: no story, people or praise of your own.
- Copy numbers, days and names in braces as they are, each once at most.
- Say "you" to the viewer. No questions, quotes or lists."""
_PLAIN_WORD = re.compile(r"[a-z]{1,20}")
_WRONG = {
    Reason.NOT_JSON: "it was not the JSON that was asked for",
    Reason.EMPTY: "it was empty",
    Reason.TOO_LONG: "it was too long",
    Reason.NOT_A_SENTENCE: "it was not one whole sentence",
    Reason.MARKUP: "it was not plain text",
    Reason.URL: "it had a link",
    Reason.PLACEHOLDER: "it had a placeholder that is unknown, or one twice",
    Reason.NUMBER: "it had a number that the notes don't say like that",
    Reason.DATE: "it had a day that the notes don't say like that",
    Reason.NAME: "it had a name",
    Reason.WORD: "it had an unusual word; use simple ones",
    Reason.CLAIM: "it claimed something that the notes don't say",
    Reason.SPOILER: "it told too much of the story",
    Reason.OTHERS: "it spoke of other people",
    Reason.LANGUAGE: "it was not plain English",
}


def prompt(sheet: Sheet, refused: Refusal | None = None) -> str:
    """What to ask for a line, in at most 1,400 characters for any sheet of a pick.

    The title's own place isn't spoken of, though a line may use it: it stands beside its name, and
    the smallest models write nothing else once they have seen it.

    refused: what was wrong with a first line, for the second try.
    """
    told = notes(sheet)
    parts = [
        _TASKS.get(sheet.about, _TASKS["pick"]),
        _RULES,
        "Notes:\n" + "\n".join(f"- {note}" for note in told),
        f"A plain line from these notes:\n{plain_line(sheet)}",
        *([_again(refused)] if refused is not None else []),
        'Write a better one as JSON with the key "line".',
    ]
    return "\n\n".join(parts)


def _again(refused: Refusal) -> str:
    """Why to write again, in our words; the one that was wrong only where it is a plain word."""
    word = f' ("{refused.word}")' if _PLAIN_WORD.fullmatch(refused.word) else ""
    return f"Your last line was refused: {_WRONG[refused.reason]}{word}. Write a simpler one."
