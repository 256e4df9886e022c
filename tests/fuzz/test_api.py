"""The whole API, fuzzed from its own description by two people at once, each of whom has things of their own."""

import json
import os
import random
import shutil
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app_server import ROOT, AppServer
from tests.chaos.conftest import lift_quotas
from tests.chaos.reports import report
from tests.fake_model import FakeModel
from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack
from tests.watched_server import WatchedServer

SECONDS = os.environ.get("FUZZ_SECONDS", "1800")
SEED = os.environ.get("FUZZ_SEED") or random.randrange(10**9)
KINDS = (
    "websites",
    "sessions",
    "messages",
    "versions",
    "shares",
    "page_shares",
    "comments",
    "prompts",
    "submissions",
    "trash",
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A Supabase of its own: quotas would answer for most of the code."""
    with Stack(tmp_path_factory.mktemp("fuzz")) as running:
        lift_quotas(running)
        yield running


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[WatchedServer]:
    with WatchedServer(stack, model.base_url) as running:
        yield running


SHORT = ("--max-examples=6", "--generation-deterministic", "--seed=1")


@pytest.mark.timeout(int(SECONDS) + 900)
@pytest.mark.parametrize(
    ("extents", "out_of_reach"),
    [
        pytest.param(
            {
                # Each field wrong in turn: the same for both, and half of the time.
                "alice": (*SHORT, "--phases=examples,coverage,stateful"),
                "charlie": (*SHORT, "--phases=examples,fuzzing,stateful"),
            },
            7,
            id="short",
        ),
        pytest.param(
            dict.fromkeys(("alice", "charlie"), (f"--max-time={SECONDS}", f"--seed={SEED}")),
            4,
            id="long",
            marks=pytest.mark.chaos,
        ),
    ],
)
def test_whatever_the_document_allows_is_answered_as_it_says(
    stack: Stack,
    server: AppServer,
    alice: Person,
    charlie: Person,
    tmp_path: Path,
    extents: dict[str, Any],
    out_of_reach: int,
) -> None:
    people = {"alice": alice, "charlie": charlie}
    things = {name: Things(stack, server.url, person) for name, person in people.items()}
    write_files(tmp_path, people, things)

    runs = {name: start(tmp_path, server.url, name, extents[name]) for name in people}
    for run in runs.values():
        run.wait()

    figures = {name: json.loads((tmp_path / f"{name}.figures.json").read_text()) for name in people}
    by_operation: dict[str, Counter[str]] = {}
    for operations in figures.values():
        for operation, statuses in operations.items():
            by_operation.setdefault(operation, Counter()).update(statuses)
    by_status = sum(by_operation.values(), Counter())
    report(
        "fuzzed",
        extent=" ".join(extents["alice"]),
        requests=by_status.total(),
        answers=dict(sorted(by_status.items())),
    )

    for name, run in runs.items():
        assert run.returncode == 0, (tmp_path / f"{name}.txt").read_text()
    assert not {status for status in by_status if status >= "500"}
    assert '"unexpected"' not in server.said()
    # An account's zip and its password are guessed by nobody.
    unreached = {
        operation
        for operation, statuses in by_operation.items()
        if not any(status.startswith("2") for status in statuses)
    }
    assert len(by_operation) >= 50 and len(unreached) <= out_of_reach, unreached
    for name, of in things.items():
        assert owners_of(stack, of.canary) <= {people[name].id}


class Things:
    """What a person has: one of each kind, with a name in all of them that nobody else knows."""

    def __init__(self, stack: Stack, url: str, person: Person) -> None:
        self.canary = f"canary{uuid.uuid4().hex}"
        with ApiClient(connect(url), person.access_token) as client:
            website = client.new_website(f"Site {self.canary}")["id"]
            kept, thrown = (
                client.new_session(website_id=website, title=f"Chat {self.canary}")["id"] for _ in "ab"
            )
            said = [
                client.new_message(kept, f"It is {self.canary}", role)["id"] for role in ("user", "assistant")
            ]
            said += [message["id"] for message in self._import_stopped_answer(client)]
            share = client.post(f"/api/chat/sessions/{kept}/shares", {})["share"]["id"]
            prompt = client.post("/api/prompts", {"name": "Mine", "text": self.canary})["prompt"]["id"]
            trash = client.delete(f"/api/chat/sessions/{thrown}")["trash_id"]
        page = {
            "website_id": website,
            "files": {"index.html": f"<p>{self.canary}</p>"},
            "summary": self.canary,
        }
        stack.rest("site_versions", person.access_token, "POST", json=page).raise_for_status()
        (version,) = stack.sql("select id::text from public.site_versions where website_id = %s", website)
        with ApiClient(connect(url), person.access_token) as client:
            page_share = client.post(f"/api/versions/{version['id']}/shares")["share"]
            words = {"path": "index.html", "start": 0, "end": 3, "author": "Bob", "text": self.canary}
            client.post(f"/api/shared-pages/{page_share['token']}/comments", words)
            (comment,) = client.get(f"/api/websites/{website}/page-comments")["comments"]
            slug = f"luna-{self.canary}".lower()
            client.put(f"/api/websites/{website}/publication", {"slug": slug}, 201)
            client.http.post(f"/s/{slug}/_forms/contact", data={"message": self.canary})
            submission = client.get(f"/api/websites/{website}/submissions")["submissions"][0]["id"]
        self.ids = {
            "websites": [website], "sessions": [kept, thrown], "messages": said, "versions": [version["id"]],
            "shares": [share], "page_shares": [page_share["id"]], "comments": [comment["id"]],
            "prompts": [prompt], "submissions": [submission], "trash": [trash],
        }  # fmt: skip

    def _import_stopped_answer(self, client: ApiClient) -> list[dict[str, Any]]:
        """Have an answer that can be continued."""
        question = {"id": "q", "role": "user", "content": self.canary}
        answer = {"id": "a", "role": "assistant", "content": self.canary, "status": "stopped"}
        chat = {
            "format": "sitethread-chat", "version": 1, "session": {"title": self.canary},
            "messages": [question, {**answer, "reply_to": "q", "follows_id": "q"}],
        }  # fmt: skip
        session = client.post("/api/chat/import", chat)["session"]["id"]
        messages: list[dict[str, Any]] = client.get(f"/api/chat/sessions/{session}/messages")["messages"]
        return messages


def write_files(folder: Path, people: dict[str, Person], things: dict[str, Things]) -> None:
    shutil.copy(Path(__file__).with_name("schemathesis.toml"), folder)
    tokens = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {person.access_token}"}]}
        for name, person in people.items()
    ]
    (folder / "people.auth.json").write_text(json.dumps({"auth": tokens}))
    known = {
        name: {"canary": of.canary, "ids": [id for ids in of.ids.values() for id in ids]}
        for name, of in things.items()
    }
    (folder / "people.json").write_text(json.dumps(known))
    for kind in KINDS:
        lines = [f'"{id}"\n' for of in things.values() for id in of.ids[kind]]
        (folder / f"{kind}.dict").write_text("".join(lines))


def start(folder: Path, url: str, name: str, extent: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", "schemathesis.toml",
        "run", f"{url}/api/openapi.json", "--no-color", *extent,
    ]  # fmt: skip
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "FUZZ_PERSON": name,
        "FUZZ_PEOPLE": str(folder / "people.json"),
        "FUZZ_FIGURES": str(folder / f"{name}.figures.json"),
    }
    with (folder / f"{name}.txt").open("w") as out:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)


def owners_of(stack: Stack, canary: str) -> set[str]:
    """Return whose rows hold a text, in any table."""
    tables = stack.sql(
        "select format('%I.%I', table_schema, table_name) as name from information_schema.columns"
        " where column_name = 'user_id' and table_schema in ('public', 'private')"
        " and (table_schema, table_name) in (select schemaname, tablename from pg_tables)"
    )
    assert len(tables) > 5
    found = (
        stack.sql(
            f"select distinct user_id::text as id from {table['name']} t where t::text like %s", f"%{canary}%"
        )
        for table in tables
    )
    return {row["id"] for rows in found for row in rows}
