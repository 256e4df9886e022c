"""Two tabs write to one chat at once; chats, websites and accounts go while an answer is being written."""

import threading
import time

import pytest

from tests.chaos.devices import Reading
from tests.chaos.reports import compare, report, sizes
from tests.http_client import ApiClient, connect


@pytest.mark.parametrize("rounds", sizes(short=15, long=500))
def test_two_tabs_in_one_chat_keep_its_order(stack, server, history, people, device, rounds):
    """Each tab asks so many times: a round is one question and its answer."""
    them = people(1)
    first = device(server.url, them.tokens[0]).ask(1, 0, 1000)
    errors: list[BaseException] = []

    def ask(number: int) -> None:
        tab = device(server.url, them.tokens[0])
        try:
            for turn in range(rounds):
                reading = tab.ask(2, number * rounds + turn, 1000, session_id=first.session_id)
                assert reading.status == "complete"
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(2)]
    for thread in threads:
        thread.start()
    most = 0
    while any(thread.is_alive() for thread in threads):
        [counted] = stack.sql(
            "select count(*) as running from chat_messages where session_id = %s and status = 'streaming'",
            first.session_id,
        )
        most = max(most, counted["running"])
        time.sleep(0.05)
    assert not errors, errors
    found = compare(history, stack, them.ids)
    report(
        f"two tabs, {2 * rounds} rounds",
        found,
        running_at_once=most,
        gaps=found.count("gap"),
        stale_counts=found.count("stale"),
    )
    assert len(found.snapshot.messages) == 2 * (1 + 2 * rounds)
    assert most <= 1


def delete_session(client, stack, user_id, reading, website_id):
    client.delete(f"/api/chat/sessions/{reading.session_id}")


def delete_website(client, stack, user_id, reading, website_id):
    client.delete(f"/api/websites/{website_id}")


def delete_account(client, stack, user_id, reading, website_id):
    stack.sql("delete from auth.users where id = %s", user_id)


@pytest.mark.parametrize("rounds", sizes(short=2, long=50))
@pytest.mark.parametrize("delete", [delete_session, delete_website, delete_account], ids=lambda f: f.__name__)
def test_what_is_deleted_mid_answer_is_gone_and_costs_nobody_else_a_word(
    stack, server, model, history, people, device, delete, rounds
):
    other = people(1)
    bystander = Reading()

    def stand_by() -> None:
        nonlocal bystander
        bystander = device(server.url, other.tokens[0]).ask(60 + 40 * rounds, 1, 40, patience=200)

    standing = threading.Thread(target=stand_by, daemon=True)
    standing.start()
    slowest, leftovers = 0.0, 0
    for number in range(rounds):
        them = people(1)
        token = them.tokens[0]
        client = ApiClient(connect(server.url), token)
        website_id = client.new_website("W")["id"]
        reading = Reading()
        tab = device(server.url, token)
        reading = tab.ask(2000, number, 50, leave_after=20, website_id=website_id)
        hung_up = len(model.hung_up_at)
        deleted_at = time.monotonic()
        delete(client, stack, them.ids[0], reading, website_id)
        client.close()
        history.delete(reading.session_id)
        while len(model.hung_up_at) == hung_up:
            assert time.monotonic() - deleted_at < 5, "the model goes on for nobody"
            time.sleep(0.02)
        slowest = max(slowest, time.monotonic() - deleted_at)
        for table in ("chat_sessions", "chat_messages", "message_chunks"):
            column = "id" if table == "chat_sessions" else "user_id"
            value = reading.session_id if table == "chat_sessions" else them.ids[0]
            leftovers += len(stack.sql(f"select 1 from {table} where {column} = %s", value))
    standing.join(200)
    found = compare(history, stack, other.ids)
    report(f"{delete.__name__} mid-answer ×{rounds}", found, leftovers=leftovers, slowest_hang_up=slowest)
    assert leftovers == 0
    assert bystander.status == "complete"
