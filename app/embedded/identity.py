"""As whom Postgres runs, for it refuses to run as root.

Everyone else runs it as themselves. Root runs it inside a user namespace that calls root by
another number: files stay root's and nothing on the machine changes. Where namespaces are denied
(Docker's default), it runs as `nobody`, who is given the cluster's folder and nothing else.
"""

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import DATA_DIR_SETTING, StartupProblem, user_name
from app.embedded.process import run
from app.embedded.shim import NAMESPACE_DENIED


@dataclass(frozen=True)
class Identity:
    """Who owns the files, and what the shim does to become whom the program sees."""

    uid: int
    gid: int
    shim_options: tuple[str, ...] = ()

    def own(self, folder: Path) -> None:
        """Hand over a folder of ours; only root ever needs to, and only inside the data folder."""
        if os.geteuid() != 0 or folder.stat().st_uid == self.uid:
            return
        for parent, _, files in os.walk(folder, topdown=False):
            for name in files:
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(parent, self.uid, self.gid)  # the top comes last: a kill half-way starts over


def identity_for_postgres(data_folder: Path) -> Identity:
    """Choose the least intrusive identity that Postgres accepts and that reaches the folder."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    uid, gid = _nobody()
    namespace = Identity(0, os.getegid(), (f"namespace={uid}:{gid}",))
    if sys.platform == "linux" and namespaces_allowed(namespace):
        return namespace
    nobody = Identity(uid, gid, (f"user={uid}:{gid}",))
    if run(["test", "-x", data_folder], nobody.shim_options)[0] != 0:
        raise StartupProblem(
            f"Postgres refuses to run as root, and {user_name(uid)} may not enter {data_folder}",
            f"start as an ordinary user, or set {DATA_DIR_SETTING} to a folder outside of"
            " root's home",
        )
    return nobody


def namespaces_allowed(namespace: Identity) -> bool:
    """Try it: no file says for sure whether the kernel, seccomp and AppArmor all agree."""
    return run(["true"], namespace.shim_options)[0] != NAMESPACE_DENIED


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid
