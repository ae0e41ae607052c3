"""Faults on purpose: everything that runs is killed, frozen and emptied while people listen.

`python -m tests.soak --seed 7` and `make soak`. Writers change things, followers listen, the
nemesis breaks what both lean on, and the checker compares what was acknowledged and what was heard
with what Postgres says.
"""
