"""Text of a part, whatever program wrote it: UTF-8, UTF-16, or still Windows-1252."""

import codecs
import io

from domain.imports.formats.parts import Part

_FALLBACK = "streaming-stack-cp1252"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def _as_cp1252(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    wrong = problem.object[problem.start : problem.end]
    return wrong.decode("cp1252", errors="replace"), problem.end


codecs.register_error(_FALLBACK, _as_cp1252)


def open_text(part: Part) -> io.TextIOWrapper:
    """Its text, with line ends as they are. Bytes that are not UTF-8 are read as Windows-1252."""
    handle = part.open()
    try:
        encoding = encoding_of(handle.peek(4096)[:4096])
    except BaseException:
        handle.close()
        raise
    errors = _FALLBACK if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(handle, encoding=encoding, errors=errors, newline="")


def encoding_of(head: bytes) -> str:
    """How a text is encoded, from its first bytes."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    even, odd = head[::2], head[1::2]
    if odd and odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.3 * len(even):
        return "utf-16-le"
    if odd and even.count(0) > 0.7 * len(even) and odd.count(0) < 0.3 * len(odd):
        return "utf-16-be"
    return "utf-8"
