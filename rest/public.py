"""What the routes may know of the instance. `app` puts one at `app.state.public`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Public:
    """version: the release's; schema_head: the database revision that it needs."""

    version: str
    schema_head: str
