"""Search in a big history: one person's 1,000,000 messages, and a light user's thousand in the same table."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.http_client import HttpClient, connect
from tests.stacks import Person, Stack

MESSAGES = {"heavy": 1_000_000, "light": 1_000}
MOST_MILLISECONDS = 15
# Each word's share of messages; all of them are in both histories.
QUERIES = {
    "very common word": "common",
    "common word, phrase": '"common weekly"',
    "mid word": "weekly",
    "rare word": "needle17",
    "absent word": "nowhere",
    "beginning of a word": "needl",
    "part of a word": "eedle17",
    "two letters": "zq",
}


def main() -> bool:
    """Print the median of each search; tell whether all are within bounds."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "data") as stack:
        people = {name: stack.sign_up() for name in MESSAGES}
        for name, person in people.items():
            _fill(stack, person, MESSAGES[name])
        stack.sql("analyze private.message_words, public.chat_messages")
        measured = {name: _measure(stack, person) for name, person in people.items()}
    print(f"search          {'':16}" + "".join(f"{name:>14}" for name in people))
    for label in QUERIES:
        print(f"  {label:28}  " + "".join(f"{measured[name][label]:11.1f} ms" for name in people))
    return all(taken <= MOST_MILLISECONDS for row in measured.values() for taken in row.values())


def _fill(stack: Stack, person: Person, count: int) -> None:
    stack.sql("update private.quotas set allowed = 1000000000 where name in ('messages', 'stored_bytes')")
    session = stack.rest(
        "chat_sessions?select=id",
        person.access_token,
        "POST",
        json={},
        headers={"Prefer": "return=representation"},
    ).json()[0]["id"]
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, seq, role, content, created_at) "
        "select %s, %s, n, 'user', 'common words about page ' || n || case when n %% 100 = 0 then ' weekly' else '' "
        "end || case when n %% 997 = 0 then ' needle' || (n / 997) else '' end, now() - n * interval '1 second' "
        "from generate_series(1, %s) n",
        person.id,
        session,
        count,
    )
    # Indexed as index_chats does, in one go.
    stack.sql(
        "insert into private.message_words (user_id, message_id, session_id, created_at, beginning, words) "
        "select user_id, id, session_id, created_at, lower(content), to_tsvector('simple', content) "
        "from public.chat_messages where user_id = %s",
        person.id,
    )
    stack.sql("delete from private.chats_to_index")


def _measure(stack: Stack, person: Person) -> dict[str, float]:
    found: dict[str, float] = {}
    http = connect(stack.supabase_url, apikey=stack.publishable_key)
    with HttpClient(http, person.access_token) as client:
        for label, query in QUERIES.items():
            taken = []
            for _ in range(7):
                start = time.perf_counter()
                searched = client.send("POST", "/rest/v1/rpc/search_messages", json={"query": query})
                searched.raise_for_status()
                taken.append((time.perf_counter() - start) * 1000)
            found[label] = statistics.median(taken)
    return found
