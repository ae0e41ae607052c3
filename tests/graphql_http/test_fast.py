"""The quick executor against graphql-core's own: byte for byte the same data, the same errors."""

import gc
import time
import warnings
from typing import Any

import demo
import orjson
import pytest
import strawberry
from strawberry.extensions import SchemaExtension

from app.graphql.executor import FastExecutor

pytestmark = pytest.mark.anyio

LEAVES = "id name year rating genre tags notes added slogan anything late brokenNonNull __typename"
CORPUS: list[tuple[str, dict[str, Any]]] = [
    (query, {})
    for query in [
        "{hello}",
        '{hello(name:"Ada") again:hello}',
        "{__typename}",
        "{titles{LEAVES}}",
        "{titles(first:3){LEAVES offers{id price monthly platform __typename}}}",
        "{titles(first:3){offers{platform} name offers{price} year name}}",
        "{titles(first:3){b:name a:year name kind:__typename}}",
        "{titles(first:2){greeting}}",
        '{titles(first:2){name greeting(word:"Hi") year}}',
        "{titles(first:3){slowName name}}",
        "{titles(first:3){name slowName other:slowName year}}",
        "{titles(first:3){refuses name}}",
        "{titles(first:3){name crashes}}",
        "{titles(first:3){name slowName crashes year}}",
        '{title(id:"t3"){name crashes}}',
        '{title(id:"t3"){name refuses slowName}}',
        '{title(id:"none"){name}}',
        '{title(id:"t4"){rating genre slogan}}',
        "{titles(first:2){similar(first:2){name similar(first:1){year slowName}}}}",
        "{plainTitles{...f}} fragment f on Title{name offers{...o}} fragment o on Offer{price id}",
        "{titles(first:2){...{name} ... on Title{year} ... on Node{id}}}",
        "{titles(first:2){...f name}} fragment f on Node{id __typename}",
        "{titles(first:2){name @skip(if:true) year @include(if:true) id @include(if:false)}}",
        "{titles(first:2){... @skip(if:true){name} ... @include(if:true){year}}}",
        "{titles(first:2){tags @include(if:true) notes @skip(if:false)}}",
        "{search{__typename ... on Title{name year} ... on Person{name} ... on Series{seasons}}}",
        "{search{... on Node{id} ... on Person{__typename}}}",
        "{search{... on Title{slowName}}}",
        "{nodes{id __typename ... on Series{name seasons} ... on Title{genre}}}",
        "{nodes{...n}} fragment n on Node{id ... on Person{name}}",
        "{page(first:3){totalCount edges{cursor node{name genre}} pageInfo{hasNextPage}}}",
        "{page{edges{node{slowName refuses}}}}",
        "{wanted(wanted:{genre:DRAMA})}",
        '{on(day:"2024-02-29")}',
        "{sleeps hello}",
        "{sleeps again:sleeps(seconds:0.001) hello}",
        "{crash}",
        "{hello crash}",
        "{crash sleeps}",
        "{sleeps crash}",
        "{titles(first:1){name} crash}",
        "{huge}",
        'mutation{add(name:"x"){name year slowName} b:add(name:"y"){id offers{price}}}',
        'mutation{add(name:"x"){crashes}}',
        '{__type(name:"Title"){name kind fields{name type{name kind ofType{name}}}}}',
        "{__schema{queryType{name} types{name kind}}}",
        "{titles(first:101){name}}",
    ]
]
CORPUS += [
    ("query($n:Int!,$skip:Boolean!){titles(first:$n){name @skip(if:$skip) year}}", variables)
    for variables in [{"n": 2, "skip": True}, {"n": 2, "skip": False}, {"n": "x", "skip": True}, {}]
]
CORPUS += [("query($w:Wanted!){wanted(wanted:$w)}", {"w": {"genre": "COMEDY", "names": ["a"]}})]
CORPUS += [
    (query, {"case": case})
    for case in [*demo.ODD, "cannot be read"]
    for query in [
        "query($case:String!){odd(case:$case){LEAVES offers{id price monthly platform}}}",
        "query($case:String!){odd(case:$case){slowName name late year tags notes refuses}}",
    ]
]


class Looks(SchemaExtension):
    """Sees every field, as a tracer does: then nothing may be skipped."""

    def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
        answer = _next(root, info, *args, **kwargs)
        return answer.upper() if isinstance(answer, str) else answer


STOCK = strawberry.Schema(**demo.ROOTS)
FAST = strawberry.Schema(**demo.ROOTS, execution_context_class=FastExecutor)
STOCK_SEEN = strawberry.Schema(**demo.ROOTS, extensions=[Looks])
FAST_SEEN = strawberry.Schema(
    **demo.ROOTS, extensions=[Looks], execution_context_class=FastExecutor
)


async def outcome(schema: strawberry.Schema, query: str, variables: dict[str, Any]) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = await schema.execute(query, variables)
        if "promise" in variables.get("case", ""):
            gc.collect()  # what was never awaited says so when it goes
    errors = [
        (error.formatted, type(error.original_error), str(error.original_error))
        for error in result.errors or ()
    ]
    unawaited = [str(warning.message) for warning in caught]
    return repr(result.data), errors, unawaited


@pytest.mark.parametrize("number", range(len(CORPUS)))
async def test_data_and_errors_are_those_of_graphql_core(
    number: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    query, variables = CORPUS[number]
    query = query.replace("LEAVES", LEAVES)
    assert await outcome(FAST, query, variables) == await outcome(STOCK, query, variables)
    assert await outcome(FAST_SEEN, query, variables) == await outcome(STOCK_SEEN, query, variables)


async def test_the_corpus_meets_errors_nulls_and_promises() -> None:
    assert len(CORPUS) > 100
    results = [
        await STOCK.execute(query.replace("LEAVES", LEAVES), variables)
        for query, variables in CORPUS
    ]
    assert sum(bool(result.errors) for result in results) > 30
    assert sum(result.data is not None for result in results) > 80


async def test_plain_leaves_are_not_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    interpreted: list[str] = []
    ordinary = FastExecutor.execute_field

    def counted(self: FastExecutor, parent: Any, source: Any, details: Any, *rest: Any) -> Any:
        interpreted.append(details[0].node.name.value)
        return ordinary(self, parent, source, details, *rest)

    monkeypatch.setattr(FastExecutor, "execute_field", counted)
    query = "{titles(first:5){LEAVES}}".replace("LEAVES", LEAVES).replace("notes", "")
    await FAST.execute(query)  # without notes, which hold nulls
    assert interpreted == ["titles"]


async def test_every_event_of_a_subscription_is_executed_afresh() -> None:
    for schema in (STOCK, FAST):
        stream = await schema.subscribe("subscription{n:count(to:3) __typename}")
        seen = [result.data if not result.errors else str(result.errors) async for result in stream]
        assert len(seen) in (1, 3)
    stream = await FAST.subscribe("subscription{count(to:3)}")
    assert [result.data async for result in stream] == [{"count": n} for n in range(3)]


async def test_it_is_faster() -> None:
    query = "{titles(first:50){id name year rating genre added offers{id price platform}}}"

    async def best(schema: strawberry.Schema) -> float:
        took: list[float] = []
        for _ in range(15):
            started = time.process_time()
            orjson.dumps((await schema.execute(query)).data)
            took.append(time.process_time() - started)
        return min(took)

    stock, fast = await best(STOCK), await best(FAST)
    print(f"executor alone: {stock * 1000:.2f} ms, quick {fast * 1000:.2f} ms")
    assert fast < stock / 1.5
