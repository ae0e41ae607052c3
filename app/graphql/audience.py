"""Everybody who asked the same and may see the same: each update is executed and encoded once."""

import time
from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError
from graphql.execution import ExecutionResult
from graphql.execution.collect_fields import GroupedFieldSet
from strawberry.types import ExecutionResult as StrawberryResult

from app.graphql.executor import FastExecutor
from app.graphql.http import encode, shape
from live.updates import Update
from resolvers.live import Feed
from schema.context import Context

_KNOWN_S = 60.0


class Prepared:
    """A live operation that can be executed, and the one field that it selects."""

    def __init__(self, executor: FastExecutor, fields: GroupedFieldSet, feed: Feed) -> None:
        self.executor, self.fields, self.feed = executor, fields, feed

    async def execute(self, root: Any, context: Context) -> ExecutionResult:
        """The result for one event.

        The fields were collected once, and what the executor remembers of them is kept: both are
        the same for every event, so its memory does not grow.
        """
        executor = self.executor.for_event(root)
        executor.context_value = context
        root_type = executor.schema.subscription_type
        assert root_type is not None
        try:
            found = executor.execute_fields(root_type, root, None, self.fields, None)
            data = await found if executor.is_awaitable(found) else found
        except GraphQLError as error:  # the null of a field that may not be null came up to here
            executor.collected_errors.add(error, None)
            data = None
        return ExecutionResult(data, executor.collected_errors.errors or None)


class KnownPlatforms:
    """Platforms as they are shown, for a minute: events name few, and these hardly change."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}
        self._until = 0.0

    def current(self) -> dict[int, Any]:
        """Those that were made within the minute, by key; whoever makes another adds it."""
        now = time.monotonic()
        if now >= self._until:
            self._made, self._until = {}, now + _KNOWN_S
        return self._made


class SharedAudience:
    """An audience of the hub's, see live.audience.Audience."""

    def __init__(
        self, key: Hashable, prepared: Prepared, context: Context, platforms: KnownPlatforms
    ) -> None:
        self.key = key
        self._prepared, self._context, self._platforms = prepared, context, platforms

    async def render(self, update: Update) -> bytes | None:
        """The payload `{"data":…}`; None where these viewers are not told.

        Raises where the database is away. A payload with nothing but that in it would carry no
        cursor, and so be an event lost; who is ended comes back with the cursor before it.
        """
        context = self._context.apart(self._context.viewer, datetime.now(UTC))
        context.platforms = self._platforms.current()
        root = await self._prepared.feed.say(context, update)
        if root is None:
            return None
        result = await self._prepared.execute(root, context)
        payload = shape(StrawberryResult(data=result.data, errors=result.errors))
        for error in payload.get("errors", ()):
            if error.get("extensions", {}).get("code") == "UNAVAILABLE":
                raise ConnectionError(error["message"])
        return encode(payload)
