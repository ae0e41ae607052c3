"""TMDB's refusals: a code of its own, the status it goes with, and its words."""

from starlette.responses import JSONResponse

_KNOWN = {
    5: (422, "Invalid parameters: Your request parameters are incorrect."),
    6: (404, "Invalid id: The pre-requisite id is invalid or not found."),
    7: (401, "Invalid API key: You must be granted a valid key."),
    20: (422, "Invalid date range: Should be a range no longer than 14 days."),
    22: (
        400,
        "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
    ),
    23: (400, "Invalid date: Format needs to be YYYY-MM-DD."),
    25: (429, "Your request count (#) is over the allowed limit of (40)."),
    27: (
        400,
        "Too many append to response objects: The maximum number of remote calls is 20.",
    ),
    34: (404, "The resource you requested could not be found."),
}


class Refusal(Exception):
    """A request that TMDB answers with one of its codes."""

    def __init__(self, code: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.headers = code, headers

    def response(self) -> JSONResponse:
        """The answer."""
        status, message = _KNOWN[self.code]
        body = {"success": False, "status_code": self.code, "status_message": message}
        return JSONResponse(body, status, self.headers)


class Missing(Exception):
    """A parameter that has to be there, refused in TMDB's older way."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse({"errors": [f"{self.name} must be provided"]}, 422)
