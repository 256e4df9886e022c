"""An account that its owner deletes leaves no row anywhere, and takes none of anybody else's along."""

import hashlib
from collections.abc import Mapping

import psycopg
from psycopg import sql

from tests.database.callers import Caller, error_of, expect, new_id
from tests.database.turns import answered, start
from tests.stacks import Stack

# Tables of rows that no person owns.
OF_NOBODY = {
    "private.helpers", "private.quotas", "private.form_limits", "private.ended_links", "auth.outbox", "auth.users",
    "auth.mfa_amr_claims",
}  # fmt: skip


def fill(alice: Caller) -> None:
    """Make something of everything that a person can have."""
    website = alice.insert("websites", name="Luna")["id"]
    alice.called("save_brief", website_id=website, text="Open daily")
    answer = answered(alice, website_id=website, text="Words", files={"index.html": "<!doctype html>"})
    alice.called("share_chat", session_id=answer.session_id, token=new_id())
    alice.called("clear_chat", session_id=answer.session_id)
    start(alice, "More", session_id=answer.session_id).append(0, "Half")
    (version,) = alice.rows(f"site_versions?website_id=eq.{website}")
    link, slug, proof_hash = new_id(), f"luna-{new_id()}", hashlib.sha256(b"proof").hexdigest()
    alice.called("share_page", version_id=version["id"], token=link)
    alice.called("share_page", version_id=version["id"], token=new_id(), password_proof=new_id())
    place = {"path": "index.html", "start_offset": 0, "end_offset": 1}
    alice.called("comment_on_page", token=link, author="Bob", text="Hi", **place)
    alice.called("publish_website", website_id=website, slug=slug, proof_hash=proof_hash)
    views = [{"path": "index.html", "host": "", "views": 1}]
    alice.called("count_views", slug=slug, counts=views, proof="proof")
    rules = {
        "retention_days": 90,
        "consent": "Keep it",
        "sealed": "",
        "has_mail": False,
        "has_webhook": False,
    }
    saved = alice.call("save_form_settings", website_id=website, proof_hash=proof_hash, **rules)
    expect(saved, 204)
    sent = {
        "form": "contact",
        "page": "index.html",
        "fields": [{"name": "message", "value": "Hi"}],
        "marks": [],
    }
    alice.called("submit_form", slug=slug, sender="0" * 64, proof="proof", **sent)
    alice.called("claim_domain", website_id=website, domain="luna.example")
    settings = {"sealed": "", "has_mail": False, "has_webhook": False, "retention_days": 30, "consent": "Yes"}
    expect(alice.call("save_form_settings", website_id=website, proof_hash=proof_hash, **settings), 204)
    sent = {
        "form": "contact",
        "page": "index.html",
        "fields": [{"name": "message", "value": "Hi"}],
        "marks": [],
    }
    alice.called("submit_form", slug=slug, sender="somebody", content_hash="x", proof="proof", **sent)
    alice.insert("prompts", name="Bakery", text="A page for a bakery")
    kept = answered(alice, website_id=website)
    alice.called("share_chat", session_id=kept.session_id, token=new_id())
    trashed = alice.insert("websites", name="Sol")["id"]
    alice.insert("site_versions", website_id=trashed, files={"index.html": "<!doctype html>"})
    alice.called("trash_website", website_id=trashed)
    assert alice.put_file(b"An upload").is_success
    alice.send("POST", "rpc/stage_import", {"import_id": new_id(), "at": 0, "messages": [{"role": "user"}]})
    alice.called(
        "add_message", session_id=answer.session_id, role="user", content="By key", message_id=new_id()
    )
    # Counted, and uncounted when nothing else is left.
    alice.delete(f"chat_messages?session_id=eq.{kept.session_id}")


def rows(owner: psycopg.Connection, user_id: str) -> Mapping[str, int]:
    """Return how many rows of each table are a person's: by its owner, or by their session."""
    tables = owner.execute(
        "select n.nspname, c.relname, (select attname from pg_attribute where attrelid = c.oid and attname = 'user_id')"
        " from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname in ('public', 'private', 'auth') and c.relkind = 'r'"
    ).fetchall()
    counted = {}
    for schema, table, column in tables:
        name = f"{schema}.{table}"
        if column is None and name not in OF_NOBODY:
            raise AssertionError(f"whose are the rows of {name}?")
        condition = {
            "auth.users": "id::text = %s",
            "auth.mfa_amr_claims": "session_id in (select id from auth.sessions where user_id::text = %s)",
        }.get(name, "user_id::text = %s" if column else None)
        if condition:
            query = sql.SQL("select count(*) from {} where " + condition).format(  # type: ignore[arg-type]
                sql.Identifier(schema, table)
            )
            (counted[name],) = owner.execute(query, (user_id,)).fetchone() or (0,)
    return counted


def test_no_table_has_a_row_of_a_deleted_account_and_all_of_the_others(
    alice: Caller, charlie: Caller, owner: psycopg.Connection
) -> None:
    for person in (alice, charlie):
        fill(person)
    before, others = rows(owner, str(alice.id)), rows(owner, str(charlie.id))
    empty = {table for table, count in before.items() if not count}
    # Filled by what this test does not: a sealed thread, a mailed link, long chats.
    assert empty <= {"auth.one_time_tokens", "private.chats_to_index", "private.provider_threads"}, empty
    expect(alice.call("delete_account"), 204)
    assert set(rows(owner, str(alice.id)).values()) == {0}
    assert rows(owner, str(charlie.id)) == others


def test_whoever_holds_a_token_of_a_deleted_account_reads_and_writes_nothing(alice: Caller) -> None:
    fill(alice)
    expect(alice.call("delete_account"), 204)
    assert alice.rows("websites") == alice.rows("chat_sessions") == []
    assert error_of(alice.send("POST", "chat_sessions", {})) == (401, "auth_required")
    assert alice.send("POST", "websites", {"name": "Back"}).status_code == 409
    assert error_of(alice.call("delete_account")) == (401, "auth_required")


def test_a_token_that_was_renewed_deletes_nothing_five_minutes_after_the_password(
    stack: Stack, alice: Caller, owner: psycopg.Connection
) -> None:
    person = stack.sign_up()
    owner.execute(
        "update auth.mfa_amr_claims set created_at = now() - interval '301 seconds'"
        " where session_id in (select id from auth.sessions where user_id = %s)",
        (person.id,),
    )
    renewed = stack.auth("token?grant_type=refresh_token", {"refresh_token": person.refresh_token}).json()
    late = Caller(alice.http, person.id, renewed["access_token"])
    assert error_of(late.call("delete_account")) == (403, "password_required")
    signed_in = stack.auth(
        "token?grant_type=password", {"email": person.email, "password": person.password}
    ).json()
    expect(Caller(alice.http, person.id, signed_in["access_token"]).call("delete_account"), 204)
