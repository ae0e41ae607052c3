"""A request with a file in it, by the multipart request specification for GraphQL.

`operations` is the request as JSON with null where the file belongs, `map` says which file belongs
where, and then comes the file. A form can be posted by any page, which JSON can't: what keeps other
sites out is that their Origin is looked at before anything is read (docs/security.md).
"""

from collections import Counter
from collections.abc import AsyncGenerator, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.graphql.limits import Limits, input_error
from app.graphql.request import CLOSE, misfit
from domain.errors import TooManyRequests

MULTIPART = "multipart/form-data"
_AROUND = 1 << 16
"""What the boundaries and headers of the parts may take."""


class Uploads:
    """The files that are on their way to one process, by whose they are."""

    def __init__(self) -> None:
        self._coming: Counter[Hashable] = Counter()

    @contextmanager
    def one(self, owner: Hashable, limits: Limits) -> Iterator[None]:
        """One more while the block lasts; raises TooManyRequests."""
        if self._coming[owner] >= limits.uploads:
            raise TooManyRequests(
                f"{limits.uploads} files of yours are on their way; send more when they are here.",
                limit=limits.uploads,
                retry_after=5,
            )
        self._coming[owner] += 1
        try:
            yield
        finally:
            self._coming[owner] -= 1
            if not self._coming[owner]:
                del self._coming[owner]


def is_upload(request: Request) -> bool:
    """Whether a request claims to bring a file."""
    kind = request.headers.get("content-type", "").lower().partition(";")[0].strip()
    return request.method == "POST" and kind == MULTIPART


async def read_upload(request: Request, limits: Limits) -> tuple[dict[str, Any], FormData]:
    """The parameters with the file in its place, and the form, to be closed when all is done.

    Raises HTTPException for what can't be used. The file lies on the disk once it is large.
    """
    form = await _parse(request, limits)
    try:
        return _placed(form, limits), form
    except BaseException:
        await form.close()
        raise


class _Form(MultiPartParser):
    """A form that breaks off is no form: what it brought until then is closed like all the rest."""

    _ended = False

    def on_end(self) -> None:
        """Hear of the last boundary."""
        self._ended = True

    async def parse(self) -> FormData:
        """The form; raises MultiPartException."""
        self.stream = self._to_its_end(self.stream)
        return await super().parse()

    async def _to_its_end(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async for chunk in stream:
            yield chunk
        if not self._ended:
            raise MultiPartException("it breaks off.")


async def _parse(request: Request, limits: Limits) -> FormData:
    most = limits.upload_bytes + 2 * limits.body_bytes + _AROUND
    promised = request.headers.get("content-length", "")
    if promised.isdecimal() and int(promised) > most:
        raise _too_large(limits)
    parser = _Form(
        request.headers,
        _measured(request, most, limits),
        max_files=1,
        max_fields=2,
        max_part_size=limits.body_bytes,
    )
    try:
        return await parser.parse()
    except MultiPartException as problem:
        raise HTTPException(400, f"This form can't be read: {problem.message}", CLOSE) from problem
    except (FormParserError, LookupError, ValueError) as problem:
        raise HTTPException(400, "This is not a multipart form.", CLOSE) from problem


async def _measured(request: Request, most: int, limits: Limits) -> AsyncGenerator[bytes, None]:
    """The body up to the limit, whatever content-length promised."""
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > most:
            raise _too_large(limits)
        yield chunk


def _placed(form: FormData, limits: Limits) -> dict[str, Any]:
    asked, paths = _json(form, "operations"), _json(form, "map")
    if isinstance(asked, list):
        raise HTTPException(400, "Send one operation at a time; lists of them are not answered.")
    if not isinstance(asked, dict):
        raise HTTPException(400, "`operations` must be one JSON object.")
    if problem := misfit(asked):
        raise HTTPException(400, problem)
    if error := input_error(asked, limits) or input_error(paths, limits):
        raise HTTPException(400, error.message)
    files = {name: file for name, file in form.multi_items() if isinstance(file, UploadFile)}
    if not isinstance(paths, dict) or len(files) != 1 or paths.keys() != files.keys():
        raise HTTPException(400, "`map` must name the one file that is sent, and no other.")
    for name, file in files.items():
        if file.size is not None and file.size > limits.upload_bytes:
            raise _too_large(limits)
        _put(asked, paths[name], file)
    return asked


def _put(asked: dict[str, Any], paths: Any, file: UploadFile) -> None:
    """Put a file where its path leads, where `operations` must say null."""
    if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
        raise HTTPException(400, '`map` must give the file one place, like ["variables.file"].')
    root, *steps = paths[0].split(".")
    if root != "variables" or not steps:
        raise HTTPException(400, "A file belongs into the `variables`.")
    holder: Any = asked.get("variables")
    *between, last = steps
    for step in between:
        holder = _child(holder, step)
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        place: Any = int(last)
    elif isinstance(holder, dict) and last in holder:
        place = last
    else:
        raise HTTPException(400, "`map` names a place that `operations` doesn't have.")
    if holder[place] is not None:
        raise HTTPException(400, "`operations` must say null where the file belongs.")
    holder[place] = file


def _child(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    if isinstance(holder, list) and step.isdecimal() and int(step) < len(holder):
        return holder[int(step)]
    return None


def _json(form: FormData, name: str) -> Any:
    told = form.get(name)
    if not isinstance(told, str):
        raise HTTPException(400, f"The form needs a field `{name}` with JSON in it.")
    try:
        return orjson.loads(told)
    except orjson.JSONDecodeError as problem:
        raise HTTPException(400, f"`{name}` is not JSON.") from problem


def _too_large(limits: Limits) -> HTTPException:
    megabytes = limits.upload_bytes // (1 << 20)
    return HTTPException(413, f"A file may have {megabytes} MB.", CLOSE)
