"""Nobody reads or changes what is someone else's, or what only the database may write, even straight at PostgREST."""

import base64
import hashlib
import json
from dataclasses import dataclass

import httpx
import jwt
import psycopg
import pytest
from jwt.algorithms import ECAlgorithm

from tests.database.access import CHECKS, FUNCTIONS, SAMPLES, TABLES
from tests.database.callers import Caller, error_of, expect, new_id, sign_up
from tests.database.turns import Answer, answered, start
from tests.stacks import Stack

NOT_FOUND = (404, "not_found")
# A lease is what opens the first four, the others look at nothing but the caller's own.
OPEN = {
    "append_chunks", "finish_answer", "reclaim_answer", "count_cached_tokens",
    "search_messages", "read_usage", "index_chats", "stage_import",
    "discard_import", "import_website", "import_prompts", "delete_account", "readiness", "put_file", "read_domain",
    "submit_form", "record_notice", "count_submissions", "sweep_submissions", "empty_quarantine",
    "count_views", "read_sealed_notices", "confirm_notices",
}  # fmt: skip


@dataclass(frozen=True)
class Owned:
    """One row of everything."""

    owner: Caller
    website: str
    session: str
    question: str
    answer: str
    version: str
    content: str
    trash: str
    share: str
    page_share: str
    comment: str
    prompt: str
    slug: str
    running: Answer

    def key(self, table: str) -> str:
        """Return the filter for the row of a table."""
        ids = {
            "websites": self.website,
            "chat_sessions": self.session,
            "chat_messages": self.question,
            "site_versions": self.version,
            "trash": self.trash,
            "chat_shares": self.share,
            "page_shares": self.page_share,
            "page_comments": self.comment,
            "prompts": self.prompt,
        }
        if table in {
            "publications", "publication_events", "website_domains", "submissions", "site_views", "site_referrers",
        }:  # fmt: skip
            return f"website_id=eq.{self.website}"
        if table == "site_files":
            return f"sha256=eq.{self.content}"
        return f"message_id=eq.{self.running.id}" if table == "message_chunks" else f"id=eq.{ids[table]}"


@pytest.fixture(scope="module")
def alice(stack: Stack, http: httpx.Client) -> Caller:
    return sign_up(stack, http)


@pytest.fixture(scope="module")
def charlie(stack: Stack, http: httpx.Client) -> Caller:
    return sign_up(stack, http)


@pytest.fixture(scope="module")
def owned(alice: Caller) -> Owned:
    """What alice owns, an answer being written among it."""
    website = alice.insert("websites", name="Luna")["id"]
    alice.called("save_brief", website_id=website, text="Secret facts")
    first = answered(alice, website_id=website, text="Secret words", files={"index.html": "<!doctype html>"})
    running = start(alice, "More", session_id=first.session_id)
    assert running.append(0, "Half an answer") == "written"
    version = alice.rows(f"site_versions?website_id=eq.{website}")[0]
    gone = alice.insert("chat_sessions", title="Gone")["id"]
    trash = alice.called("trash_chats", session_ids=[gone])[0]["id"]
    share = alice.called("share_chat", session_id=first.session_id, token=new_id())["id"]
    link = new_id()
    page_share = alice.called("share_page", version_id=version["id"], token=link)["id"]
    place = {"path": "index.html", "start_offset": 0, "end_offset": 5}
    alice.called("comment_on_page", token=link, author="Bob", text="Secret words", **place)
    comment = alice.rows(f"page_comments?share_id=eq.{page_share}")[0]["id"]
    slug = f"luna-{new_id()}"
    proof_hash = hashlib.sha256(b"proof").hexdigest()
    alice.called("publish_website", website_id=website, slug=slug, proof_hash=proof_hash)
    alice.called("claim_domain", website_id=website, domain="luna.example")
    sent = [{"name": "message", "value": "Secret words of a visitor"}]
    alice.called("submit_form", slug=slug, form="contact", page="index.html", fields=sent, marks=["links"])
    views = [{"path": "index.html", "host": "", "views": 1}]
    alice.called("count_views", slug=slug, counts=views, proof="proof")
    prompt = alice.insert("prompts", name="A prompt", text="Secret words to begin with")["id"]
    return Owned(
        alice, website, first.session_id, first.question_id, first.id, version["id"],
        version["manifest"]["index.html"], trash, share, page_share, comment, prompt, slug, running,
    )  # fmt: skip


