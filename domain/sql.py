"""Statements as text, with the types of those parameters that their values don't tell."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause, bindparam, text


def typed(statement: str, types: Mapping[str, Any]) -> TextClause:
    """A statement whose parameters have the SQLAlchemy types that stand under their names."""
    made = text(statement)
    names = made.compile().params.keys() & types.keys()
    return made.bindparams(*[bindparam(name, type_=types[name]) for name in names])
