"""What GraphiQL opens with is understood by the schema as it is."""

import pytest
from graphql import parse, validate

from app.graphql.examples import tabs
from app.graphql.graphiql import Tab
from app.graphql.schema import make_schema

SCHEMA = make_schema()._schema


@pytest.mark.parametrize("tab", tabs(), ids=lambda tab: tab.title)
def test_an_example_is_a_valid_document(tab: Tab) -> None:
    assert not validate(SCHEMA, parse(tab.query))
