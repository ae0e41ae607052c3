"""Between us and each child: make it die with us, then become it.

Run as `python -I -S shim.py option=value... -- command...`. Setting these things between fork and
exec (`preexec_fn`) can deadlock when the parent has threads; a program of its own cannot. It
imports next to nothing, so a child starts about 15 ms later than without, and nothing late: the
user it becomes may not be allowed to read Python's files. The command is a full path.

    parent=PID           the process to die with
    signal=N             the signal the child then gets
    namespace=UID:GID    first enter a user namespace where we are UID:GID instead of root
    user=UID:GID         first become UID:GID for real
    lifeline=FD          without prctl (macOS): a pipe that ends when the parent does
"""

import ctypes
import os
import select
import signal
import sys

NAMESPACE_DENIED = 77
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Do what the options say, then turn into the command."""
    dashes = sys.argv.index("--")
    options = dict(word.split("=", 1) for word in sys.argv[1:dashes])
    command = sys.argv[dashes + 1 :]
    if "namespace" in options:
        enter_namespace(*options["namespace"].split(":"))
    if "user" in options:
        uid, gid = map(int, options["user"].split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # Only now: the kernel forgets the death signal when the user changes.
    if "lifeline" in options:
        watch(int(options["lifeline"]), int(options["signal"]))
    else:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(options["signal"]))
    if os.getppid() != int(options["parent"]):
        sys.exit("our parent died before we were set up")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would pass that on
    try:
        os.execv(command[0], command)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}")


def enter_namespace(uid: str, gid: str) -> None:
    """Be someone else to the programs we run while files stay root's.

    Postgres refuses to run as root but only looks at its user id.
    """
    root_uid, root_gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0:
        sys.exit(NAMESPACE_DENIED)
    try:
        for name, text in (
            ("uid_map", f"{uid} {root_uid} 1"),
            ("setgroups", "deny"),
            ("gid_map", f"{gid} {root_gid} 1"),
        ):
            descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
            os.write(descriptor, text.encode())
            os.close(descriptor)
    except OSError:
        sys.exit(NAMESPACE_DENIED)


def watch(lifeline: int, death_signal: int) -> None:
    """Leave a small process beside the command that signals it when the parent is gone."""
    command_pid = os.getpid()
    if os.fork():
        os.close(lifeline)
        return
    for descriptor in (0, 1, 2):  # else whoever reads the command's output waits for us
        os.close(descriptor)
    while os.getppid() == command_pid:
        if select.select([lifeline], [], [], 1.0)[0]:
            os.kill(command_pid, death_signal)
            break
    os._exit(0)


if __name__ == "__main__":
    main()
