"""A whole account: downloaded, brought back in another, and deleted."""

import hashlib
import io
import json
import uuid
import zipfile
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from tests import pictures
from tests.http_client import ApiClient, HttpClient
from tests.stacks import PASSWORD, Person, Stack
from tests.web.versions import save_version

EXPORT, IMPORT = "/api/account/export", "/api/account/import"
ZIP = {"Content-Type": "application/zip"}
PAGE = "<!doctype html><html><title>t</title><h1>One</h1></html>\n"
TABLES = (
    "websites",
    "chat_sessions",
    "chat_messages",
    "site_versions",
    "site_files",
    "submissions",
    "page_comments",
    "site_views",
    "site_referrers",
    "publication_events",
    "prompts",
)
# A content comes with its version, so its time is that of the import. Links aren't in the zip.
OF_THE_ACCOUNT = {"site_files": "created_at", "page_comments": "share_id"}


def rows(stack: Stack, person: Person) -> dict[str, list[Any]]:
    """Return all rows that come back with a person's account, but for the owner."""
    return {
        table: [
            row["data"]
            for row in stack.sql(
                f"select to_jsonb(r) - 'user_id' - %s::text as data from public.{table} r "
                "where user_id = %s order by 1",
                OF_THE_ACCOUNT.get(table, ""),
                person.id,
            )
        ]
        for table in TABLES
    }


@pytest.fixture
def full(as_alice: ApiClient, alice: Person, stack: Stack) -> None:
    """Fill alice's account with something of everything that comes back."""
    luna, copy, made = (as_alice.new_website(name) for name in ("Luna: Café/Bar", "LUNA café bar", "Bread"))
    as_alice.put(f"/api/websites/{luna['id']}/brief", {"text": "Open daily\nfrom 8 ☕"})
    as_alice.put(f"/api/websites/{luna['id']}/notices", {"retention_days": 90, "consent": "Keep it"})
    for page in (PAGE, PAGE.replace("One", "Two"), PAGE):
        save_version(stack, alice, luna["id"], page)
    save_version(stack, alice, copy["id"])
    odd = {
        "index.html": PAGE, "a/b.css": "p", "a": "x", "A": "y", "ünï/ç.txt": "ü", "_/x.txt": "z",
    }  # fmt: skip
    stack.rest(
        "site_versions", alice.access_token, "POST", json={"website_id": copy["id"], "files": odd}
    ).raise_for_status()
    stack.sql(
        "insert into public.submissions (user_id, website_id, form, page, fields, marks, is_quarantined)"
        " values (%s, %s, 'contact', 'index.html', %s, '{links}', true)",
        alice.id, luna["id"], json.dumps([{"name": "message", "value": "Grüße"}]),
    )  # fmt: skip
    _publish(stack, as_alice, alice, luna["id"])
    for number in range(5):
        picture = pictures.drawn("PNG", (40 + number, 30))
        as_alice.upload(copy["id"], f"images/{number}.png", picture, "image/png")
    chat = as_alice.new_session(website_id=luna["id"], helper="seo", title="Launch / plan")["id"]
    as_alice.send(
        "POST", "/api/chat", json={"session_id": chat, "message": "Make it blue"}
    ).raise_for_status()
    asked, said = as_alice.get(f"/api/chat/sessions/{chat}")["messages"]
    stack.sql("update public.chat_messages set cached_tokens = 40 where id = %s", said["id"])
    as_alice.new_message(
        chat, "Done. 🎉", "assistant", sources=[{"url": "x"}], tool_calls=[{"y": 1}], tokens=7
    )
    as_alice.send("POST", f"/api/chat/messages/{said['id']}/retry").raise_for_status()
    as_alice.send(
        "POST", "/api/chat", json={"session_id": chat, "message": "Green", "edits": asked["id"]}
    ).raise_for_status()
    as_alice.post(f"/api/chat/messages/{said['id']}/branch")
    as_alice.patch(f"/api/chat/sessions/{chat}", {"tags": ["a", "b"], "pinned": True})
    asking = as_alice.send(
        "POST", "/api/chat", json={"message": "Create a landing page for a bakery", "website_id": made["id"]}
    )
    assert "event: version" in asking.text
    other = as_alice.new_session(title="Launch / plan")["id"]
    as_alice.patch(f"/api/chat/sessions/{other}", {"archived": True})
    for name in ("Bakery", "Bakery"):
        as_alice.post("/api/prompts", {"name": name, "text": "A page for\n a bakery 🎉"})
    # A number that is missing in the middle.
    gone = as_alice.new_message(other, "Gone")["id"]
    as_alice.new_message(other, "Kept")
    stack.rest(f"chat_messages?id=eq.{gone}", alice.access_token, "DELETE").raise_for_status()


