"""A page is checked in a process of its own, within limits."""

import sys
import threading
import time

import pytest

from sitethread.page_checks import process, rules
from sitethread.page_checks.process import PageNotChecked

ENDLESS = (sys.executable, "-c", "import time; time.sleep(60)")


def test_it_finds_what_the_rules_find() -> None:
    page = "<title>Crème 🙂</title>\r\n<h1>a</h1><h4>“Ü”</h4>"
    assert process.check(page) == rules.check(page)


def test_a_page_over_the_limit_is_not_checked() -> None:
    with pytest.raises(PageNotChecked, match=r"has 300001 characters; at most 300000"):
        process.check("x" * (process.CHARACTERS + 1))


def test_a_check_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ENDLESS)
    monkeypatch.setattr(process, "SECONDS", 0.3)
    with pytest.raises(PageNotChecked, match="time"):
        process.check("x")


def test_a_page_whose_tree_the_standard_makes_quadratic_is_given_up() -> None:
    page = "".join(f"<font size={number}><p>" for number in range(15_000))
    started = time.monotonic()
    with pytest.raises(PageNotChecked, match="time"):
        process.check(page)
    assert time.monotonic() - started < 2 * process.SECONDS


@pytest.mark.parametrize(
    "code",
    ["import os; os.abort()", "import sys; sys.exit(1)", "bytearray(1 << 60)"],
)
def test_a_check_that_crashes_is_said_to_have_failed(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", code))
    with pytest.raises(PageNotChecked):
        process.check("x")


def test_a_process_that_does_not_start_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("/nowhere/python",))
    with pytest.raises(PageNotChecked):
        process.check("x")


def test_only_so_many_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def run(_what: str, _text: str, _seconds: float) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return b"[]"

    monkeypatch.setattr(process, "_run", run)
    threads = [threading.Thread(target=process.check, args=("x",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == process.AT_ONCE["page"]


def test_one_that_gets_no_turn_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.1)
    monkeypatch.setattr(process, "_turns", {what: threading.BoundedSemaphore(1) for what in process.AT_ONCE})
    process._turns["site"].acquire()
    monkeypatch.setattr(process, "_run", lambda *_: b"[]")
    assert process.check("x") == [], "an answer's page waits for no site"
    process._turns["page"].acquire()
    with pytest.raises(PageNotChecked):
        process.check("x")


def test_the_process_knows_nothing_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITETHREAD_SECRET", "hidden")
    code = "import json, os; print(json.dumps([{'severity': 'high', 'problem': ' '.join(os.environ), 'remedy': ''}]))"
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", code))
    assert "SITETHREAD" not in process.check("x")[0].problem