def test_nothing_is_in_the_schema_that_is_not_in_the_access_matrix(owner: psycopg.Connection) -> None:
    relations = owner.execute(
        "select relname, relkind::text from pg_class where relnamespace = 'public'::regnamespace "
        "and relkind not in ('i', 'I', 't', 'c')"
    ).fetchall()
    functions = owner.execute(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert sorted(relations) == sorted((table, "r") for table in TABLES)
    assert sorted(name for (name,) in functions) == sorted(FUNCTIONS), "overloads count, too"


def test_row_level_security_is_on_for_every_table(owner: psycopg.Connection) -> None:
    rows = owner.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity"
    ).fetchall()
    assert {name for (name,) in rows} == set(TABLES)


def test_every_policy_is_for_signed_in_owners(owner: psycopg.Connection) -> None:
    policies = owner.execute(
        "select tablename, policyname, roles::text[], coalesce(qual, with_check) from pg_policies "
        "where schemaname = 'public'"
    ).fetchall()
    assert len(policies) == 38
    for table, name, roles, rule in policies:
        assert roles == ["authenticated"], (table, name)
        assert "( SELECT auth.uid() AS uid) = user_id" in rule, (table, name)


def test_every_column_is_in_the_access_matrix(owner: psycopg.Connection) -> None:
    columns = owner.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    ).fetchall()
    expected = {(table, column) for table, access in TABLES.items() for column in access.columns}
    assert set(columns) == expected


@pytest.mark.parametrize("role", ["anon", "authenticated", "public"])
def test_the_catalogue_grants_each_role_what_the_matrix_says(owner: psycopg.Connection, role: str) -> None:
    rows = owner.execute(
        """
        select table_name, column_name, lower(right_name)
        from information_schema.columns, unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as right_name
        where table_schema = 'public'
            and has_column_privilege(%(role)s, format('public.%%I', table_name), column_name, right_name)
        union all
        select table_name, '', lower(right_name)
        from information_schema.tables, unnest(array['DELETE', 'TRUNCATE', 'TRIGGER']) as right_name
        where table_schema = 'public' and has_table_privilege(%(role)s, format('public.%%I', table_name), right_name)
        """,
        {"role": role},
    ).fetchall()
    expected: set[tuple[str, str, str]] = set()
    for table, access in TABLES.items() if role == "authenticated" else ():
        for operation in ("select", "insert", "update"):
            expected |= {(table, column, operation) for column in access.allowed(operation)}
        expected |= {(table, "", "delete")} if access.may_delete else set()
    assert set(rows) == expected


@pytest.mark.parametrize("role", ["anon", "authenticated", "public"])
def test_the_catalogue_lets_each_role_call_what_the_matrix_says(owner: psycopg.Connection, role: str) -> None:
    rows = owner.execute(
        "select proname from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace) "
        "and has_function_privilege(%s, oid, 'execute')",
        (role,),
    ).fetchall()
    callable_by = {**FUNCTIONS, **CHECKS}
    assert {name for (name,) in rows} == {name for name, roles in callable_by.items() if role in roles}


@pytest.mark.parametrize("role", ["anon", "authenticated", "public"])
def test_the_private_schema_is_closed(owner: psycopg.Connection, role: str) -> None:
    rights = owner.execute(
        "select has_schema_privilege(%(role)s, 'private', 'usage'), (select count(*) from pg_class where "
        "relnamespace = 'private'::regnamespace and relkind = 'r' and has_table_privilege(%(role)s, oid, "
        "'select, insert, update, delete'))",
        {"role": role},
    ).fetchone()
    assert rights == (False, 0)


