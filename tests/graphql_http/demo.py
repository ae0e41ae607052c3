"""A small catalogue in memory that has one of everything an executor can meet."""

import datetime
import decimal
import enum
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Annotated, Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

Shout = NewType("Shout", str)


def shout(value: str) -> str:
    if value == "quiet":
        raise ValueError("too quiet")
    return value.upper()


@strawberry.enum
class Genre(enum.Enum):
    DRAMA = "drama"
    COMEDY = "comedy"


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Offer(Node):
    price: float
    monthly: bool
    platform: str | None


@strawberry.type
class Person(Node):
    name: str


@strawberry.type
class Series(Node):
    name: str
    seasons: int


@strawberry.type
class Title(Node):
    name: str
    year: int
    rating: float | None
    genre: Genre | None
    tags: list[str]
    notes: list[str | None] | None
    added: datetime.date
    slogan: Shout | None
    anything: strawberry.scalars.JSON | None
    offers: list[Offer] = strawberry.field(metadata={"assumed_size": 3})
    late: str | None = None
    broken_non_null: int = 1

    @strawberry.field
    def greeting(self, word: str = "Hello") -> str:
        return f"{word} {self.name}"

    @strawberry.field
    async def slow_name(self) -> str:
        return self.name

    @strawberry.field
    def crashes(self) -> str:
        raise RuntimeError(f"secret path /srv/{self.name}")

    @strawberry.field
    def refuses(self) -> str | None:
        raise GraphQLError("Not for you.", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    def similar(self, first: int = 20) -> "list[Title]":
        return TITLES[:first]

    @strawberry.field
    def plain_similar(self) -> "list[Title]":
        return TITLES[:2]

    @strawberry.field(metadata={"cost": 50})
    def recommendation(self) -> str:
        return "watch it"


class Raises(Title):
    """An attribute that cannot be read."""

    def __getattribute__(self, name: str) -> Any:
        if name == "late":
            raise RuntimeError("no late")
        return super().__getattribute__(name)


async def promise(value: object) -> object:
    return value


async def refusal() -> object:
    raise GraphQLError("Promise broken.")


def titles(count: int) -> list[Title]:
    return [
        Title(
            id=strawberry.ID(f"t{n}"),
            name=f"Title {n} é😀",
            year=1950 + n,
            rating=None if n % 5 == 4 else n / 10,
            genre=None if n % 4 == 3 else Genre.DRAMA,
            tags=["a", f"b{n}"],
            notes=None if n % 3 == 2 else ["x", None],
            added=datetime.date(2024, 1, 1) + datetime.timedelta(days=n),
            slogan=Shout("now") if n % 2 else None,
            anything={"n": n, "deep": [1, 2.5, None]},  # type: ignore[arg-type]
            offers=[
                Offer(
                    id=strawberry.ID(f"o{n}-{m}"),
                    price=m + 0.99,
                    monthly=m % 2 == 0,
                    platform=None if m == 2 else f"P{m}",
                )
                for m in range(3)
            ],
        )
        for n in range(count)
    ]


TITLES = titles(50)

ODD: dict[str, Callable[[], dict[str, Any]]] = {
    "fine": dict,
    "null name": lambda: {"name": None},
    "error in value": lambda: {"name": ValueError("a value that is an error")},
    "error in null": lambda: {"late": ValueError("another")},
    "promise": lambda: {"name": promise("awaited"), "late": promise("late"), "year": promise(2000)},
    "promise of null": lambda: {"name": promise(None)},
    "promise broken": lambda: {"late": refusal(), "year": 5},
    "int too large": lambda: {"year": 2**40},
    "int as text": lambda: {"year": "1984"},
    "bool as int": lambda: {"year": True},
    "float not finite": lambda: {"rating": float("nan")},
    "id a float": lambda: {"id": 3.0},
    "id a list": lambda: {"id": [1]},
    "name a number": lambda: {"name": 12},
    "name an object": lambda: {"name": object},
    "enum by value": lambda: {"genre": "comedy"},
    "enum unknown": lambda: {"genre": "western"},
    "list a string": lambda: {"tags": "abc"},
    "list a number": lambda: {"tags": 5},
    "list a set": lambda: {"tags": frozenset({"one"})},
    "list holds null": lambda: {"tags": ["a", None]},
    "list holds null, nullable": lambda: {"notes": ["a", None, "b"]},
    "list holds numbers": lambda: {"tags": [1, 2.5, True]},
    "list holds promises": lambda: {"tags": [promise("p"), "q"]},
    "list holds an error": lambda: {"notes": ["a", ValueError("inside"), "b"]},
    "date wrong": lambda: {"added": "2024-01-01"},
    "scalar refuses": lambda: {"slogan": Shout("quiet")},
    "scalar of a number": lambda: {"slogan": 5},
    "json odd": lambda: {"anything": decimal.Decimal("1.5")},
    "offers null": lambda: {"offers": None},
    "offers hold null": lambda: {"offers": [None]},
    "offers hold wrong": lambda: {"offers": [odd_offer()]},
}


def odd_title(case: str) -> Title:
    """A title with attributes that hold what they should not."""
    if case == "cannot be read":
        title = object.__new__(Raises)
        title.__dict__.update(TITLES[0].__dict__)
        return title
    return replace(TITLES[0], **ODD[case]())


def odd_offer() -> Offer:
    return replace(TITLES[0].offers[0], price="12", monthly=1, platform=3)  # type: ignore[arg-type]


Anything = Annotated[Title | Person | Series, strawberry.union("Anything")]


@strawberry.type
class Edge:
    node: Title
    cursor: str


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Connection:
    edges: list[Edge]
    page_info: PageInfo
    total_count: int


@strawberry.input
class Wanted:
    genre: Genre
    names: list[str] = strawberry.field(default_factory=list)


def _nodes() -> list[Any]:
    return [
        TITLES[0],
        Person(id=strawberry.ID("p1"), name="Ada"),
        Series(id=strawberry.ID("s1"), name="Long", seasons=9),
    ]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello {name}"

    @strawberry.field
    def titles(self, first: int = 20) -> list[Title]:
        return TITLES[:first]

    @strawberry.field
    def plain_titles(self) -> list[Title]:
        return TITLES[:5]

    @strawberry.field
    def page(self, first: int | None = None, last: int | None = None) -> Connection:
        rows = TITLES[: first or last or 10]
        edges = [Edge(node=row, cursor=str(n)) for n, row in enumerate(rows)]
        return Connection(edges=edges, page_info=PageInfo(has_next_page=True), total_count=50)

    @strawberry.field
    def title(self, id: strawberry.ID) -> Title | None:
        return next((title for title in TITLES if title.id == id), None)

    @strawberry.field
    def odd(self, case: str) -> Title | None:
        return odd_title(case)

    @strawberry.field
    def search(self) -> list[Anything]:
        return _nodes()

    @strawberry.field
    def nodes(self) -> list[Node]:
        return _nodes()

    @strawberry.field
    def wanted(self, wanted: Wanted) -> str:
        return f"{wanted.genre.name} {wanted.names}"

    @strawberry.field
    def on(self, day: datetime.date) -> str:
        return day.isoformat()

    @strawberry.field
    async def sleeps(self, seconds: float = 0.0) -> str:
        import asyncio

        await asyncio.sleep(seconds)
        return "woke"

    @strawberry.field
    def huge(self) -> strawberry.scalars.JSON:
        return {"huge": 2**70, "odd": "\ud800"}  # type: ignore[return-value]

    @strawberry.field
    def crash(self) -> str:
        raise RuntimeError("secret password=hunter2")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add(self, name: str) -> Title | None:
        return TITLES[0]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 3) -> AsyncIterator[int]:
        for n in range(to):
            yield n

    @strawberry.subscription
    async def crashing(self) -> AsyncIterator[Title]:
        yield TITLES[0]


ROOTS: dict[str, Any] = {
    "query": Query,
    "mutation": Mutation,
    "subscription": Subscription,
    "types": [Title, Person, Series],
    "config": StrawberryConfig(
        scalar_map={Shout: strawberry.scalar(name="Shout", serialize=shout, parse_value=Shout)}
    ),
}