def _publish(stack: Stack, as_alice: ApiClient, alice: Person, website: str) -> None:
    """Publish both versions of a website; let one be commented on, and seen."""
    versions = [version["id"] for version in as_alice.get(f"/api/websites/{website}/versions")["versions"]]
    slug = f"luna-{uuid.uuid4().hex[:12]}"
    for version in versions:
        as_alice.send(
            "PUT", f"/api/websites/{website}/publication", json={"slug": slug, "version_id": version}
        ).raise_for_status()
    link = as_alice.post(f"/api/versions/{versions[0]}/shares", {})["share"]
    stack.sql(
        "insert into public.page_comments (user_id, share_id, website_id, version_id, version_number, path,"
        " start_offset, end_offset, author, text) values (%s, %s, %s, %s, 3, 'index.html', 40, 43, 'Cleo', 'Größer?')",
        alice.id, link["id"], website, versions[0],
    )  # fmt: skip
    (comment,) = as_alice.get(f"/api/websites/{website}/page-comments")["comments"]
    as_alice.post(f"/api/page-comments/{comment['id']}/replies", {"text": "Done"})
    for table, name, names in (
        ("views", "path", ["index.html", "a b.html"]),
        ("referrers", "host", ["", "x.example"]),
    ):
        for days, each in enumerate([*names, names[0]]):
            stack.sql(
                f"insert into public.site_{table} (user_id, website_id, day, {name}, views)"
                " values (%s, %s, (now() at time zone 'UTC')::date - %s::integer, %s, 7)",
                alice.id, website, days // 2, each,
            )  # fmt: skip


def download(caller: ApiClient) -> bytes:
    response = caller.send("GET", EXPORT)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/zip")
    assert response.headers["Content-Disposition"] == "attachment; filename=sitethread-account.zip"
    return response.content


def upload(caller: ApiClient, data: bytes) -> Any:
    return caller.json("POST", IMPORT, 200, content=data, headers=ZIP)["imported"]


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist() if name != "sitethread.json"}