def test_postgrest_does_not_know_the_private_schema(alice: Caller, nobody: Caller) -> None:
    for caller in (alice, nobody):
        for profile in ("private", "auth", "supabase_migrations", "pg_catalog"):
            assert caller.send("GET", "answer_leases", accept_profile=profile).status_code == 406
            assert caller.send("POST", "rpc/spend", {}, content_profile=profile).status_code == 406
        assert caller.send("GET", "answer_leases").status_code == 404
        assert caller.call("spend", spender=SAMPLES["user_id"], quota="turns").status_code == 404


def _read(caller: Caller, owned: Owned, table: str, column: str) -> httpx.Response:
    return caller.send("GET", f"{table}?select={column}&{owned.key(table)}")


def _add(caller: Caller, table: str, column: str) -> httpx.Response:
    return caller.send("POST", table, {column: SAMPLES[column]})


def _change(caller: Caller, owned: Owned, table: str, column: str) -> httpx.Response:
    path = f"{table}?{owned.key(table)}"
    return caller.send("PATCH", path, {column: SAMPLES[column]}, prefer="count=exact")


def _is_refused(response: httpx.Response, status: int) -> bool:
    """Whether a write is refused, for want of a right or because the column is a generated one."""
    return response.status_code == status or response.json()["code"] == "428C9"


@pytest.mark.parametrize("table", TABLES)
def test_nobody_reads_or_writes_any_column(nobody: Caller, owned: Owned, table: str) -> None:
    for column in TABLES[table].columns:
        for response in (
            _read(nobody, owned, table, column),
            _add(nobody, table, column),
            _change(nobody, owned, table, column),
        ):
            assert _is_refused(response, 401), (column, response.text)
    assert nobody.send("DELETE", f"{table}?{owned.key(table)}").status_code == 401


@pytest.mark.parametrize("table", TABLES)
def test_charlie_reads_and_changes_no_column_of_alices_rows(
    charlie: Caller, owned: Owned, table: str
) -> None:
    access = TABLES[table]
    for column in access.columns:
        read = _read(charlie, owned, table, column)
        assert read.json() == [] if column in access.allowed("select") else read.status_code == 403, column
        changed = _change(charlie, owned, table, column)
        if column in access.allowed("update"):
            assert changed.headers["content-range"] == "*/0", column
        else:
            assert _is_refused(changed, 403), (column, changed.text)
    gone = charlie.send("DELETE", f"{table}?{owned.key(table)}", prefer="count=exact")
    assert gone.status_code == 403 if not access.may_delete else gone.headers["content-range"] == "*/0"
    assert charlie.rows(f"{table}?select=user_id") == []
    assert len(owned.owner.rows(f"{table}?select=user_id&{owned.key(table)}")) == 1


@pytest.mark.parametrize("table", TABLES)
def test_alice_reads_and_writes_only_the_columns_granted(owned: Owned, table: str) -> None:
    alice, access = owned.owner, TABLES[table]
    wrong = []
    for column in access.columns:
        may_read = len(_read(alice, owned, table, column).json()) == 1
        added = _add(alice, table, column)
        may_add = "permission denied" not in added.text and "428C9" not in added.text
        if column in access.allowed("update"):
            # Written in a way that leaves the row as it was.
            same = alice.rows(f"{table}?select={column}&{owned.key(table)}")[0]
            may_change = len(alice.update(f"{table}?{owned.key(table)}", **same)) == 1
        else:
            may_change = not _is_refused(_change(alice, owned, table, column), 403)
        found = (may_read, may_add, may_change)
        meant = tuple(column in access.allowed(operation) for operation in ("select", "insert", "update"))
        if column in access.hidden:
            found = ("permission denied" not in _read(alice, owned, table, column).text, *found[1:])
        if found != meant:
            wrong.append((column, found, meant))
    assert wrong == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("websites", "user_id"),
        ("websites", "latest_version_number"),
        ("chat_sessions", "created_at"),
        ("chat_sessions", "last_message_preview"),
        ("chat_sessions", "message_count"),
        ("chat_messages", "user_id"),
        ("chat_messages", "seq"),
        ("chat_messages", "session_id"),
        ("chat_messages", "status"),
        ("site_versions", "files"),
    ],
)
def test_alice_cannot_change_what_only_the_database_writes(owned: Owned, table: str, column: str) -> None:
    refused = _change(owned.owner, owned, table, column)
    assert error_of(refused) == (403, f"permission denied for table {table}")


