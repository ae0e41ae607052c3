"""/api/session and /api/me: who may come in, and what they may change."""

import pytest
from redis.asyncio import Redis

from domain.profiles.models import Profile
from domain.services import Services
from tests.api.conftest import PASSWORD, SITE, Client, Connect, Household

pytestmark = pytest.mark.anyio
FOREIGN = {"Origin": "https://evil.example"}
ME = ("/api/me/platforms", "/api/me/preferences")


async def test_signing_in_gives_a_cookie_that_scripts_cannot_read(
    free: Household, http: Client
) -> None:
    answer = await http.post("/api/session", json={"email": free.email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    told = answer.json()
    assert told["via"] == "session"
    assert told["account"]["email"] == free.email
    assert told["account"]["plan"] == "free"
    assert told["profile"]["name"] == "Everyone"
    assert (await http.get("/api/session")).json() == told


async def test_signing_out_ends_the_session_for_good(free: Household, http: Client) -> None:
    cookie = free.browser.cookies["session"]
    answer = await free.browser.delete("/api/session")
    assert answer.status_code == 204
    assert answer.content == b""
    assert 'session=""' in answer.headers["set-cookie"]
    http.cookies.set("session", cookie)
    assert (await http.get("/api/session")).json()["via"] == "anonymous"
    assert (await http.delete("/api/session")).status_code == 204


async def test_a_wrong_password_and_an_unknown_e_mail_are_told_alike(
    free: Household, http: Client
) -> None:
    told = []
    for email in (free.email, "nobody@example.com", "\x00", "not an e-mail"):
        answer = await http.post("/api/session", json={"email": email, "password": "wrong one"})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        told.append(answer.json())
    assert all(each == told[0] for each in told)
    assert told[0]["code"] == "WRONG_CREDENTIALS"


async def test_the_sixth_wrong_password_in_a_minute_is_refused(
    free: Household, http: Client
) -> None:
    wrong = {"email": free.email, "password": "wrong one"}
    answers = [await http.post("/api/session", json=wrong) for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_other_sites_pages_can_neither_sign_in_nor_act(free: Household, http: Client) -> None:
    right = {"email": free.email, "password": PASSWORD}
    assert (await http.post("/api/session", json=right, headers=FOREIGN)).status_code == 403
    for method, path in (("PUT", ME[0]), ("PATCH", ME[1]), ("DELETE", "/api/session")):
        answer = await free.browser.request(method, path, headers=FOREIGN, json={"platforms": []})
        assert answer.status_code == 403
        assert answer.json()["code"] == "CROSS_SITE"
    own = {"Origin": SITE}
    answer = await free.browser.put(ME[0], json={"platforms": []}, headers=own)
    assert answer.status_code == 200


async def test_what_is_mine_takes_an_account(http: Client) -> None:
    for method, path in (("GET", ME[0]), ("PUT", ME[0]), ("GET", ME[1]), ("PATCH", ME[1])):
        answer = await http.request(method, path, content=b"even with a bad body")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "UNAUTHENTICATED"


async def test_a_bad_token_is_refused_everywhere(http: Client) -> None:
    for token in ("", "nonsense", "sst_" + "a" * 43, "\x00", "é"):
        headers = {"Authorization": f"Bearer {token}".encode("latin-1")}
        for path in ("/api/search", "/api/session", ME[0]):
            answer = await http.get(path, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["code"] == "BAD_TOKEN"


async def test_a_token_stands_for_its_profile_but_cannot_sign_out(
    free: Household, client_of: Connect
) -> None:
    program = client_of(headers={"Authorization": f"Bearer {free.token}"})
    assert (await program.get("/api/session")).json()["via"] == "token"
    assert (await program.put(ME[0], json={"platforms": ["hulu"]})).status_code == 200
    assert (await program.delete("/api/session")).status_code == 403


async def test_platforms_are_replaced_as_a_whole(free: Household) -> None:
    me = free.browser
    for slugs in (["netflix", "disney-plus"], ["hulu", "hulu"], []):
        answer = await me.put(ME[0], json={"platforms": slugs})
        assert sorted(answer.json()["platforms"]) == sorted(set(slugs))
        assert (await me.get(ME[0])).json() == answer.json()
    await me.put(ME[0], json={"platforms": ["hulu"]})
    refused = await me.put(ME[0], json={"platforms": ["netflix", "netfilx"]})
    assert refused.status_code == 422
    assert refused.json()["field"] == "platforms"
    assert "netfilx" in refused.json()["detail"]
    assert (await me.put(ME[0], json={})).status_code == 422
    assert (await me.get(ME[0])).json() == {"platforms": ["hulu"]}


async def test_preferences_that_are_not_named_stay(free: Household) -> None:
    me = free.browser
    before = (await me.get(ME[1])).json()
    assert before["notifications"] == {
        "email": True, "telegram": False, "live": True, "digest": True, "quiet_hours": None,
    }  # fmt: skip
    quiet = {"start": "22:00", "end": "07:00"}
    for change in (
        {"mood_preferences": ["cozy"]},
        {"avoided_genres": ["horror"], "notifications": {"digest": False}},
        {"notifications": {"quiet_hours": quiet}},
        {"country": "de", "time_zone": "Europe/Berlin"},
        {},
    ):
        answer = await me.patch(ME[1], json=change)
        assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["mood_preferences"] == ["cozy"]
    assert told["avoided_genres"] == ["horror"]
    assert told["notifications"] == before["notifications"] | {
        "digest": False,
        "quiet_hours": quiet,
    }
    assert (told["country"], told["time_zone"]) == ("DE", "Europe/Berlin")
    assert (await me.get(ME[1])).json() == told
    cleared = await me.patch(ME[1], json={"notifications": {"quiet_hours": None}})
    assert cleared.json()["notifications"]["quiet_hours"] is None


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"mood_preferences": ["sleepy"]}, "mood_preferences"),
    ({"mood_preferences": None}, "mood_preferences"),
    ({"avoided_genres": ["slapstick"]}, "avoided_genres"),
    ({"country": "XX"}, "country"),
    ({"time_zone": "../etc/passwd"}, "time_zone"),
    ({"notifications": {"quiet_hours": {"start": "22:00", "end": "22:00"}}}, "notifications"),
    ({"notifications": {"quiet_hours": {"start": "25:00", "end": "07:00"}}}, "notifications"),
    ({"notifications": {"email": "yes"}}, "notifications.email"),
    ({"notifications": {"pigeon": True}}, "notifications.pigeon"),
    ({"plan": "pro"}, "plan"),
    ({"country": "DE", "mood_preferences": ["sleepy"]}, "mood_preferences"),
]


async def test_a_preference_that_cannot_be_used_changes_nothing(free: Household) -> None:
    before = (await free.browser.get(ME[1])).json()
    for change, field in REFUSED:
        answer = await free.browser.patch(ME[1], json=change)
        assert answer.status_code == 422, answer.text
        assert answer.json()["field"].startswith(field), answer.text
    assert (await free.browser.get(ME[1])).json() == before


async def test_a_child_s_profile_cannot_move_the_household(
    free: Household, services: Services, client: Redis
) -> None:
    async with services.database.transaction() as session:
        profile = await session.get_one(Profile, free.viewer.profile_id)
        profile.maturity_ceiling = 12
    await client.flushdb()  # what the session proves
    assert (await free.browser.patch(ME[1], json={"country": "DE"})).status_code == 403
    answer = await free.browser.patch(ME[1], json={"mood_preferences": ["easy"]})
    assert answer.status_code == 200
