"""Logs: a line of JSON for each event, with its request, and without anybody's secrets."""

import json
import logging
from collections.abc import Callable

import pytest
import structlog

from app.logs import HIDDEN, configure_logs
from tests.api.conftest import PASSWORD, Client, Household

SECRETS = {
    "token": "sst_" + "a" * 43,
    "resend": "re_" + "f" * 24,
    "telegram": "https://api.telegram.test/bot42:" + "g" * 35 + "/sendMessage",
    "header": "Bearer " + "b" * 40,
    "cookie": "__Host-session=" + "c" * 43,
    "url": "postgresql://user:hunter2hunter2@host/db",
    "parameters": "[SQL: SELECT 1]\n[parameters: ('d4d4d4d4', 'e5e5e5e5')]",
}
WORDS = ("a" * 43, "b" * 40, "c" * 43, "hunter2hunter2", "d4d4d4d4", "e5e5e5e5", "f" * 24, "g" * 35)


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What has gone to standard error since it was last asked for."""
    configure_logs("info")
    return lambda: capsys.readouterr().err


def lines(written: Callable[[], str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in written().splitlines()]


def test_secrets_are_hidden_wherever_they_stand(written: Callable[[], str]) -> None:
    log = structlog.get_logger("tests")
    log.info("by name", password="hunter2hunter2", Authorization="b" * 40, pin="1234")
    log.info("nested", headers={"cookie": "c" * 43, "accept": "*/*"}, found=[SECRETS["token"]])
    for text in SECRETS.values():
        log.warning(f"in words: {text}")
        logging.getLogger("library").error("from a library: %s", text)
    try:
        raise RuntimeError(" ".join(SECRETS.values()))
    except RuntimeError:
        log.exception("crashed")
    told = written()
    for word in (*WORDS, "1234"):
        assert word not in told
    assert told.count(HIDDEN) > 10
    assert "*/*" in told
    assert "SELECT 1" in told


def test_each_event_is_one_line_of_json(written: Callable[[], str]) -> None:
    structlog.get_logger("tests").info("two\nlines", odd="\ud800\x00")
    logging.getLogger("library").warning("%s and %s", 1, 2)
    structlog.get_logger("tests").debug("too small to say")
    first, second = lines(written)
    assert first["event"] == "two\nlines"
    assert (second["event"], second["level"], second["logger"]) == ("1 and 2", "warning", "library")


def test_a_server_that_is_away_is_a_warning_without_a_traceback(
    written: Callable[[], str],
) -> None:
    for problem in (ConnectionRefusedError("nobody listens"), ZeroDivisionError("a bug")):
        try:
            raise problem
        except (OSError, ArithmeticError):
            structlog.get_logger("ours").exception("failed")
            logging.getLogger("library").exception("failed too")
    told = lines(written)
    assert [line["level"] for line in told] == ["warning", "warning", "error", "error"]
    assert ["exception" in line for line in told] == [False, False, True, True]
    assert told[0]["problem"] == told[1]["problem"] == "ConnectionRefusedError"


def test_configuring_twice_does_not_write_twice(written: Callable[[], str]) -> None:
    configure_logs("info")
    structlog.get_logger("tests").info("once")
    assert len(lines(written)) == 1


@pytest.mark.anyio
async def test_a_request_is_one_line_that_tells_no_more_than_needed(
    free: Household, http: Client, written: Callable[[], str]
) -> None:
    answer = await http.post(
        "/api/session?token=abcdefgh", json={"email": free.email, "password": PASSWORD}
    )
    await http.get("/livez")
    told = written()
    [line] = [json.loads(each) for each in told.splitlines()]
    assert line["event"] == "request"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/session", 201)
    for secret in (PASSWORD, free.email, "abcdefgh", answer.cookies["session"]):
        assert secret not in told