def test_nobody_may_start_anything(nobody: Caller, owned: Owned) -> None:
    arguments = _arguments(owned)
    for function in FUNCTIONS:
        # PostgREST knows put_file by bytes alone.
        if "anon" not in FUNCTIONS[function] and function != "put_file":
            assert nobody.call(function, **arguments[function]).status_code == 401, function
    assert nobody.put_file(b"x").status_code == 401


def test_charlie_gets_not_found_from_every_function_on_what_is_alices(
    charlie: Caller, owned: Owned, owner: psycopg.Connection
) -> None:
    before = _everything(owner, owned.owner)
    arguments = _arguments(owned)
    assert set(arguments) == set(FUNCTIONS)
    for function in set(FUNCTIONS) - OPEN:
        taken = charlie.call(function, **arguments[function])
        unknown = charlie.call(function, **_unknown(arguments[function]))
        assert error_of(taken) == NOT_FOUND, function
        assert taken.text == unknown.text, function
    assert _everything(owner, owned.owner) == before


def test_without_the_lease_neither_nobody_nor_charlie_nor_alice_writes_an_answer(
    nobody: Caller, charlie: Caller, alice: Caller, owned: Owned, owner: psycopg.Connection
) -> None:
    before = _everything(owner, alice)
    arguments = _arguments(owned)
    for caller in (nobody, charlie, alice):
        lost = [{"answer_id": owned.running.id, "written": None, "result": "lost"}]
        assert caller.called("append_chunks", **arguments["append_chunks"]) == lost
        assert caller.called("finish_answer", **arguments["finish_answer"]) == {"result": "lost"}
        assert caller.called("reclaim_answer", **arguments["reclaim_answer"]) == {"result": "lost"}
    assert _everything(owner, alice) == before


def test_a_lease_opens_only_its_own_answer(charlie: Caller, owned: Owned, owner: psycopg.Connection) -> None:
    before = _everything(owner, owned.owner)
    own = start(charlie)
    stray = Answer(own.nobody, owned.running.turn, owned.running.id, own.lease)
    assert stray.append(0, "Charlie was here") == "lost"
    assert stray.finish(0, "Charlie was here") == {"result": "lost"}
    assert _everything(owner, owned.owner) == before


def test_charlie_finds_and_counts_nothing_of_alices(charlie: Caller, owned: Owned) -> None:
    assert len(owned.owner.called("search_messages", query="Secret")["messages"]) == 1
    for query in ("Secret", "Secret words", "ecre", "Luna"):
        assert charlie.called("search_messages", query=query) == {
            "sessions": [],
            "messages": [],
            "newest_only": False,
        }
    assert sum(day["answers"] for day in owned.owner.called("read_usage")["days"]) == 1, (
        "the other is running"
    )
    assert sum(day["answers"] for day in charlie.called("read_usage")["days"]) < 2


