"""The price of a query: what it is, that it hangs on the variables, and that it is always told."""

from typing import Any

import demo
import httpx
import pytest
from graphql import get_introspection_query

from app.graphql.http import GraphQLEndpoint, Schema
from app.graphql.limits import Limits

pytestmark = pytest.mark.anyio


async def cost(client: httpx.AsyncClient, query: str, **variables: Any) -> int:
    reply = (await client.post("", json={"query": query, "variables": variables})).json()
    assert "errors" not in reply, reply
    assert reply["extensions"]["cost"]["limit"] == 1000
    return reply["extensions"]["cost"]["requested"]


PRICES = {
    "{hello}": 0,
    "{__typename}": 0,
    '{title(id:"t1"){name year}}': 1,
    "{titles(first:7){id}}": 7,
    "{titles{id}}": 20,  # the schema's default
    "{plainTitles{id}}": 10,  # a list without a size
    "{titles(first:2){offers{price}}}": 2 * (1 + 3),  # the schema says about three
    "{titles(first:2){recommendation}}": 2 * (1 + 50),  # and that this one is dear
    "{titles(first:2){tags}}": 2,
    "{page(first:5){edges{node{id}} pageInfo{hasNextPage} totalCount}}": 1 + 5 * 2 + 1,
    "{page(last:5){edges{node{offers{price}}}}}": 1 + 5 * (1 + 1 + 3),
    "{page{edges{node{id}}}}": 1 + 10 * 2,
    "{page(first:null){edges{cursor}}}": 1 + 10,
    "{page(first:2,last:9){edges{cursor}}}": 1 + 9,
    "{titles(first:2){...f}} fragment f on Title{offers{price}}": 2 * (1 + 3),
    "{titles(first:2){...f} plainTitles{...f}} fragment f on Title{offers{price}}": 2 * 4 + 10 * 4,
    "{page(first:4){...p}} fragment p on Connection{edges{cursor}}": 1 + 4,
    "{page(first:4){... on Connection{... {edges{cursor}}}}}": 1 + 4,
    "{search{... on Person{id} ... on Title{offers{price}}}}": 10 * (1 + 3),
    "{nodes{id ... on Title{offers{price}}}}": 10 * (1 + 3),
    'mutation{add(name:"x"){id}}': 10 + 1,
    'mutation{...m} fragment m on Mutation{a:add(name:"x"){id} b:add(name:"y"){id}}': 2 * 11,
    "{__schema{types{name fields{name}}}}": 400,
    '{__type(name:"Title"){name}}': 400,
    "query($n:Int=3){titles(first:$n){id}}": 3,
    "query($n:Int){titles(first:$n){id}}": 20,
    "{titles(first:2)@skip(if:true){id}}": 2,  # skipped counts: a bound, not a bill
}


@pytest.mark.parametrize("query", PRICES)
async def test_the_price_of(client: httpx.AsyncClient, query: str) -> None:
    assert await cost(client, query) == PRICES[query]


async def test_the_price_follows_the_variables_although_the_query_is_cached(
    client: httpx.AsyncClient,
) -> None:
    query = "query($n:Int!,$m:Int!){titles(first:$n){similar(first:$m){id}}}"
    assert await cost(client, query, n=2, m=3) == 2 * 4
    assert await cost(client, query, n=9, m=9) == 9 * 10
    for n, m in [(100, 100), (101, 1), (0, 1), (1, -5)]:
        reply = (await client.post("", json={"query": query, "variables": {"n": n, "m": m}})).json()
        code = reply["errors"][0]["extensions"]["code"]
        assert (code, "data" in reply) == ("COST_LIMIT" if n == m else "PAGE_SIZE", False)
    assert await cost(client, query, n=2, m=3) == 2 * 4


async def test_a_float_that_is_whole_is_a_size_too(client: httpx.AsyncClient) -> None:
    assert await cost(client, "query($n:Int!){titles(first:$n){id}}", n=5.0) == 5


async def test_the_limit_itself_is_allowed_and_one_more_is_not(client: httpx.AsyncClient) -> None:
    within = "{titles(first:100){offers{id} similar(first:6){id}}}"
    assert await cost(client, within) == 1000
    above = '{titles(first:100){offers{id} similar(first:6){id}} title(id:"t1"){id}}'
    reply = (await client.post("", json={"query": above})).json()
    assert reply["errors"][0]["message"] == "This query costs 1001 points and 1000 are allowed."
    assert reply["extensions"]["cost"] == {"requested": 1001, "limit": 1000}


def deep(levels: int) -> str:
    return "{titles(first:1)" + "{similar(first:1)" * (levels - 2) + "{id}" + "}" * (levels - 1)


def tokens(count: int) -> str:
    return "{wanted(wanted:{genre:DRAMA names:[" + '"x" ' * (count - 16) + "]})}"


@pytest.mark.parametrize(
    ("within", "above", "complaint"),
    [
        (tokens(1000), tokens(1001), "more than 1000 tokens"),
        (deep(10), deep(11), "10 levels deep"),
        ("{" + " hello" * 20 + "}", "{" + " hello" * 21 + "}", "one name 20 times"),
        (
            "{" + " ".join(f"a{n}:hello" for n in range(15)) + "}",
            "{" + " ".join(f"a{n}:hello" for n in range(16)) + "}",
            "15 aliases",
        ),
    ],
)
async def test_a_limit_may_be_reached_and_not_passed(
    client: httpx.AsyncClient, within: str, above: str, complaint: str
) -> None:
    assert "data" in (await client.post("", json={"query": within})).json()
    reply = (await client.post("", json={"query": above})).json()
    assert complaint in reply["errors"][0]["message"]


async def test_fifty_directives_are_counted_as_few_enough(client: httpx.AsyncClient) -> None:
    for count, too_many in {50: False, 51: True}.items():
        query = "{hello " + "@skip(if:false) " * count + "}"  # repeating one is wrong in any case
        assert ("50 directives" in (await client.post("", json={"query": query})).text) is too_many


async def test_the_introspection_of_tools_is_allowed(client: httpx.AsyncClient) -> None:
    query = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )
    assert await cost(client, query) == 400


async def test_limits_are_a_callers_to_choose() -> None:
    limits = Limits(cost=5, aliases=1)
    schema = Schema(**demo.ROOTS, limits=limits)
    assert (await schema.execute("{titles(first:5){id}}")).errors is None
    refused = await schema.execute("{titles(first:6){id}}")
    assert [error.extensions for error in refused.errors or ()] == [{"code": "COST_LIMIT"}]
    assert GraphQLEndpoint(schema, get_context=None).limits is limits  # type: ignore[arg-type]


async def test_subscriptions_are_priced_before_they_start() -> None:
    query = "subscription{crashing{similar(first:100){similar(first:100){id}}}}"
    stream = await Schema(**demo.ROOTS).subscribe(query)
    (refused,) = [result async for result in stream]
    assert [error.extensions for error in refused.errors or ()] == [{"code": "COST_LIMIT"}]


async def test_a_crash_in_a_subscription_is_masked() -> None:
    stream = await Schema(**demo.ROOTS).subscribe("subscription{crashing{crashes}}")
    (result,) = [result async for result in stream]
    assert result.errors is not None
    (error,) = result.errors
    assert (error.extensions or {})["code"] == "INTERNAL"
    assert "secret" not in str(error)
