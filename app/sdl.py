"""The schema as text, in an order that only changes when the schema does."""

import strawberry
from graphql import build_schema, lexicographic_sort_schema, print_schema


def sorted_sdl(schema: strawberry.Schema) -> str:
    """The schema definition, sorted by name.

    Only Strawberry can print its own default values, and its `sort_schema` breaks every union at
    run time: so what it printed is read again and sorted.
    """
    return print_schema(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"
