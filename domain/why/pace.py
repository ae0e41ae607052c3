"""How long things about lines take and last. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds.

    kept, refused, away: how long a line stays that was accepted, was refused twice, or that nobody
    was there to write; draft: one that is being written, put down every draft_every. order: how
    long an order can be asked for, grace: how long it counts as waited for by itself; heard: how
    long one word of a waiter counts, said every heard_every. look: how often waiters and writers
    look by themselves, least: and what they leave between two looks. again_first, again: without
    news for so long, a waiter sees to it that the order is known. twice: after so long an order
    that isn't there is looked for once more, longer than Valkey is left alone after a failure.
    lease: how long the dead keep a place, renewed every renewed. turn: how long a worker goes on
    before it makes room.
    """

    kept: float = 24 * 3_600.0
    refused: float = 6 * 3_600.0
    away: float = 15.0
    draft: float = 60.0
    draft_every: float = 0.25
    order: float = 300.0
    grace: float = 10.0
    heard: float = 6.0
    heard_every: float = 2.0
    look: float = 1.0
    least: float = 0.1
    again_first: float = 2.0
    again: float = 10.0
    twice: float = 1.5
    lease: float = 15.0
    renewed: float = 5.0
    turn: float = 40.0
