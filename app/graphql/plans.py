"""Live operations that were asked for before: what is the same for everybody who asks again.

After a restart thousands come back with the same words, and only begin elsewhere. So all that their
text and variables decide is decided once: the price, the arguments, and who may share.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from app.graphql.audience import Prepared
from app.graphql.guard import Document
from app.graphql.protocol import Asked
from app.graphql.sharing import AFTER, without_beginning
from domain.errors import InvalidInput
from domain.events.values import Cursor

_KEPT = 256
_LONGEST, _LONGEST_VARIABLES = 4_096, 1_024  # characters of texts, whose trees are kept too; bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """A live operation in which nothing was found wrong. same: equal for all who ask the same.

    arguments: of its field; personal: whether it shows what belongs to one profile.
    """

    same: Hashable
    prepared: Prepared
    arguments: dict[str, Any]
    personal: bool

    def beginning(self, after: Cursor) -> "Plan":
        """The same from another cursor on."""
        return Plan(self.same, self.prepared, {**self.arguments, AFTER: after}, self.personal)


class Plans:
    """The last few hundred plans."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Plan] = OrderedDict()

    def find(self, document: Document, asked: Asked) -> Plan | None:
        """What was kept for a valid document; None sends it the whole way, errors included."""
        same, after = without_beginning(document, asked)
        plan = self._kept.get((same, after is None))
        if plan is None:
            return None
        self._kept.move_to_end((same, after is None))
        if after is None:
            return plan
        try:
            return plan.beginning(Cursor.parse(after)) if isinstance(after, str) else None
        except InvalidInput:
            return None

    def keep(self, document: Document, asked: Asked, plan: Plan) -> None:
        """Keep a plan. Who says where to begin and who doesn't are told apart: one may have to."""
        same, after = without_beginning(document, asked)
        _, _, variables = same
        if len(asked.query) > _LONGEST or len(variables) > _LONGEST_VARIABLES:
            return
        self._kept[same, after is None] = plan
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
