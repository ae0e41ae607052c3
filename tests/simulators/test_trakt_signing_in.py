"""Trakt: how an application gets in, and for how long."""

from datetime import timedelta
from typing import Any

import httpx

from simulators.clock import Clock

CLIENT = {"client_id": "app", "client_secret": "secret"}


def device(trakt: httpx.Client) -> dict[str, Any]:
    return trakt.post("/oauth/device/code", json={"client_id": "app"}).json()


def poll(trakt: httpx.Client, code: str) -> httpx.Response:
    return trakt.post("/oauth/device/token", json={**CLIENT, "code": code})


def test_a_device_waits_until_somebody_lets_it_in(trakt: httpx.Client, clock: Clock) -> None:
    code = device(trakt)
    assert (len(code["device_code"]), len(code["user_code"])) == (64, 8)
    assert (code["expires_in"], code["interval"]) == (600, 5)
    pending = poll(trakt, code["device_code"])
    assert (pending.status_code, pending.content) == (400, b"")
    early = poll(trakt, code["device_code"])
    assert (early.status_code, early.headers["retry-after"]) == (429, "5")
    let_in = {"user_code": code["user_code"].lower(), "user": "ben"}
    assert trakt.post("/_sim/activate", json=let_in).status_code == 200
    clock.move(timedelta(seconds=5))
    tokens = poll(trakt, code["device_code"]).json()
    assert (tokens["expires_in"], tokens["token_type"]) == (604_800, "bearer")
    assert tokens["created_at"] == int(clock.seconds())
    assert poll(trakt, code["device_code"]).status_code == 409
    who = {"authorization": f"Bearer {tokens['access_token']}"}
    assert trakt.get("/users/settings", headers=who).json()["user"]["username"] == "ben"


def test_unknown_denied_and_late_codes_have_statuses_of_their_own(
    trakt: httpx.Client, clock: Clock
) -> None:
    assert poll(trakt, "0" * 64).status_code == 404
    denied = device(trakt)
    trakt.post("/_sim/activate", json={"user_code": denied["user_code"], "deny": True})
    assert poll(trakt, denied["device_code"]).status_code == 418
    late = device(trakt)
    clock.move(timedelta(seconds=600))
    assert poll(trakt, late["device_code"]).status_code == 410


def test_a_refresh_token_is_good_once(trakt: httpx.Client, clock: Clock) -> None:
    first = trakt.post("/_sim/tokens", json={"user": "ana", "client_id": "app"}).json()
    asked = {**CLIENT, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = trakt.post("/oauth/token", json=asked)
    assert second.status_code == 200
    again = trakt.post("/oauth/token", json=asked)
    assert again.status_code == 400
    assert again.json() == {"error": "invalid_grant", "error_description": "session not found"}
    third = {**asked, "refresh_token": second.json()["refresh_token"]}
    assert trakt.post("/oauth/token", json=third).status_code == 200


def test_tokens_end_after_seven_days_and_when_they_are_revoked(
    trakt: httpx.Client, clock: Clock
) -> None:
    tokens = trakt.post("/_sim/tokens", json={"user": "ana", "client_id": "app"}).json()
    who = {"authorization": f"Bearer {tokens['access_token']}"}
    clock.move(timedelta(days=7) - timedelta(seconds=1))
    assert trakt.get("/users/settings", headers=who).status_code == 200
    clock.move(timedelta(seconds=1))
    ended = trakt.get("/users/settings", headers=who)
    assert (ended.status_code, ended.content) == (401, b"")
    asked = {**CLIENT, "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    fresh = trakt.post("/oauth/token", json=asked).json()
    who = {"authorization": f"Bearer {fresh['access_token']}"}
    assert trakt.get("/users/settings", headers=who).status_code == 200
    revoked = trakt.post("/oauth/revoke", json={**CLIENT, "token": fresh["access_token"]})
    assert revoked.status_code == 200
    assert trakt.get("/users/settings", headers=who).status_code == 401


def test_a_browser_comes_back_with_a_code(trakt: httpx.Client) -> None:
    back = "http://127.0.0.1/back"
    asked = {"response_type": "code", "client_id": "app", "redirect_uri": back, "state": "s"}
    sent = trakt.get("/oauth/authorize", params=asked).headers["location"]
    code = httpx.URL(sent).params["code"]
    given = {**CLIENT, "grant_type": "authorization_code", "code": code, "redirect_uri": back}
    assert "access_token" in trakt.post("/oauth/token", json=given).json()
    assert trakt.post("/oauth/token", json=given).json()["error"] == "invalid_grant"
