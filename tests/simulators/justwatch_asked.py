"""Asking the stand-in for JustWatch."""

from typing import Any

import httpx

from tests.simulators.conftest import StandIns


def post(stand_ins: StandIns, query: str, **variables: Any) -> httpx.Response:
    body = {"query": query, "variables": variables}
    return stand_ins.http.post(f"{stand_ins.url}/justwatch/graphql", json=body)


def ask(stand_ins: StandIns, query: str, **variables: Any) -> Any:
    answer = post(stand_ins, query, **variables)
    assert answer.status_code == 200, answer.text
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def error(stand_ins: StandIns, query: str, **variables: Any) -> dict[str, Any]:
    answer = post(stand_ins, query, **variables)
    assert answer.status_code == 200, answer.text
    return answer.json()["errors"][0]
