"""Operations on a connection that stays open: sockets and streams start, follow and stop them here.

A live operation is handed to the hub, which delivers payloads that were rendered once for its whole
audience. Everything else runs as a task and is answered once.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol, cast
from weakref import WeakValueDictionary

from graphql import GraphQLError, OperationType
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import get_argument_values
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.arguments import convert_arguments

from app.graphql.audience import KnownPlatforms, Prepared, SharedAudience
from app.graphql.executor import FastExecutor
from app.graphql.guard import Document, document
from app.graphql.http import Schema, encode, shape
from app.graphql.limits import refusal
from app.graphql.plans import Plan, Plans
from app.graphql.protocol import Asked
from app.graphql.sharing import AFTER, is_personal, rendered_as, without_beginning
from domain.db import is_away
from live.errors import HubClosed, NotRendered, SlowConsumer
from live.hub import Subscription
from resolvers.live import Feed, hub_of
from schema.context import Context

_AWAY = "The database doesn't answer at this moment; come back."


class Refused(Exception):
    """An operation that can't begin."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(*errors)
        self.errors = list(errors)


class Outlet(Protocol):
    """Where an operation's answers go; for a live one it is the hub's listener."""

    def deliver(self, payload: bytes) -> bool:
        """Take a payload; False if it can take no more."""
        ...

    async def room(self) -> None:
        """Wait until it can take many."""
        ...

    def refuse(self, errors: list[GraphQLError]) -> None:
        """The operation could not begin, and is over."""
        ...

    def complete(self) -> None:
        """The operation is over."""
        ...

    def end(self, reason: str) -> None:
        """The operation can't go on here; whoever asked should come back."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """An operation in which nothing was found wrong before it runs.

    plan: of a live one that was asked for before.
    """

    asked: Asked
    document: Document
    kind: OperationType
    plan: Plan | None = None


class Operations:
    """Starts operations, and knows who shares."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self.limits = schema, schema.limits
        self._audiences: WeakValueDictionary[Any, SharedAudience] = WeakValueDictionary()
        self._platforms = KnownPlatforms()
        self._plans = Plans()

    def check(self, asked: Asked) -> Checked:
        """Parse, validate and price; raises Refused."""
        try:
            known = document(self.schema._schema, asked.query, self.limits)
            plan = None if known.errors else self._plans.find(known, asked)
            if plan is not None:
                return Checked(asked, known, OperationType.SUBSCRIPTION, plan)
            errors, _ = known.judge(asked.name, asked.variables)
            if not errors:
                return Checked(asked, known, known.operation(asked.name).operation)
        except GraphQLError as error:
            errors = [error]
        except RecursionError:
            errors = [refusal("The query is nested too deeply.", "DEPTH_LIMIT")]
        raise Refused(*errors)

    def start(self, checked: Checked, context: Context, outlet: Outlet) -> "Operation":
        """Run an operation until it is over or stopped."""
        return Operation(self, checked, context, outlet)

    def plan(self, checked: Checked) -> Plan | None:
        """How to follow an operation; None for one that no feed serves."""
        found = checked.plan or self._plan(checked)
        if checked.plan is None and found is not None:
            self._plans.keep(checked.document, checked.asked, found)
        return found

    def _plan(self, checked: Checked) -> Plan | None:
        asked = checked.asked
        schema, tree = self.schema._schema, checked.document.tree
        executor = FastExecutor.build(
            schema, tree, None, None, asked.variables, asked.name,
            is_awaitable=cast(Any, optimized_is_awaitable),
        )  # fmt: skip
        root_type = schema.subscription_type
        if isinstance(executor, list) or root_type is None:
            raise Refused(*(executor if isinstance(executor, list) else ()))
        fields = collect_fields(
            schema, executor.fragments, executor.variable_values, root_type, executor.operation,
            True,
        ).grouped_field_set  # fmt: skip
        for details in fields.values():  # validation has seen to it that there is one
            node = details[0].node
            field = schema.get_field(root_type, node.name.value)
            stated = field.extensions["strawberry-definition"] if field else None
            feed: Feed | None = stated.metadata.get("feed") if stated else None
            if field is None or stated is None or feed is None:
                break
            values = get_argument_values(
                field, node, executor.variable_values, details[0].fragment_variable_values, True
            )
            registry = self.schema.schema_converter.scalar_registry
            given = convert_arguments(values, stated.arguments, registry, self.schema.config)
            prepared = Prepared(cast(FastExecutor, executor), fields, feed)
            personal = feed.personal or is_personal(checked.document, executor.operation)
            same, _ = without_beginning(checked.document, asked)
            return Plan(same, prepared, given, personal)
        return None

    def audience(self, plan: Plan, context: Context) -> SharedAudience:
        """The audience that an operation belongs to, the first one's or a new one."""
        viewer = rendered_as(context.viewer, personal=plan.personal)
        key = (plan.same, viewer)
        audience = self._audiences.get(key)
        if audience is None:
            alike = context.apart(viewer, context.now)
            audience = SharedAudience(key, plan.prepared, alike, self._platforms)
            self._audiences[key] = audience
        return audience


class Operation:
    """One operation that runs, or is followed."""

    def __init__(
        self, operations: Operations, checked: Checked, context: Context, outlet: Outlet
    ) -> None:
        self._operations, self._outlet = operations, outlet
        self._subscription: Subscription | None = None
        # What only its beginning needs is the task's alone: the operation may be followed for days.
        beginning = self._run(checked, context)
        self._task: asyncio.Task[None] | None = asyncio.create_task(beginning)

    def stop(self) -> None:
        """End it without a word; what it has not committed is rolled back."""
        if self._task is not None:
            self._task.cancel()
        if self._subscription is not None:
            self._subscription.close()

    async def _run(self, checked: Checked, context: Context) -> None:
        live = checked.kind is OperationType.SUBSCRIPTION
        try:
            plan = self._operations.plan(checked) if live else None
            if plan is not None:
                await self._follow(plan, context)
            else:
                async with asyncio.timeout(None if live else self._operations.limits.deadline_s):
                    await self._answer(checked.asked, context)
        except (HubClosed, NotRendered, SlowConsumer) as closed:
            self._outlet.end(closed.message)
        except Refused as refused:
            self._outlet.refuse(refused.errors)
        except TimeoutError:
            if live:  # only the database has that little time here
                self._outlet.end(_AWAY)
                return
            text = f"This took longer than {self._operations.limits.deadline_s:g} seconds."
            self._outlet.refuse([refusal(text, "DEADLINE_EXCEEDED")])
        except GraphQLError as error:
            self._outlet.refuse([error])
        except Exception as error:
            if live and is_away(error):
                self._outlet.end(_AWAY)
            else:
                self._outlet.refuse([GraphQLError("", original_error=error)])
        finally:
            self._task = None

    async def _follow(self, plan: Plan, context: Context) -> None:
        arguments = {**plan.arguments}
        after = arguments.pop(AFTER, None)
        interest = await plan.prepared.feed.interest(context, **arguments)
        audience = self._operations.audience(plan, context)
        hub = hub_of(context)
        self._subscription = await hub.subscribe(interest, after, audience, self._outlet)

    async def _answer(self, asked: Asked, context: Context) -> None:
        results = await self._operations.schema.stream(
            asked.query,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.name,
            operation_extensions=asked.extensions,
        )
        async with aclosing(results):
            async for each in results:
                result = cast(ExecutionResult, each)  # nothing is delivered in parts
                payload = shape(result)
                if "data" not in payload:
                    self._outlet.refuse(result.errors or [])
                    return
                if not self._outlet.deliver(encode(payload)):
                    return
        self._outlet.complete()
