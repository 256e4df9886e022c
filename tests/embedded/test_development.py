"""What `make dev` restarts, and when."""

import sys
from pathlib import Path

import pytest

from embedded import development
from embedded.development import Reloader
from embedded.processes import Process
from tests.embedded.processes import eventually

COUNTING = "import pathlib, time; pathlib.Path('starts').open('a').write('.'); time.sleep(60)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "pages.py").write_text("first")
    return tmp_path


def starts(project: Path) -> int:
    counted = project / "starts"
    return len(counted.read_text()) if counted.exists() else 0


def process(project: Path, program: str) -> Process:
    return Process("The app", [sys.executable, "-c", program], project / "app.log", folder=project)


def look_and_count(reloader: Reloader, project: Path, count: int) -> bool:
    reloader.look_after()
    return starts(project) == count


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(development, "SECONDS_BETWEEN_LOOKS", 0)


@pytest.mark.parametrize("name", ["pages.py", "new.py"])
def test_a_change_restarts_the_process_once(
    project: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    app = process(project, COUNTING)
    app.start()
    reloader = Reloader(app, "web", project=project)
    try:
        assert eventually(lambda: look_and_count(reloader, project, 1))
        (project / "web" / name).write_text("second")
        assert eventually(lambda: look_and_count(reloader, project, 2))
        reloader.look_after()
    finally:
        app.stop()
    assert starts(project) == 2
    assert capfd.readouterr().err == f"web/{name} changed: restarting The app\n"


def test_files_of_an_editor_restart_nothing(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = process(project, COUNTING)
    app.start()
    reloader = Reloader(app, "web", project=project)
    try:
        for name in (".pages.py.swp", "pages.py~", "4913"):
            (project / "web" / name).write_text("draft")
        reloader.look_after()
    finally:
        app.stop()
    assert capfd.readouterr().err == ""


def test_a_process_that_ends_waits_for_the_next_change(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    app = process(project, "import pathlib; exec(pathlib.Path('web/pages.py').read_text())")
    (project / "web" / "pages.py").write_text("a syntax error")
    app.start()
    reloader = Reloader(app, "web", project=project)
    assert eventually(lambda: not app.is_running())
    for _ in range(3):
        reloader.look_after()
    (project / "web" / "pages.py").write_text("import time; time.sleep(60)")
    reloader.look_after()
    assert app.is_running()
    app.stop()
    assert capfd.readouterr().err.splitlines() == [
        "The app ended (exit code 1); waiting for a change",
        "web/pages.py changed: restarting The app",
    ]


def test_every_source_of_the_app_is_there() -> None:
    missing = [
        name for name in development.APP + development.SERVICES if not (development.PROJECT / name).exists()
    ]
    assert missing == []


def test_the_app_reads_a_changed_template_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_none")
    assert development.create_app().jinja_env.auto_reload
