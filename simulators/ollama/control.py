"""What tests ask of Ollama behind its back: how it goes wrong, its pace, and what it was asked."""

from dataclasses import asdict, fields

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulators.ollama.asking import body_of
from simulators.ollama.engine import FAULTS
from simulators.ollama.running import Fault, Refused, Runner, Settings
from simulators.ollama.talking import refusing


def routes(runner: Runner) -> list[Route]:
    """Everything under /_sim."""

    async def faults(request: Request) -> Response:
        """Go wrong from now on: {"kind","times"}; times: null for always. DELETE: no longer."""
        if request.method == "DELETE":
            runner.faults.clear()
            return Response(status_code=204)
        sent = await body_of(request)
        times = sent.get("times")
        if sent.get("kind") not in FAULTS or not (times is None or isinstance(times, int)):
            raise Refused(400, f"kind is one of {', '.join(FAULTS)}; times a number or null")
        runner.faults.append(Fault(sent["kind"], times))
        return JSONResponse([asdict(each) for each in runner.faults])

    async def lines(request: Request) -> Response:
        """Say this in the next answers: {"lines", "again"}; again: in turn, for always."""
        sent = await body_of(request)
        given = sent.get("lines")
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise Refused(400, "lines is a list of texts")
        runner.lines.clear()
        runner.lines.extend(given)
        runner.lines_again = sent.get("again") is True
        return JSONResponse({"lines": given, "again": runner.lines_again})

    async def settings(request: Request) -> Response:
        """Read them, or change some; keys as of `running.Settings`."""
        if request.method == "POST":
            for name, value in (await body_of(request)).items():
                if name not in {each.name for each in fields(Settings)}:
                    raise Refused(400, f"there is no setting {name!r}")
                setattr(runner.settings, name, value)
        return JSONResponse(asdict(runner.settings))

    async def log(request: Request) -> Response:
        """What was asked, in order, and how it went; with how many were at it at once."""
        return JSONResponse(
            {
                "calls": list(runner.log),
                "running": runner.running,
                "waiting": len(runner.waiting),
                "most_running": runner.most_running,
            }
        )

    return [
        Route("/_sim/faults", refusing(faults), methods=["POST", "DELETE"]),
        Route("/_sim/lines", refusing(lines), methods=["POST"]),
        Route("/_sim/settings", refusing(settings), methods=["GET", "POST"]),
        Route("/_sim/log", log, methods=["GET"]),
    ]
