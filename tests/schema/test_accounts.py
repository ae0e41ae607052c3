"""Accounts, profiles and limits through /graphql, as a browser and a program use it."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

_SIGN_IN = """
mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) {
    __typename
    ... on SignedIn { account { email plan role profile { name } } }
    ... on UserError { code message }
  }
}
"""
_TONIGHT = """
query ($minutes: Int = 120) {
  recommend(
    input: { mood: TENSE, timeMin: $minutes, subscribedPlatforms: ["netflix", "disney-plus"] }
  ) {
    recommendations { why score title { id name } offers { platform { slug } } }
    alternates { title { name } }
    candidates
    dropped { reason count }
  }
}
"""


async def graphql(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def data(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    told = await graphql(client, query, **variables)
    assert "errors" not in told, told
    return told["data"]


async def sign_in(client: httpx.AsyncClient, who: str = "free") -> None:
    told = await data(client, _SIGN_IN, email=f"{who}@example.com", password="watch-tonight")
    assert told["signIn"]["__typename"] == "SignedIn"


async def test_signing_in_gives_a_cookie_and_signing_out_takes_it(client: httpx.AsyncClient):
    assert (await data(client, "{ me { email } }"))["me"] is None
    await sign_in(client)
    cookie = next(iter(client.cookies.jar))
    assert cookie.name == "session"
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert (await data(client, "{ me { email } }"))["me"] == {"email": "free@example.com"}
    before = dict(client.cookies)
    assert (await data(client, "mutation { signOut { __typename } }"))["signOut"]
    client.cookies.update(before)  # a stolen copy is worth nothing any more
    assert (await data(client, "{ me { email } }"))["me"] is None


async def test_a_wrong_password_and_an_unknown_email_are_told_alike(client: httpx.AsyncClient):
    wrong = await data(client, _SIGN_IN, email="free@example.com", password="not this one")
    unknown = await data(client, _SIGN_IN, email="nobody@example.com", password="not this one")
    assert wrong == unknown
    assert wrong["signIn"]["code"] == "WRONG_CREDENTIALS"


async def test_a_mutation_that_fails_leaves_what_others_of_its_document_did(
    client: httpx.AsyncClient,
):
    await sign_in(client, "pro")
    told = await data(
        client,
        """mutation {
          a: createProfile(name: "Guests", maturityCeiling: TEENS) {
            ... on ProfileChanged { profile { name maturityCeiling } } }
          b: createProfile(name: "guests") { ... on UserError { code } }
          c: rateTitle(titleId: "title_0", score: 5) { ... on NotFoundError { message } }
        }""",
    )
    assert told["a"]["profile"] == {"name": "Guests", "maturityCeiling": "TEENS"}
    assert told["b"]["code"] == "PROFILE_NAME_TAKEN"
    assert "No title" in told["c"]["message"]


async def test_a_childs_profile_sees_less_and_manages_nothing(client: httpx.AsyncClient):
    await sign_in(client, "pro")
    profiles = (await data(client, "{ me { profiles { id name maturityCeiling } } }"))["me"]
    kids = next(p for p in profiles["profiles"] if p["maturityCeiling"] == "OLDER_KIDS")
    select = """mutation ($id: ID!) { selectProfile(id: $id) {
        ... on ProfileChanged { profile { name } } } }"""
    assert (await data(client, select, id=kids["id"]))["selectProfile"]["profile"]
    titles = await data(client, "{ titles(first: 100) { nodes { maturity } } }")
    assert {t["maturity"] for t in titles["titles"]["nodes"]} <= {"EVERYONE", "OLDER_KIDS"}
    told = await data(
        client,
        """mutation ($id: ID!) {
          setMaturityCeiling(id: $id, maturityCeiling: ADULTS) { ... on UserError { code } }
          revokeOtherSessions { ... on UserError { code } }
          deleteAccount(password: "watch-tonight") { ... on UserError { code } }
        }""",
        id=kids["id"],
    )
    assert {each["code"] for each in told.values()} == {"FORBIDDEN"}
    answer = await graphql(client, "{ me { email sessions { id } apiTokens { id } } }")
    assert answer["data"]["me"] == {"email": "pro@example.com", "sessions": None, "apiTokens": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


async def test_a_pin_guards_the_way_into_a_profile(client: httpx.AsyncClient):
    await sign_in(client, "pro")
    profiles = (await data(client, "{ me { profiles { id name } } }"))["me"]["profiles"]
    everyone, kids = (
        next(p["id"] for p in profiles if p["name"] == n) for n in ("Everyone", "Kids")
    )
    set_pin = """mutation ($id: ID!) { setProfilePin(id: $id, pin: "2468") {
        ... on ProfileChanged { profile { hasPin } } } }"""
    assert (await data(client, set_pin, id=everyone))["setProfilePin"]["profile"]["hasPin"]
    select = """mutation ($id: ID!, $pin: String) { selectProfile(id: $id, pin: $pin) {
        ... on ProfileChanged { profile { name } } ... on UserError { code } } }"""
    assert "profile" in (await data(client, select, id=kids))["selectProfile"]
    assert (await data(client, select, id=everyone))["selectProfile"]["code"] == "PIN_REQUIRED"
    assert (await data(client, select, id=everyone, pin="1"))["selectProfile"][
        "code"
    ] == "WRONG_PIN"
    there = await data(client, select, id=everyone, pin="2468")
    assert there["selectProfile"]["profile"]["name"] == "Everyone"


async def test_preferences_change_only_where_something_is_said(client: httpx.AsyncClient):
    await sign_in(client)
    change = """mutation ($input: UpdatePreferencesInput!) { updatePreferences(input: $input) {
        ... on ProfileChanged { profile { moodPreferences avoidedGenres
          notifications { email digest quietHours { start end } } } }
        ... on InvalidInputError { code field } } }"""

    async def changed(**given: Any) -> dict[str, Any]:
        return (await data(client, change, input=given))["updatePreferences"]

    first = await changed(moodPreferences=["COZY"], notifications={"digest": False})
    assert first["profile"]["moodPreferences"] == ["COZY"]
    quiet = {"start": "22:00", "end": "07:00"}
    second = await changed(avoidedGenres=["HORROR"], notifications={"quietHours": quiet})
    assert second["profile"] == {
        "moodPreferences": ["COZY"],
        "avoidedGenres": ["HORROR"],
        "notifications": {"email": True, "digest": False, "quietHours": quiet},
    }
    assert (await changed(country="XX"))["field"] == "country"
    third = await changed(moodPreferences=[], notifications={"quietHours": None})
    assert third["profile"]["moodPreferences"] == []
    assert third["profile"]["notifications"]["quietHours"] is None


async def test_subscribed_platforms_are_what_recommend_takes_when_told_nothing(
    client: httpx.AsyncClient,
):
    await sign_in(client)
    told = await data(
        client,
        """mutation { setSubscribedPlatforms(platforms: ["hulu"]) {
          ... on ProfileChanged { profile { platforms { slug } } } } }""",
    )
    assert told["setSubscribedPlatforms"]["profile"]["platforms"] == [{"slug": "hulu"}]
    answer = await data(
        client, "{ recommend(input: {}) { recommendations { offers { platform { slug } } } } }"
    )
    slugs = {
        offer["platform"]["slug"]
        for each in answer["recommend"]["recommendations"]
        for offer in each["offers"]
    }
    assert slugs == {"hulu"}


async def test_a_token_acts_for_its_profile_and_cannot_change_the_locks(client: httpx.AsyncClient):
    await sign_in(client)
    made = await data(
        client,
        """mutation { createApiToken(name: "my script") {
          ... on ApiTokenCreated { secret apiToken { id name hint } } } }""",
    )
    secret = made["createApiToken"]["secret"]
    client.cookies.clear()
    client.headers["authorization"] = f"Bearer {secret}"
    told = await data(client, "{ me { email apiTokens { name hint } } }")
    assert told["me"]["apiTokens"] == [{"name": "my script", "hint": secret[:8]}]
    refused = await data(
        client, 'mutation { createApiToken(name: "more") { ... on UserError { code } } }'
    )
    assert refused["createApiToken"]["code"] == "FORBIDDEN"
    client.headers["authorization"] = "Bearer sst_unknown"
    answer = await client.post("/graphql", json={"query": "{ me { email } }"})
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_TOKEN"


async def test_another_sites_page_cannot_act_with_our_cookie(client: httpx.AsyncClient):
    await sign_in(client)
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    query = {"query": "mutation { signOut { __typename } }"}
    answer = await client.post("/graphql", json=query, headers=evil)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "CROSS_SITE"
    read = await client.get("/graphql", params={"query": "{ me { email } }"}, headers=evil)
    assert read.json()["data"] == {"me": None}
    assert (await data(client, "{ me { email } }"))["me"]


async def test_the_eleventh_question_of_a_stranger_is_refused_whatever_its_document(
    client: httpx.AsyncClient,
):
    three = "{ %s }" % " ".join(  # noqa: UP031
        f'r{n}: recommend(input: {{ timeMin: {90 + n}, subscribedPlatforms: ["netflix"] }})'
        " { candidates }"
        for n in range(3)
    )
    codes: list[str] = []
    for _ in range(4):
        answer = await graphql(client, three)
        codes += [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert codes == ["RATE_LIMITED"] * 2
    last = await graphql(client, _TONIGHT)
    assert last["data"] == {"recommend": None}
    assert 0 < last["errors"][0]["extensions"]["retryAfter"] <= 60


async def test_a_browser_that_asks_the_same_again_is_not_counted(client: httpx.AsyncClient):
    await sign_in(client)
    for _ in range(70):
        assert (await data(client, _TONIGHT))["recommend"]["candidates"] > 0
    refused = 0
    for minutes in range(60, 122):
        answer = await graphql(client, _TONIGHT, minutes=minutes)
        refused += "errors" in answer
    assert refused == 2  # the question of the 70, and 61 others: 60 are free


async def test_pro_asks_without_end(client: httpx.AsyncClient):
    await sign_in(client, "pro")
    for minutes in range(60, 130):
        assert (await data(client, _TONIGHT, minutes=minutes))["recommend"]
    for _ in range(15):
        answer = await client.post(
            "/api/recommend", json={"mood": "tense", "subscribed_platforms": ["netflix"]}
        )
        assert answer.status_code == 200


async def test_graphql_and_rest_give_the_same_answer(client: httpx.AsyncClient):
    asked = {"mood": "tense", "time_min": 120, "subscribed_platforms": ["netflix", "disney-plus"]}
    rest = (await client.post("/api/recommend", json=asked)).json()
    said = (await data(client, _TONIGHT))["recommend"]
    assert [(r["title_id"], r["title"], r["why"], r["score"]) for r in rest["recommendations"]] == [
        (r["title"]["id"], r["title"]["name"], r["why"], r["score"])
        for r in said["recommendations"]
    ]
    assert rest["candidates"] == said["candidates"]
    dropped = {each["reason"].lower(): each["count"] for each in said["dropped"]}
    assert rest["dropped"] == dropped
    assert len(said["alternates"]) == 5


async def test_signing_up_exporting_and_deleting_leave_nothing(client: httpx.AsyncClient):
    told = await data(
        client,
        """mutation { signUp(input: { email: "ada@example.org", password: "a long enough phrase",
              country: "DE", timeZone: "Europe/Berlin" }) {
            ... on SignedIn { account { email country timeZone profiles { name } } } } }""",
    )
    assert told["signUp"]["account"] == {
        "email": "ada@example.org",
        "country": "DE",
        "timeZone": "Europe/Berlin",
        "profiles": [{"name": "Everyone"}],
    }
    exported = (await data(client, "{ exportMyData }"))["exportMyData"]
    assert exported["tables"]["accounts"][0]["email"] == "ada@example.org"
    assert "hash" not in str(exported)
    gone = await data(
        client, 'mutation { deleteAccount(password: "a long enough phrase") { __typename } }'
    )
    assert gone["deleteAccount"] == {"__typename": "Done"}
    assert (await data(client, "{ me { email } }"))["me"] is None


async def test_a_refused_question_is_not_answered_when_it_is_asked_again(client: httpx.AsyncClient):
    await sign_in(client)
    answered = 0
    for minutes in range(60, 130):
        for _ in range(2):
            told = await graphql(client, _TONIGHT, minutes=minutes)
        answered += "errors" not in told
    assert answered == 60


async def test_moving_house_shows_at_once(client: httpx.AsyncClient):
    await sign_in(client)
    told = await data(
        client,
        """mutation { updatePreferences(input: { country: "DE" }) {
          ... on ProfileChanged { profile { platforms { plans { currency } } } } } }""",
    )
    profile = told["updatePreferences"]["profile"]
    assert {p["currency"] for each in profile["platforms"] for p in each["plans"]} == {"EUR"}
