"""JustWatch: what it refuses, and how it says so."""

from typing import Any

import pytest

from tests.simulators.conftest import StandIns
from tests.simulators.justwatch_asked import ask, error, post


@pytest.mark.parametrize(
    "query",
    [
        '{ node(id: "tm1") { id } }',
        '{ node(id: "nonsense") { id } }',
        '{ node(id: "tss0") { id } }',
        '{ node(id: "tse999999") { id } }',
        '{ node(id: "tm1001") { ...on Movie { content(country: XX, language: "en") { title } } } }',
        '{ node(id: "tm1001") { ...on Movie { content(country: US, language: "EN") { title } } } }',
        '{ popularTitles(country: "usa") { totalCount } }',
        '{ popularTitles(country: US, after: "?") { totalCount } }',
    ],
)
def test_what_resolvers_refuse_has_status_200(stand_ins: StandIns, query: str) -> None:
    refusal = error(stand_ins, query)
    assert refusal["message"]
    assert refusal["path"]
    assert refusal["extensions"]["code"]


def test_one_unknown_node_leaves_the_others(stand_ins: StandIns) -> None:
    answer = post(stand_ins, '{ n0: node(id: "tm1001") { id } n1: node(id: "tm1") { id } }').json()
    assert answer["data"] == {"n0": {"id": "tm1001"}, "n1": None}
    assert [each["path"] for each in answer["errors"]] == [["n1"]]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ node(id: ", {}),
        ("{ nobody }", {}),
        ("{ a" * 5000, {}),
        (
            "query ($n: Int!) { popularTitles(country: US, first: $n) { totalCount } }",
            {"n": "five"},
        ),
        (
            "query ($f: TitleFilter) { popularTitles(country: US, filter: $f) { totalCount } }",
            {"f": {"objectTypes": ["FOO"]}},
        ),
    ],
)
def test_what_cannot_be_run_has_status_422(
    stand_ins: StandIns, query: str, variables: dict[str, Any]
) -> None:
    answer = post(stand_ins, query, **variables)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"query": 1}', b'{"query":"{a}","variables":[1]}']
)
def test_a_body_that_is_no_question_has_status_400(stand_ins: StandIns, body: bytes) -> None:
    answer = stand_ins.http.post(f"{stand_ins.url}/justwatch/graphql", content=body)
    assert answer.status_code == 400


def test_a_number_may_be_a_string(stand_ins: StandIns) -> None:
    query = "query ($n: Int!) { popularTitles(country: US, first: $n) { edges { cursor } } }"
    assert len(ask(stand_ins, query, n="3")["popularTitles"]["edges"]) == 3


def test_more_than_a_hundred_titles_are_too_complex(stand_ins: StandIns) -> None:
    list_of = "query ($n: Int!) { popularTitles(country: US, first: $n) { totalCount } }"
    assert ask(stand_ins, list_of, n=100)["popularTitles"]["totalCount"] == 60
    nodes = "{" + " ".join(f'n{i}: node(id: "tm1001") {{ id }}' for i in range(101)) + "}"
    fields = " ".join(f"o{j}: offers(country: US, platform: WEB) {{ id }}" for j in range(150))
    wide = "{" + " ".join(f'n{i}: node(id: "tm1001") {{ ...F }}' for i in range(70)) + "}"
    wide += f" fragment F on Movie {{ {fields} }}"
    for refusal in (
        error(stand_ins, list_of, n=101),
        error(stand_ins, nodes),
        error(stand_ins, wide),
    ):
        assert refusal["extensions"]["code"] == "COMPLEXITY_LIMIT_EXCEEDED"
