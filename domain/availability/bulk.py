"""Many rows in one statement: a list for each column, which Postgres makes rows of again.

Unlike VALUES, whose text grows with its rows, this is one statement for any number of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def rows(name: str, columns: Mapping[str, str]) -> str:
    """The FROM item whose rows `values` tells; columns: their names and Postgres types."""
    lists = ", ".join(f"CAST(:all_{column} AS {kind}[])" for column, kind in columns.items())
    return f"unnest({lists}) AS {name} ({', '.join(columns)})"


def values(columns: Iterable[str], told: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """The parameters of a statement with such an item: of each row its cells in that order."""
    turned = zip(*told, strict=True) if told else ([] for _ in columns)
    return {f"all_{name}": list(cells) for name, cells in zip(columns, turned, strict=True)}