def _arguments(owned: Owned) -> dict[str, dict[str, object]]:
    """Return arguments for each function that aim at what is alice's."""
    running, wrong = owned.running.id, "not the lease"
    append = {"answer_id": running, "lease": wrong, "offset": 0, "text": "x"}
    new = {"message": "Hi", "message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
    return {
        "add_message": {
            "session_id": owned.session,
            "role": "user",
            "content": "Hi",
            "message_id": new_id(),
        },
        "start_turn": {**new, "session_id": owned.session},
        "retry_answer": {"answer_id": owned.answer, "new_answer_id": new_id(), "lease": new_id()},
        "continue_answer": {"answer_id": owned.answer, "lease": new_id()},
        "read_chat": {"session_id": owned.session},
        "read_messages": {"session_id": owned.session},
        "read_versions": {"website_id": owned.website},
        "read_version": {"version_id": owned.version},
        "read_version_page": {"version_id": owned.version},
        "put_file": {},
        "get_file": {"sha256": owned.content},
        "read_answer": {"answer_id": running},
        "stop_answer": {"answer_id": running},
        "restore_version": {"version_id": owned.version},
        "save_edits": {
            "website_id": owned.website,
            "base_version_id": owned.version,
            "files": {"index.html": "Mine"},
            "summary": "Mine",
        },
        "append_chunks": {"appends": [append]},
        "finish_answer": {**append, "status": "complete"},
        "reclaim_answer": {"answer_id": running, "lease": wrong},
        "count_cached_tokens": {"answer_id": running, "lease": wrong, "tokens": 7},
        "branch_chat": {"message_id": owned.answer},
        "correct_changes": {
            "answer_id": owned.answer,
            "base_version_id": owned.version,
            "summary": "x",
            "files": {},
        },
        "trash_chats": {"session_ids": [owned.session]},
        "clear_chat": {"session_id": owned.session},
        "trash_website": {"website_id": owned.website},
        "restore_trash": {"trash_id": owned.trash},
        "save_chat": {"website_id": owned.website, "messages": [], "chat_id": owned.session},
        "read_saved_chats": {"website_id": owned.website},
        "ensure_chat": {"website_id": owned.website},
        "share_chat": {"session_id": owned.session, "token": new_id()},
        "update_share": {"share_id": owned.share},
        "read_share": {"token": new_id()},
        "share_page": {"version_id": owned.version, "token": new_id()},
        "read_shared_chat_files": {"token": new_id(), "seq": 2},
        "read_shared_chat_file": {"token": new_id(), "seq": 2, "sha256": owned.content},
        "read_page_share": {"token": new_id()},
        "read_shared_file": {"token": new_id(), "sha256": owned.content},
        "open_page_share": {"token": new_id(), "password_proof": "0" * 64},
        "read_shared_comments": {"token": new_id()},
        "comment_on_page": {
            "token": new_id(),
            "path": "index.html",
            "start_offset": 0,
            "end_offset": 5,
            "author": "Charlie",
            "text": "Mine",
        },
        "count_views": {"slug": owned.slug, "counts": [{"path": "index.html", "views": 9}], "proof": "guess"},
        "read_figures": {"website_id": owned.website},
        "reply_to_comment": {"comment_id": owned.comment, "text": "Mine"},
        "publish_website": {"website_id": owned.website, "slug": f"mine-{new_id()}"},
        "claim_domain": {"website_id": owned.website, "domain": "mine.example"},
        "read_domain": {"domain": "luna.example"},
        "read_sealed_notices": {"user_id": owned.owner.id, "website_id": owned.website, "proof": "a guess"},
        "confirm_notices": {
            "user_id": owned.owner.id,
            "website_id": owned.website,
            "proof": "a guess",
            "was": "",
            "sealed": "mine",
        },
        "check_slug": {"website_id": owned.website, "slug": owned.slug},
        "unpublish_website": {"website_id": owned.website},
        "read_publication": {"slug": new_id()},
        "submit_form": {"slug": new_id(), "form": "f", "page": "p", "fields": [], "marks": []},
        "record_notice": {
            "website_id": owned.website,
            "submission_id": new_id(),
            "proof": "a guess",
            "mail": "sent",
            "webhook": None,
        },
        "read_submissions": {"website_id": owned.website, "most": 100},
        "count_submissions": {"website_id": owned.website},
        "sweep_submissions": {"website_id": owned.website},
        "empty_quarantine": {"website_id": owned.website},
        "read_form_settings": {"website_id": owned.website},
        "save_form_settings": {
            "website_id": owned.website,
            "sealed": "",
            "has_mail": False,
            "has_webhook": False,
            "retention_days": 1,
            "consent": "",
            "proof_hash": "",
        },
        "import_submissions": {"website_id": owned.website, "submissions": []},
        "import_comments": {"website_id": owned.website, "comments": []},
        "import_figures": {"website_id": owned.website, "views": [], "referrers": []},
        "import_publication_events": {"website_id": owned.website, "events": []},
        "read_published_file": {"slug": new_id(), "sha256": owned.content},
        "search_messages": {"query": "Secret"},
        "stage_import": {"import_id": new_id(), "at": 0, "messages": []},
        "import_chat": {"import_id": new_id(), "chat": {}, "website_id": owned.website},
        "discard_import": {"import_id": new_id()},
        "import_website": {"website": {"id": owned.website, "name": "Mine"}},
        "import_session": {"session": {"id": owned.session, "website_id": owned.website}},
        "import_messages": {"session_id": owned.session, "messages": []},
        "import_version": {"version": {"id": owned.version, "website_id": owned.website, "number": 1}},
        "read_brief": {"website_id": owned.website},
        "read_typed_texts": {"website_id": owned.website},
        "save_brief": {"website_id": owned.website, "text": "Mine"},
        "import_brief": {"website_id": owned.website, "text": "Mine", "updated_at": "2020-01-01T00:00:00Z"},
        "import_prompts": {"prompts": [{"id": owned.prompt, "name": "Mine", "text": "Mine"}]},
        "delete_account": {},
        "archive_chats": {"session_ids": [owned.session], "archived": True},
        "read_usage": {},
        "index_chats": {},
        "readiness": {"needs": ["authenticated select websites"]},
    }


def _unknown(arguments: dict[str, object]) -> dict[str, object]:
    """Aim the same call at ids that nobody has."""
    ids = {
        "session_id",
        "answer_id",
        "version_id",
        "base_version_id",
        "message_id",
        "trash_id",
        "website_id",
        "chat_id",
        "share_id",
        "comment_id",
    }
    unknown = {name: new_id() if name in ids else value for name, value in arguments.items()}
    others = {"session_ids": [new_id()], "sha256": "0" * 64}
    return {name: others.get(name, value) for name, value in unknown.items()}


def _everything(owner: psycopg.Connection, caller: Caller) -> list[tuple[str, str]]:
    """Return all rows of a user, whichever table they are in."""
    tables = [f"public.{table}" for table in TABLES] + [
        "private.answer_leases",
        "private.briefs",
        "private.share_passwords",
        "private.idempotency_keys",
        "private.provider_threads",
        "private.trashed_rows",
        "private.trashed_files",
        "private.website_files",
        "private.uploads",
        "private.message_words",
        "private.shared_messages",
    ]
    query = " union all ".join(
        f"select '{t}', to_jsonb(r)::text from {t} as r where user_id = %(id)s" for t in tables
    )
    return sorted(owner.execute(query, {"id": caller.id}).fetchall())


def test_charlie_cannot_start_a_turn_on_alices_website(charlie: Caller, owned: Owned) -> None:
    given = {"message": "Hi", "message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
    taken = charlie.call("start_turn", website_id=owned.website, **given)
    unknown = charlie.call("start_turn", website_id=new_id(), **given)
    assert error_of(taken) == NOT_FOUND
    assert taken.text == unknown.text


def test_charlie_cannot_write_into_alices_chat_or_website(charlie: Caller, owned: Owned) -> None:
    message = {"role": "user", "content": "Hi"}
    version = {"files": {"index.html": "<p>"}}
    for table, row, parent, taken in (
        ("chat_messages", message, "session_id", owned.session),
        ("site_versions", version, "website_id", owned.website),
        ("chat_sessions", {}, "website_id", owned.website),
    ):
        into_alices = charlie.send("POST", table, {**row, parent: taken})
        into_nothing = charlie.send("POST", table, {**row, parent: new_id()})
        assert into_alices.status_code in (404, 409), into_alices.text
        assert _without_ids(into_alices) == _without_ids(into_nothing)


def _without_ids(response: httpx.Response) -> tuple[int, str, str]:
    """Return what an answer says apart from the ids that were sent."""
    body = response.json()
    return response.status_code, body["code"], body["message"]


def test_charlie_cannot_move_a_chat_to_alices_website_or_answer_her_question(
    charlie: Caller, owned: Owned
) -> None:
    chat = charlie.insert("chat_sessions")["id"]
    moved = charlie.send("PATCH", f"chat_sessions?id=eq.{chat}", {"website_id": owned.website})
    assert moved.json()["code"] == "23503"
    reply = {"session_id": chat, "role": "assistant", "content": "Hi", "reply_to": owned.question}
    assert error_of(charlie.send("POST", "chat_messages", reply)) == NOT_FOUND


def test_charlie_uses_alices_ids_as_his_own_and_learns_nothing(
    charlie: Caller, alice: Caller, owned: Owned, owner: psycopg.Connection
) -> None:
    before = _everything(owner, alice)
    assert charlie.insert("websites", id=owned.website, name="Mine")["latest_version_number"] == 0
    chat = charlie.insert("chat_sessions", id=owned.session, website_id=owned.website)
    assert (chat["title"], chat["message_count"]) == ("New chat", 0)
    own = {"session_id": owned.session, "role": "user", "content": "Mine"}
    assert charlie.insert("chat_messages", id=owned.question, **own)["seq"] == 1
    version = charlie.insert(
        "site_versions", id=owned.version, website_id=owned.website, files={"index.html": "Mine"}
    )
    assert version["number"] == 1
    turn = charlie.called(
        "start_turn",
        message="Mine",
        message_id=new_id(),
        answer_id=owned.running.id,
        lease=new_id(),
        session_id=owned.session,
    )
    assert (turn["replayed"], turn["answer"]["seq"], turn["history"]) == (
        False,
        3,
        [{"role": "user", "content": "Mine"}, {"role": "user", "content": "Mine"}],
    )
    assert turn["page"]["files"] == {"index.html": "Mine"}
    assert charlie.called("read_answer", answer_id=owned.running.id)["text"] == ""
    assert _everything(owner, alice) == before


def test_a_forged_token_opens_nothing(alice: Caller, owned: Owned) -> None:
    header, claims, signature = (alice.token or "").split(".")
    unsigned = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    )
    body = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    admin = (
        base64.urlsafe_b64encode(json.dumps({**body, "role": "service_role"}).encode()).decode().rstrip("=")
    )
    for token in (
        f"{unsigned}.{claims}.",
        f"{header}.{admin}.{signature}",
        f"{header}.{claims}.",
        "x",
        "x.y.z",
    ):
        forged = Caller(alice.http, alice.id, token)
        expect(forged.send("GET", f"websites?id=eq.{owned.website}"), 401)
        expect(forged.call("read_answer", answer_id=owned.running.id), 401)


def test_alices_token_is_refused_once_it_has_expired(
    stack: Stack, http: httpx.Client, alice: Caller, owned: Owned
) -> None:
    key = json.loads((stack.data / "secrets.json").read_text())["signing_key"]
    claims = jwt.decode(alice.token or "", options={"verify_signature": False})

    def signed(**changes: object) -> Caller:
        token = jwt.encode({**claims, **changes}, ECAlgorithm.from_jwk(key), "ES256", {"kid": key["kid"]})
        return Caller(http, alice.id, token)

    path = f"websites?id=eq.{owned.website}"
    assert len(signed().rows(path)) == 1
    expect(signed(exp=claims["exp"] - 7200).send("GET", path), 401)
    expect(signed(nbf=claims["exp"]).send("GET", path), 401)
    expect(signed(aud="someone-else").send("GET", path), 401)
