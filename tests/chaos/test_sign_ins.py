"""Access tokens that live for five seconds, and answers that take longer."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.chaos.conftest import lift_quotas
from tests.chaos.devices import Reading
from tests.chaos.reports import assert_kept, compare, report, sizes
from tests.stacks import PASSWORD, Person, Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("short-lived"), ["--jwt-expiry", "5"]) as running:
        lift_quotas(running)
        yield running


class SignedIn:
    """Somebody whose device renews the token when it has run out, as every client of Supabase does."""

    def __init__(self, stack: Stack, person: Person) -> None:
        self.stack, self.person = stack, person
        self._access, self._refresh = person.access_token, person.refresh_token
        self._until = time.monotonic() + 4
        self._lock = threading.Lock()

    def token(self) -> str:
        with self._lock:
            if time.monotonic() > self._until:
                body = {"refresh_token": self._refresh}
                answer = self.stack.auth("token?grant_type=refresh_token", body).raise_for_status().json()
                self._access, self._refresh = answer["access_token"], answer["refresh_token"]
                self._until = time.monotonic() + 4
            return self._access


@pytest.mark.parametrize(
    ("answers", "seconds"),
    [
        pytest.param(6, 8, id="6"),
        pytest.param(100, 60, id="100-long", marks=pytest.mark.chaos),
    ],
)
def test_answers_outlive_the_tokens_they_were_asked_with(stack, server, history, device, answers, seconds):
    people = [stack.sign_up() for _ in range(4)]
    signed_in = [SignedIn(stack, person) for person in people]
    readings: list[Reading] = []

    def ask(number: int) -> None:
        tab = device(server.url, signed_in[number % 4].token)
        readings.append(tab.ask(10 * seconds, number, 10, patience=seconds * 3))

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(answers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds * 3)
    ends = [reading.status for reading in readings]
    found = compare(history, stack, [person.id for person in people])
    report(f"5 s tokens, {seconds} s answers", found, saved=ends.count("complete"), of=answers)
    assert ends == ["complete"] * answers


def test_an_answer_is_written_to_its_end_after_its_owner_signed_out(stack, server, history, device):
    person = stack.sign_up()
    tab = device(server.url, person.access_token)
    reading = tab.ask(60, 3, 20, leave_after=20)
    assert stack.auth("logout", token=person.access_token).status_code == 204
    time.sleep(4)
    body = {"email": person.email, "password": PASSWORD}
    back = stack.auth("token?grant_type=password", body).raise_for_status().json()
    again = device(
        server.url,
        SignedIn(
            stack, Person(person.id, person.email, PASSWORD, back["access_token"], back["refresh_token"])
        ).token,
    )
    again.read(reading)
    assert reading.status == "complete"
    assert_kept(history, stack, [person.id])


@pytest.mark.parametrize("rounds", sizes(short=1, long=10))
def test_two_tabs_that_renew_at_once_both_stay_signed_in(stack, server, rounds):
    person = stack.sign_up()
    with httpx.Client(base_url=server.url, verify=False) as browser:
        form = {"email": person.email, "password": PASSWORD}
        same_origin = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        assert browser.post("/sign-in", data=form, headers=same_origin).status_code == 303
        signed_out = 0
        for _ in range(rounds):
            time.sleep(5.5)
            cookies = dict(browser.cookies)
            statuses: list[int] = []
            renewed: list[dict[str, str]] = []

            def load(cookies=cookies, statuses=statuses, renewed=renewed) -> None:
                with httpx.Client(base_url=server.url, verify=False, cookies=cookies) as tab:
                    statuses.append(tab.get("/api/chat/sessions").status_code)
                    renewed.append({**cookies, **{c.name: c.value or "" for c in tab.cookies.jar}})

            threads = [threading.Thread(target=load, daemon=True) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
            assert len(statuses) == 8
            signed_out += sum(status != 200 for status in statuses)
            browser.cookies.clear()
            browser.cookies.update(renewed[-1])  # A browser keeps what it was told last.
            signed_out += browser.get("/api/chat/sessions").status_code != 200
    report(f"two tabs renew at once ×{rounds}", signed_out=signed_out)
    assert signed_out == 0
