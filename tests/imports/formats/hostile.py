"""Files that somebody made to hurt, or that a program wrote badly; none of them sane."""

import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

HISTORY = 'Title,Date\n"Dusk Lane","25/12/2023"\n"Orchid","24/12/2023"\n'
_TRAKT = '[{"watched_at":"2020-01-01T00:00:00Z","movie":{"title":"Orchid"}}]'
_MAL = "<myanimelist><anime><series_title>Kites</series_title></anime></myanimelist>"
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{"".join(f"&l{n - 1};" for _ in range(10))}">' for n in range(1, 10)
)


def zipped(members: dict[str, bytes], **options: Any) -> bytes:
    """A ZIP in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def corpus() -> Iterator[tuple[str, bytes]]:
    """About a hundred of them, with their names."""
    yield from _texts()
    yield from _tables()
    yield from _documents()
    yield from _markup()
    yield from _archives()
    yield from _mutants()


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "spaces", b" \r\n\t\r\n" * 50
    yield "nul", b"\0"
    yield "nuls", b"\0" * 5_000
    yield "all bytes", bytes(range(256)) * 20
    yield "marks alone", b"\xef\xbb\xbf"
    yield "utf-16 mark alone", b"\xff\xfe"
    yield "utf-16 cut", HISTORY.encode("utf-16")[:-1]
    yield "utf-32", HISTORY.encode("utf-32")
    yield "utf-7", HISTORY.encode("utf-7")
    yield "page", b"<!DOCTYPE html><html><body>Sign in first</body></html>"
    yield "picture", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 90
    yield "program", b"\x7fELF" + bytes(5_000)
    yield "7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)
    yield "rar", b"Rar!\x1a\x07" + bytes(100)
    yield "words", b"Dear sirs, I watched nothing. " * 100
    yield "endless line", b"x" * 1_100_000


def _tables() -> Iterator[tuple[str, bytes]]:
    head = b"Title,Date\n"
    yield "header alone", head
    yield "no newline", b"Title,Date"
    yield "quote", head + b'"Dusk,25/12/2023\n' + b"Orchid,24/12/2023\n" * 50
    yield "quotes", head + b'"Dusk"Lane","25/12/2023"x\n""""""",\n",\n"\n'
    yield "many quotes", head + b'"Dusk,25/12/2023\n' * 3_000
    yield "quotes in pairs", head + b'"Dusk,25/12/2023\n"Orchid,24/12/2023\n'
    yield "quote to the end", head + b'Dusk,"25/12/2023' + b"\nOrchid" * 9_000
    yield "long cell", head + b'"' + b"Dusk " * 40_000 + b'",25/12/2023\n'
    yield "long line in a cell", head + b'"' + b"Dusk\n" * 40_000 + b'",25/12/2023\n'
    yield "short and long rows", head + b"Dusk\nDusk,25/12/2023,more,and more\n,,,,\n"
    yield "wide", b"Title,Date" + b",x" * 600_000 + b"\n"
    yield "same columns", b"Title,Date,Title,Date\nDusk,25/12/2023,x,y\n"
    yield "nul in cells", head + b"Du\0sk,25/12/2023\nOr\0\0chid,\x0024/12/2023\n"
    yield "old mac", HISTORY.replace("\n", "\r").encode()
    yield "mixed newlines", head + b"Dusk,25/12/2023\r\nOrchid,24/12/2023\rHill,23/12/2023\n"
    yield "sep", b"sep=;\r\nTitle;Date\r\nDusk;25/12/2023\r\n"
    yield "formulas", head + b"=1+1,25/12/2023\n@SUM(A1),25/12/2023\n\"=cmd|' /C x'!A0\",1/1/1\n"
    yield (
        "days",
        head
        + b"".join(
            b"Dusk,%s\n" % day
            for day in (
                b"99/99/9999",
                b"0/0/0",
                b"-1/-1/-1",
                b"1/1/1",
                b"9999999999/1/1",
                b"\xc2\xb2/1/1",
            )
        ),
    )
    yield (
        "numbers",
        (
            b"Const,Your Rating,Date Rated,Title,Title Type,Year\n"
            b"tt0000101,1e999,9999-99-99,Dusk,Movie,99999999999999999999\n"
            b"tt0000101,NaN,-2020-01-01,Dusk,Movie,-5\n"
            b"tt0000101,1_0,2020-W01-1,Dusk,Movie,2_020\n"
            b"tt0000101,-3,0001-01-01T00:00:00+14:00,Dusk,Movie,\xd9\xa2\xd9\xa0\n"
            b"tt99999999999999999999,7,9999-12-31T23:59:59-14:00,Dusk,Movie,2020\n"
        ),
    )
    yield "missing columns", b"Const,Your Rating\ntt0000101,7\n"
    yield "missing columns of views", b"Profile Name,Start Time,Duration,Title\nAda,x,y,\n"
    yield (
        "episodes without end",
        (
            b"media_id,source,media_type,title,status,progress\n1,mal,anime,Kites,Watching,99999999\n"
            b"1,mal,anime,Kites,Watching,-5\n1,mal,anime,Kites,Watching,1e9\n"
        ),
    )
    yield (
        "seasons without end",
        (
            b"SIMKL_ID,Title,Type,Watchlist,LastEpWatched\n1,Kites,tv,watching,S9999E99999\n"
            b"1,Kites,tv,watching,99999\n"
        ),
    )


def _documents() -> Iterator[tuple[str, bytes]]:
    yield "deep list", b"[" * 100_000
    yield "deep object", b'{"a":' * 100_000
    yield "deep entry", b'[{"watched_at":' + b"[" * 50_000
    yield "open list", b"["
    yield "open object", b'{"shows":'
    yield "empty list", b"[]"
    yield "empty object", b"{}"
    yield "two values", _TRAKT.encode() + b" {}"
    yield "cut", _TRAKT.encode()[:-9]
    yield "bare words", b"[NaN, Infinity, -Infinity, true, null]"
    yield "long number", b'[{"watched_at":1,"movie":{"title":"x","year":' + b"9" * 9_000 + b"}}]"
    yield "huge numbers", b'[{"rated_at":"x","rating":1e999,"movie":{"title":1e400,"ids":7}}]'
    yield "long text", b'[{"watched_at":"x","movie":{"title":"' + b"x" * 5_000_000 + b'"}}]'
    yield "half characters", b'[{"watched_at":"x","movie":{"title":"\\ud800 \\u0000 Dusk"}}]'
    yield "doubled keys", b'[{"watched_at":1,"watched_at":2,"movie":{"title":"a","title":"b"}}]'
    yield "utf-16 json", _TRAKT.encode("utf-16")
    for key, value in (
        ("movie", []), ("movie", "x"), ("movie", {"title": {}}), ("movie", {"title": True}),
        ("show", {"title": "x", "ids": []}), ("show", {"title": "x", "year": {"a": 1}}),
        ("watched_at", {}), ("watched_at", 10**30), ("rating", []), ("seasons", {"a": 1}),
        ("seasons", [1, {"episodes": 7}, {"number": [], "episodes": [{"number": {}}]}]),
    ):  # fmt: skip
        entry: dict[str, Any] = {
            "watched_at": "2020-01-01T00:00:00Z", "movie": {"title": "Dusk"}, key: value,
        }  # fmt: skip
        yield f"wrong {key} {value!r}"[:40], json.dumps([entry, 7, None, "x", []]).encode()
        yield f"wrong {key} {value!r} of simkl"[:50], json.dumps({"shows": [entry, 7]}).encode()
    yield "own without lines", b'{"format":"streaming-stack"}\n'
    yield "own with junk", b'{"format":"streaming-stack"}\n\0\n[[[\n{"what":7}\n' + b"[" * 9_000
    yield "other format", b'{"format":"somebody-else"}\n'


def _markup() -> Iterator[tuple[str, bytes]]:
    yield (
        "laughs",
        (
            f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY l0 "ha">{_LAUGHS}]>'
            "<myanimelist><anime><series_title>&l9;</series_title></anime></myanimelist>"
        ).encode(),
    )
    yield (
        "outside",
        (
            b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<myanimelist><anime><series_title>&x;</series_title></anime></myanimelist>"
        ),
    )
    yield "unknown entity", _MAL.replace("Kites", "&nbsp;&#0;").encode()
    yield "late doctype", b"<myanimelist><!DOCTYPE x></myanimelist>"
    yield "cut xml", _MAL.encode()[:-20]
    yield "two roots", (_MAL + _MAL).encode()
    yield "deep xml", b"<myanimelist>" + b"<a>" * 100_000
    yield "endless tag", b"<myanimelist><anime " + b"x" * 5_000_000
    yield "endless text", b"<myanimelist><anime><series_title>" + b"x" * 5_000_000
    yield "utf-16 xml", _MAL.encode("utf-16")
    yield "wrong encoding", b'<?xml version="1.0" encoding="klingon"?>' + _MAL.encode()
    yield (
        "many attributes",
        b"<myanimelist " + b"".join(b'a%d="" ' % n for n in range(5_000)) + b"/>",
    )
    yield "other root", b"<rss><channel/></rss>"


def _archives() -> Iterator[tuple[str, bytes]]:
    whole = zipped({"NetflixViewingHistory.csv": HISTORY.encode()})
    yield "zip of nothing", zipped({})
    yield "zip of folders", zipped({"a/": b"", "b/c/": b""})
    yield "cut zip", whole[:-30]
    yield "zip without its start", whole[20:]
    yield "wrong checksum", whole.replace(HISTORY[:0].encode() + whole[14:18], b"\1\2\3\4")
    yield "bomb", zipped({"watched.csv": bytes(20_000_000)})
    yield "gzip bomb", gzip.compress(b"Title,Date\n" + b"Dusk,25/12/2023\n" * 200_000)
    yield "gzip in gzip", gzip.compress(gzip.compress(HISTORY.encode()))
    yield "zip in zip", zipped({"inner.zip": whole})
    yield "zip in gzip", gzip.compress(whole)
    yield "cut gzip", gzip.compress(HISTORY.encode() * 50)[:-12]
    yield "gzip with junk behind it", gzip.compress(HISTORY.encode()) + b"junk"
    yield "many members", zipped({f"{n}.csv": b"" for n in range(2_001)})
    yield "paths", zipped({
        "../../../../etc/passwd": HISTORY.encode(), "/etc/shadow": b"x", "C:\\Windows\\x.csv": b"x",
        "a\0b.csv": b"x", "\u202egpj.csv": b"x", "." * 300: b"x",
    })  # fmt: skip
    yield "locked", _with_flag(whole, 1)
    yield "unknown method", whole.replace(b"\x08\x00", b"\x63\x00")
    yield "lying sizes", _with_sizes(whole, 0xFFFFFFF0)
    yield "small lie", _with_sizes(whole, 3)
    yield "spreadsheet", zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
    yield "overlapping", _overlapping(whole)


def _with_flag(archive: bytes, flag: int) -> bytes:
    changed = bytearray(archive)
    entry = archive.index(b"PK\x01\x02")
    changed[6] |= flag
    changed[entry + 8] |= flag
    return bytes(changed)


def _with_sizes(archive: bytes, size: int) -> bytes:
    changed = bytearray(archive)
    entry = archive.index(b"PK\x01\x02")
    struct.pack_into("<L", changed, 22, size)
    struct.pack_into("<L", changed, entry + 24, size)
    return bytes(changed)


def _overlapping(archive: bytes) -> bytes:
    """The directory's entry a thousand times, all for the same bytes."""
    start, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    entries = archive[start:end] * 1_000
    tail = bytearray(archive[end:])
    struct.pack_into("<HHL", tail, 8, 1_000, 1_000, len(entries))
    return archive[:start] + entries + bytes(tail)


def _mutants() -> Iterator[tuple[str, bytes]]:
    """Sound files with bytes changed, the same ones each time."""
    dice = random.Random(7)
    sound = [
        HISTORY.encode(),
        _TRAKT.encode(),
        _MAL.encode(),
        zipped({"NetflixViewingHistory.csv": HISTORY.encode(), "watched.csv": b"x,y\n"}),
        gzip.compress(_MAL.encode()),
    ]
    for number in range(40):
        changed = bytearray(sound[number % len(sound)])
        for _ in range(dice.randint(1, 6)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield f"mutant {number}", bytes(changed)
