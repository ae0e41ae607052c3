"""The schema as a document: described, equal to the checked-in one, and kept promises."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    find_breaking_changes,
)

from app.sdl import sorted_sdl
from tests.support.graphql import SCHEMA

ROOT = Path(__file__).parents[2]
CORE = SCHEMA._schema
OURS = {name: each for name, each in CORE.type_map.items() if not name.startswith("__")}


def test_every_type_field_and_argument_is_described():
    bare: list[str] = []
    for name, each in OURS.items():
        if not each.description and not name.endswith("Payload"):
            bare.append(name)
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for field, told in each.fields.items():
                bare += [] if told.description else [f"{name}.{field}"]
                bare += [
                    f"{name}.{field}({a})" for a, at in told.args.items() if not at.description
                ]
        if isinstance(each, GraphQLInputObjectType):
            bare += [f"{name}.{f}" for f, told in each.fields.items() if not told.description]
    assert bare == []


def test_the_checked_in_schema_is_the_codes():
    written = (ROOT / "schema.graphql").read_text()
    assert written == sorted_sdl(SCHEMA), (
        "schema.graphql is not what the code says; run `make schema`"
    )


def test_what_breaks_clients_is_named_in_the_changelog():
    released = build_schema((Path(__file__).parent / "released.graphql").read_text())
    changelog = (ROOT / "CHANGELOG.md").read_text()
    unnamed = [
        change.description
        for change in find_breaking_changes(released, build_schema(sorted_sdl(SCHEMA)))
        if not any(word in changelog for word in change.description.split() if "." in word)
    ]
    assert unnamed == [], "name these in CHANGELOG.md, or don't break them"


def test_mutations_are_nullable_so_that_one_crash_does_not_hide_what_others_did():
    assert CORE.mutation_type is not None
    for name, field in CORE.mutation_type.fields.items():
        assert not isinstance(field.type, GraphQLNonNull), name


@pytest.mark.parametrize("name", ["Mood", "Genre", "TitleKind", "Monetization", "Maturity"])
def test_vocabularies_are_enums(name: str):
    assert isinstance(OURS[name], GraphQLEnumType)
