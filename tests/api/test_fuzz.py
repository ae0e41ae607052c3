"""Whatever JSON is sent to whatever route: an answer or a problem, and never our fault."""

from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rest.operations import WITH_BODY
from rest.routes import OPERATIONS
from tests.api.conftest import Household

pytestmark = pytest.mark.anyio
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
JSON = {"Content-Type": "application/json"}
FIELDS = sorted({name for each in OPERATIONS if each.takes for name in each.takes.model_fields})
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["netflix", "cozy", "title_1", "\x00", "%", "DE", "Europe/Berlin", "free@example.com", "💥"]
)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | TEXTS, inner)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS) | TEXTS, VALUES, max_size=5)
WRITING = [each for each in OPERATIONS if each.method in WITH_BODY]
READING = [each for each in OPERATIONS if each.method == "GET"]
EXPECTED = {200, 201, 401, 403, 404, 422, 429}


@FEW
@given(operation=st.sampled_from(WRITING), body=BODIES)
async def test_any_json_is_answered(free: Household, operation: Any, body: Any) -> None:
    answer = await free.browser.request(
        operation.method, operation.path, content=orjson.dumps(body), headers=JSON
    )
    assert answer.status_code in EXPECTED, answer.text


@FEW
@given(operation=st.sampled_from(WRITING), body=st.binary(max_size=60))
async def test_any_bytes_are_answered(free: Household, operation: Any, body: bytes) -> None:
    answer = await free.browser.request(
        operation.method, operation.path, content=body, headers=JSON
    )
    assert answer.status_code in {*EXPECTED, 400}, answer.text


@FEW
@given(
    operation=st.sampled_from(READING),
    query=st.lists(st.tuples(st.sampled_from(FIELDS), TEXTS), max_size=4),
)
async def test_any_query_is_answered(free: Household, operation: Any, query: Any) -> None:
    encoded = [(name, value.encode("utf-8", "surrogatepass")) for name, value in query]
    answer = await free.browser.get(operation.path, params=encoded)
    assert answer.status_code in EXPECTED, answer.text
