"""/api/history/export: everything a profile has watched, rated and wished for, as a file."""

from itertools import islice
from typing import Literal

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from domain.imports import taking
from domain.imports.export import to_csv, to_json
from rest.operations import Call
from rest.shapes import Told

JSON_LINES = "application/x-ndjson"
_PIECE = 500  # lines


class ExportQuery(Told):
    """As what."""

    format: Literal["json", "csv"] = Field(
        default="json",
        description="`json` is one JSON object a line and keeps everything; `csv` is for"
        " spreadsheets.",
        examples=["json"],
    )


async def export_history(call: Call, asked: ExportQuery) -> Response:
    """The whole history, the ratings and the watchlist; `import-history` reads the file again."""
    lines = await taking.everything(call.services.database, call.viewer)
    as_csv = asked.format == "csv"
    written = (to_csv if as_csv else to_json)(lines)
    name = f"streaming-stack-{call.now:%Y-%m-%d}.{asked.format}"
    return StreamingResponse(
        # Each piece that is sent takes a turn in a thread and one on the wire.
        iter(lambda: "".join(islice(written, _PIECE)), ""),
        media_type="text/csv" if as_csv else JSON_LINES,
        headers={
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{name}"',
        },
    )
