"""What can go wrong with somebody's Postgres or Valkey, as sentences for whoever set it up."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg.exceptions import (
    DiskFullError,
    InsufficientPrivilegeError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    PostgresError,
)
from redis.exceptions import AuthenticationError, RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.database import UnusableDatabase
from app.embedded import StartupProblem
from app.environment import LOCAL_SOCKET, NO_REDIS_URL, in_two_parts, place

_POSTGRES_HINT = (
    "check that it runs and that DATABASE_URL is right, or leave DATABASE_URL out to use the"
    " embedded one"
)
_SOCKET_HINT = "its log says why: for the embedded one logs/postgres.log in the data folder"
_VALKEY_HINT = (
    "check that it runs and that REDIS_URL is right, or leave REDIS_URL out to use the embedded one"
)


@contextmanager
def postgres_trouble(url: str) -> Iterator[None]:
    """Turn what a Postgres answers, or that nobody answers, into StartupProblem."""
    try:
        yield
    except UnusableDatabase as unusable:
        raise in_two_parts(unusable.message) from unusable
    except (SQLAlchemyError, PostgresError, OSError) as problem:
        raise _of_postgres(root_cause(problem), place(url)) from problem


@contextmanager
def valkey_trouble(url: str) -> Iterator[None]:
    """The same for a Valkey."""
    try:
        yield
    except AuthenticationError as refused:
        raise StartupProblem(
            f"Valkey at {place(url)} does not accept the user and password in REDIS_URL",
            "put the right ones there",
        ) from refused
    except (RedisError, OSError) as problem:
        raise StartupProblem(
            f"Valkey at {place(url)} cannot be used ({_first_line(problem)})", _VALKEY_HINT
        ) from problem
    except ValueError as problem:
        raise StartupProblem(*NO_REDIS_URL) from problem


def root_cause(problem: BaseException) -> BaseException:
    """The driver's own exception below SQLAlchemy's."""
    seen: BaseException | None = problem
    while seen is not None:
        if isinstance(seen, PostgresError | OSError):
            return seen
        seen = seen.__cause__ or getattr(seen, "orig", None)
    return problem


def _of_postgres(problem: BaseException, where: str) -> StartupProblem:
    hint = _SOCKET_HINT if where.startswith(LOCAL_SOCKET) else _POSTGRES_HINT
    match problem:
        case InvalidAuthorizationSpecificationError():
            return StartupProblem(
                f"Postgres at {where} does not accept the user and password in DATABASE_URL",
                "put the right ones there",
            )
        case InvalidCatalogNameError():
            return StartupProblem(
                f"There is no such database at {where}",
                "create it with `createdb`, or name another one in DATABASE_URL",
            )
        case InsufficientPrivilegeError():
            return StartupProblem(
                f"The database user may not do this at {where} ({_first_line(problem)})",
                "make that user the owner of the database; it needs the extensions pg_trgm and"
                " unaccent, which an owner may create",
            )
        case DiskFullError():
            return StartupProblem(f"The disk of Postgres at {where} is full", "free some space")
        case PostgresError():
            return StartupProblem(f"Postgres at {where} refused ({_first_line(problem)})", hint)
        case _:
            return StartupProblem(
                f"Postgres at {where} cannot be reached ({_first_line(problem)})", hint
            )


def _first_line(problem: BaseException) -> str:
    if isinstance(problem, TimeoutError) and not str(problem):
        return "no answer in time"
    return (str(problem).splitlines() or [type(problem).__name__])[0][:200]
