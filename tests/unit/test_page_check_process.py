"""A page is checked in a process of its own, within limits."""

import sys
import threading
import time

import pytest

from sitethread.page_checks import process, rules
from sitethread.page_checks.process import PageNotChecked
from sitethread.page_checks.turns import Turns

ENDLESS = (sys.executable, "-c", "import time; time.sleep(60)")


def test_it_finds_what_the_rules_find() -> None:
    page = "<title>Crème 🙂</title>\r\n<h1>a</h1><h4>“Ü”</h4>"
    assert process.check(page, "alice") == rules.check(page)


def test_a_page_over_the_limit_is_not_checked() -> None:
    with pytest.raises(PageNotChecked, match=r"has 300001 characters; at most 300000"):
        process.check("x" * (process.CHARACTERS + 1), "alice")


def test_a_check_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ENDLESS)
    monkeypatch.setattr(process, "SECONDS", 0.3)
    with pytest.raises(PageNotChecked, match="time"):
        process.check("x", "alice")


def test_a_page_whose_tree_the_standard_makes_quadratic_is_given_up() -> None:
    page = "".join(f"<font size={number}><p>" for number in range(15_000))
    started = time.monotonic()
    with pytest.raises(PageNotChecked, match="time"):
        process.check(page, "alice")
    assert time.monotonic() - started < 2 * process.SECONDS


@pytest.mark.parametrize(
    "code",
    ["import os; os.abort()", "import sys; sys.exit(1)", "bytearray(1 << 60)"],
)
def test_a_check_that_crashes_is_said_to_have_failed(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", code))
    with pytest.raises(PageNotChecked):
        process.check("x", "alice")


def test_a_process_that_does_not_start_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("/nowhere/python",))
    with pytest.raises(PageNotChecked):
        process.check("x", "alice")


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> dict[str, Turns]:
    """Turns that none was taken of."""
    new = {what: Turns(most) for what, most in process.AT_ONCE.items()}
    monkeypatch.setattr(process, "_turns", new)
    monkeypatch.setattr(process, "_run", lambda *_: b"[]")
    return new


def test_only_so_many_run_at_once(turns: dict[str, Turns], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.1)
    with turns["site"].take("alice", 0), turns["site"].take("bob", 0):
        assert process.check("x", "alice") == [], "an answer's page waits for no site"
    with turns["page"].take("alice", 0), turns["page"].take("bob", 0), pytest.raises(PageNotChecked):
        process.check("x", "charlie")
    assert process.check("x", "charlie") == []


def test_each_person_has_one_turn_at_a_time(turns: dict[str, Turns], monkeypatch: pytest.MonkeyPatch) -> None:
    with turns["page"].take("alice", 0):
        with monkeypatch.context() as patched, pytest.raises(PageNotChecked):
            patched.setattr(process, "SECONDS", 0.1)
            process.check("x", "alice")
        waiting = threading.Thread(target=process.check, args=("x", "alice"))
        waiting.start()
        assert process.check("x", "bob") == [], "others don't wait for her"
    waiting.join()


def test_the_process_knows_nothing_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITETHREAD_SECRET", "hidden")
    code = "import json, os; print(json.dumps([{'severity': 'high', 'problem': ' '.join(os.environ), 'remedy': ''}]))"
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", code))
    assert "SITETHREAD" not in process.check("x", "alice")[0].problem