@pytest.mark.usefixtures("full")
def test_an_account_comes_back_equal_in_another_one(
    as_alice: ApiClient,
    as_charlie: ApiClient,
    alice: Person,
    charlie: Person,
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Many pages of them are read.
    monkeypatch.setattr("sitethread.account_files.writing._FIGURES", 1)
    exported = download(as_alice)
    counted = upload(as_charlie, exported)
    hers = rows(stack, alice)
    assert rows(stack, charlie) == hers
    names = {
        "websites": "websites",
        "chats": "chat_sessions",
        "messages": "chat_messages",
        "versions": "site_versions",
        "submissions": "submissions",
        "comments": "page_comments",
        "publication_events": "publication_events",
        "prompts": "prompts",
    }
    figures = len(hers["site_views"]) + len(hers["site_referrers"])
    assert counted == {name: len(hers[table]) for name, table in names.items()} | {"figures": figures}
    assert (counted["comments"], figures, counted["publication_events"]) == (2, 6, 3)
    assert not stack.sql("select 1 from public.publications where user_id = %s", charlie.id), (
        "nothing goes live"
    )
    assert counted["chats"] == 4 and counted["versions"] >= 6 and counted["prompts"] == 2
    assert any(row["source"] == "answer" and row["base_version_id"] for row in hers["site_versions"])
    assert contents(download(as_charlie)) == contents(exported)
    websites = [text for name, text in contents(exported).items() if name.endswith("/website.json")]
    assert any(b"from 8 \xe2\x98\x95" in website for website in websites), "the brief"
    forms = b'"forms":{"retention_days":90,"consent":"Keep it"}'
    assert sum(forms in website for website in websites) == 1, "what is set for forms, of one of them"
    assert as_charlie.get("/api/search", q="blue")["messages"], "and is found"
    for caller, person in ((as_charlie, charlie), (as_alice, alice)):
        before = rows(stack, person)
        assert set(upload(caller, exported).values()) == {0}
        assert rows(stack, person) == before, "the same file adds nothing"
    (luna,) = [
        one["id"] for one in as_alice.get("/api/websites")["websites"] if one["name"] == "Luna: Café/Bar"
    ]
    as_alice.put(f"/api/websites/{luna}/notices", {"retention_days": 30})
    upload(as_alice, exported)
    kept = as_alice.get(f"/api/websites/{luna}/notices")["notices"]
    assert (kept["retention_days"], kept["consent"]) == (30, ""), "what is set stays"
    used = as_charlie.get("/api/usage")["usage"]["quotas"]
    assert {quota["name"]: quota["used"] for quota in used}["sessions"] == 0


@pytest.mark.usefixtures("full")
def test_the_zip_is_for_people_too(as_alice: ApiClient) -> None:
    files = contents(download(as_alice))
    folders = {name.split("/")[1] for name in files if name.startswith("websites/")}
    assert folders in (
        {"Luna-Café-Bar", "LUNA-café-bar-2", "Bread"},
        {"Luna-Café-Bar-2", "LUNA-café-bar", "Bread"},
    )
    assert "chats/Launch-plan.md" in files and b"Kept" in files["chats/Launch-plan.md"]
    texts = [name for name in files if "/versions/" in name]
    assert len({files[name] for name in texts}) == len(texts), "each content is there once"
    assert len([name for name in texts if name.endswith(".webp")]) == 5
    assert any(name.endswith("/versions/1/index.html") for name in texts)
    assert not any(".." in name or name.casefold().split("/")[-1].startswith("con.") for name in files)
    assert len({name.casefold() for name in files}) == len(files)


@pytest.mark.usefixtures("full")
def test_what_was_stored_in_part_goes_on_where_it_broke_off(
    as_alice: ApiClient, as_charlie: ApiClient, alice: Person, charlie: Person, stack: Stack
) -> None:
    exported = download(as_alice)
    [allowed] = stack.sql("select allowed from private.quotas where name = 'imported_rows'")
    try:
        stack.sql("update private.quotas set allowed = 7 where name = 'imported_rows'")
        assert as_charlie.refused("POST", IMPORT, content=exported, headers=ZIP) == (429, "quota_exceeded")
        assert rows(stack, charlie)["chat_sessions"]
    finally:
        stack.sql("update private.quotas set allowed = %s where name = 'imported_rows'", allowed["allowed"])
    upload(as_charlie, exported)
    assert rows(stack, charlie) == rows(stack, alice)


def test_prompts_come_back_when_there_is_room_for_all_of_them(
    as_alice: ApiClient, as_charlie: ApiClient, charlie: Person, stack: Stack
) -> None:
    as_alice.new_website()
    prompt = as_alice.post("/api/prompts", {"name": "Bakery", "text": "A bakery"})["prompt"]
    many = [{"name": "x", "text": str(number)} for number in range(100)]
    stack.rest("prompts", charlie.access_token, "POST", json=many).raise_for_status()
    exported = download(as_alice)
    assert as_charlie.refused("POST", IMPORT, content=exported, headers=ZIP) == (409, "too_many_prompts")
    assert len(rows(stack, charlie)["websites"]) == 1, "the rest is back"
    stack.rest("prompts?text=eq.7", charlie.access_token, "DELETE").raise_for_status()
    assert upload(as_charlie, exported) == {
        "websites": 0,
        "chats": 0,
        "messages": 0,
        "versions": 0,
        "submissions": 0,
        "comments": 0,
        "figures": 0,
        "publication_events": 0,
        "prompts": 1,
    }
    assert as_charlie.get(f"/api/prompts/{prompt['id']}")["prompt"] == prompt


def packed(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


HEAD = json.dumps({"format": "sitethread-account", "version": 1})
CHAT = {"id": str(uuid.uuid4()), "title": "x", "message_count": 1, "last_seq": 1, "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z"}  # fmt: skip
SAID = {"id": str(uuid.uuid4()), "seq": 1, "role": "user", "content": "x", "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z"}  # fmt: skip
SITE = {"id": str(uuid.uuid4()), "name": "x", "latest_version_number": 1, "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z"}  # fmt: skip
VERSION = {"id": str(uuid.uuid4()), "number": 1, "source": "edit", "created_at": "2020-01-01T00:00:00Z",
           "files": {"index.html": {"entry": "page", "sha256": "0" * 64}}}  # fmt: skip

COMMENT = {"id": str(uuid.uuid4()), "version_id": str(uuid.uuid4()), "version_number": 1, "path": "index.html",
           "start_offset": 1, "end_offset": 2, "text": "x", "created_at": "2020-01-01T00:00:00Z"}  # fmt: skip
EVENT = {"number": 1, "action": "publish", "slug": "luna", "version_id": str(uuid.uuid4()), "version_number": 1,
         "created_at": "2020-01-01T00:00:00Z"}  # fmt: skip
PROMPT = {"id": str(uuid.uuid4()), "name": "x", "text": "x", "created_at": "2020-01-01T00:00:00Z",
          "updated_at": "2020-01-01T00:00:00Z"}  # fmt: skip


def with_files(files: dict[str, bytes | str]) -> Any:
    """Return a version whose files are all the entry `page`."""
    hashes = {
        path: hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
        for path, data in files.items()
    }
    return {
        **VERSION,
        "files": {path: {"entry": "page", "sha256": sha256} for path, sha256 in hashes.items()},
    }


def chat_file(*messages: Any, **session: Any) -> str:
    head = {"format": "sitethread-chat", "version": 2, "session": {**CHAT, **session}}
    return "".join(json.dumps(line) + "\n" for line in (head, *messages))


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({}, "sitethread.json"),
        ({"sitethread.json": '{"format": "other", "version": 1}'}, "sitethread.json"),
        ({"sitethread.json": '{"format": "sitethread-account", "version": 2}'}, "sitethread.json"),
        ({"sitethread.json": " " * 70_000 + HEAD}, "sitethread.json"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": ""}, "chats/x.jsonl"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file(SAID, id="x")}, "chats/x.jsonl, line 1"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file(SAID, SAID)}, "chats/x.jsonl"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file({**SAID, "seq": 2})}, "chats/x.jsonl"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file({**SAID, "role": "system"})}, "chats/x.jsonl, line 2"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file({**SAID, "content": "\0"})}, "chats/x.jsonl, line 2"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file() + "[" * 50_000}, "chats/x.jsonl, line 2"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file(website_id=SITE["id"])}, "chats/x.jsonl"),
        ({"sitethread.json": HEAD, "chats/x.jsonl": chat_file(), "chats/y.jsonl": chat_file()}, "chats"),
        ({"sitethread.json": HEAD, "prompts.jsonl": json.dumps(PROMPT) + "\n" + json.dumps({**PROMPT, "id": "x"})},
         "prompts.jsonl, line 2"),
        ({"sitethread.json": HEAD, "prompts.jsonl": json.dumps({**PROMPT, "text": " "})}, "prompts.jsonl, line 1"),
        ({"sitethread.json": HEAD, "prompts.jsonl": (json.dumps(PROMPT) + "\n") * 2}, "prompts.jsonl"),
        ({"sitethread.json": HEAD, "prompts.jsonl": "".join(
            json.dumps({**PROMPT, "id": str(uuid.uuid4())}) + "\n" for _ in range(101)
        )}, "prompts.jsonl"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE),
          "websites/x/comments.jsonl": json.dumps(COMMENT) + "\n" + json.dumps({**COMMENT, "end_offset": 1})},
         "websites/x/comments.jsonl, line 2"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE),
          "websites/x/publications.jsonl": (json.dumps(EVENT) + "\n") * 2}, "websites/x/publications.jsonl"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps({**SITE, "name": 5})},
         "websites/x/website.json"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE),
          "websites/x/versions.jsonl": json.dumps(VERSION)}, "websites/x/versions.jsonl"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": "p",
          "websites/x/versions.jsonl": json.dumps(VERSION)}, "page"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": b"\xff",
          "websites/x/versions.jsonl": json.dumps(VERSION)}, "page"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": "p" * 4_194_305,
          "websites/x/versions.jsonl": json.dumps(VERSION)}, "page"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": "p" * 2_097_153,
          "websites/x/versions.jsonl": json.dumps(with_files(dict.fromkeys("ab", "p" * 2_097_153)))},
         "websites/x/versions.jsonl"),
        ({"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": pictures.png(4_000_000),
          "websites/x/versions.jsonl": json.dumps(with_files(dict.fromkeys("abcdef", pictures.png(4_000_000))))},
         "websites/x/versions.jsonl"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place_and_nothing_is_stored(
    as_charlie: ApiClient, charlie: Person, stack: Stack, files: dict[str, bytes | str], place: str
) -> None:
    # What comes before the fault is as it should be.
    good = {"chats/good.jsonl": chat_file(SAID, id=str(uuid.uuid4()))} if files else {}
    error = as_charlie.error("POST", IMPORT, 422, content=packed({**good, **files}), headers=ZIP)
    assert (error["code"], error["place"]) == ("invalid_import", place)
    assert not any(rows(stack, charlie).values())


def test_a_file_whose_path_none_may_have_any_more_gets_another_one(as_charlie: ApiClient) -> None:
    version = with_files({"../up.HTML": "p", "index.html": "p"})
    files = {"sitethread.json": HEAD, "websites/x/website.json": json.dumps(SITE), "page": "p"}
    given = packed({**files, "websites/x/versions.jsonl": json.dumps(version)})
    imported = as_charlie.json("POST", IMPORT, 200, content=given, headers=ZIP)
    assert imported["imported"]["versions"] == 1
    shown = as_charlie.get(f"/api/versions/{VERSION['id']}")["version"]["files"]
    name = hashlib.md5(b"../up.HTML", usedforsecurity=False).hexdigest()
    assert shown == {"index.html": "p", f"renamed/{name}.html": "p"}


def test_what_is_no_zip_is_refused(as_charlie: ApiClient) -> None:
    assert as_charlie.refused("POST", IMPORT, content=b"x", headers=ZIP) == (422, "invalid_import")
    assert as_charlie.refused("POST", IMPORT, json={}) == (415, "unsupported_media_type")


def test_an_account_is_downloaded_and_imported_by_few_at_once(
    app: Flask, as_alice: ApiClient, alice: Person
) -> None:
    app.extensions.setdefault("whole_chats", Counter())[alice.id] = 2
    assert as_alice.refused("GET", EXPORT) == (429, "too_many_reads")
    del app.extensions["whole_chats"][alice.id]
    running = app.extensions.setdefault("account_imports", set())
    running.add(alice.id)
    refused = HttpClient.send(as_alice, "POST", IMPORT, content=b"x" * 20_000_000, headers=ZIP)
    running.clear()
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_imports")
    assert refused.headers["Retry-After"]


def test_an_account_is_deleted_with_its_password_alone(
    app: Flask, as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    as_alice.new_website()
    for password in ("not it at all", PASSWORD.upper()):
        refused = as_alice.refused("DELETE", "/api/account", json={"password": password})
        assert refused == (403, "wrong_password")
    assert as_alice.refused("DELETE", "/api/account", json={}) == (422, "missing_field")
    [signed_in] = stack.sql("select count(*) from auth.sessions where user_id = %s", alice.id)
    assert signed_in["count"] == 1
    browser = app.test_client()
    form = {"email": alice.email, "password": PASSWORD}
    browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    response = browser.delete(
        "/api/account", json={"password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert response.get_json() == {"success": True}
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2 and all("Max-Age=0" in cookie for cookie in cookies)
    assert browser.get("/api/websites").status_code == 401
    assert stack.sql("select 1 from auth.users where id = %s", alice.id) == []
    assert as_alice.get("/api/websites")["websites"] == [], "a token that is still valid finds nothing"
    renewed = stack.auth("token?grant_type=refresh_token", {"refresh_token": alice.refresh_token})
    assert renewed.status_code == 400, "other devices are signed out"


def test_the_password_is_guessed_ten_times_and_no_more(as_alice: ApiClient) -> None:
    answers = [
        as_alice.refused("DELETE", "/api/account", json={"password": f"guess {number}"})
        for number in range(11)
    ]
    assert answers == [(403, "wrong_password")] * 10 + [(429, "rate_limited")]
    assert as_alice.refused("DELETE", "/api/account", json={"password": PASSWORD}) == (429, "rate_limited")
