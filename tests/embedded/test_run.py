"""What `make run` starts."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from embedded.ports import Port
from tests.embedded.processes import eventually, parts_of
from tests.stacks import ROOT, Stack

COMMAND = [sys.executable, "-m", "embedded", "run", "--stop-with-parent"]


def environment(**values: str) -> dict[str, str]:
    """Return our own environment without settings, so that a developer's don't count."""
    unset = dict.fromkeys(
        (
            "SUPABASE_URL",
            "SUPABASE_PUBLISHABLE_KEY",
            "SUPABASE_ANON_KEY",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_MODEL",
            "SITETHREAD_SECRET",
        ),
        "",
    )
    return {**os.environ, **unset, "HOST": "", "WEB_CONCURRENCY": "1", **values}


def start(**values: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(COMMAND, cwd=ROOT, env=environment(**values), stdout=pipe, stderr=pipe, text=True)


def refusal(**values: str) -> str:
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(**values), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.fixture
def port() -> str:
    with Port() as free:
        return str(free.number)


def test_one_command_runs_the_app_on_a_supabase_of_its_own(tmp_path: Path, port: str) -> None:
    with start(DATA_DIR=str(tmp_path / "data"), PORT=port) as running:
        assert running.stdout and running.stderr
        url, outbox, assistant = (running.stdout.readline() for _ in range(3))
        assert url == f"Sitethread is running at http://127.0.0.1:{port}\n"
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").json()["status"] == "ready"
        assert httpx.get(outbox.split()[-1]).status_code == 200
        assert "offline demo" in assistant
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        assert (running.stdout.read(), running.stderr.read()) == ("", "")
    log = (tmp_path / "data" / "logs" / "app.log").read_text()
    assert "Starting gunicorn" in log and "SITETHREAD_SECRET is not set" not in log
    assert not parts_of(tmp_path)


def test_settings_that_count_for_nothing_are_named(tmp_path: Path) -> None:
    said = refusal(
        DATA_DIR=str(tmp_path), PORT="0", SUPABASE_PUBLISHABLE_KEY="sb_publishable_1", OPENAI_MODEL="gpt"
    )
    key, model, _ = said.splitlines()
    assert key == "SUPABASE_PUBLISHABLE_KEY is ignored without SUPABASE_URL: a local Supabase is used."
    assert model == "OPENAI_MODEL is ignored: it needs OPENAI_API_KEY or OPENAI_BASE_URL too."


def test_killing_it_leaves_nothing(tmp_path: Path, port: str) -> None:
    with start(DATA_DIR=str(tmp_path / "data"), PORT=port) as running:
        assert running.stdout and running.stdout.readline()
        running.kill()
    assert eventually(lambda: not parts_of(tmp_path))

    def is_free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(port))) != 0

    assert eventually(is_free)


def test_with_a_supabase_given_it_starts_none(stack: Stack, tmp_path: Path, port: str) -> None:
    given = {"SUPABASE_URL": stack.supabase_url, "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key}
    with start(
        DATA_DIR=str(tmp_path / "data"), PORT=port, OPENAI_BASE_URL=stack.openai_base_url, **given
    ) as running:
        assert (
            running.stdout
            and running.stdout.readline() == f"Sitethread is running at http://127.0.0.1:{port}\n"
        )
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").json()["status"] == "ready"
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        said = refusal(DATA_DIR=str(tmp_path), PORT=str(number))
    assert said == f"Port {number} is in use: set PORT to another, as in `PORT=8001 make run`.\n"


def test_a_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    said = refusal(DATA_DIR=str(tmp_path), PORT="http")
    assert said == "PORT is 'http': set it to a number from 1 to 65535.\n"


@pytest.mark.parametrize("number", ["x", "0", "-1", "1001", "2.5"])
def test_a_number_of_workers_that_is_none_is_refused(tmp_path: Path, port: str, number: str) -> None:
    said = refusal(DATA_DIR=str(tmp_path), PORT=port, WEB_CONCURRENCY=number)
    assert said == f"WEB_CONCURRENCY is {number!r}: set it to a whole number from 1 to 1000.\n"


def test_a_wrong_setting_is_named(tmp_path: Path, port: str) -> None:
    said = refusal(DATA_DIR=str(tmp_path), PORT=port, SUPABASE_URL="nonsense")
    assert "SUPABASE_URL" in said
    assert said.count("\n") == 1
