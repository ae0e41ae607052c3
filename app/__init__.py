"""Wires everything together: the only layer that reads the environment."""

__version__ = "0.1.0"
