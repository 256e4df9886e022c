"""A website is published: alice shows a version to everybody, visitors see it whole, charlie has no part in it."""

import gzip
import io
import re
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import brotli
import httpx
import pytest
from flask import Flask

from sitethread.edits.addresses import addresses_in, file_of
from tests import pictures
from tests.http_client import UNKNOWN, ApiClient, HttpClient, connect, without_request_id
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from web.published_sites import SiteHosts

COOKIE = {"Cookie": "sitethread_access=x; sitethread_refresh=y"}
SITES = "https://sites.example"


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    id: str = as_alice.new_website("Bäckerei Luna")["id"]
    return id


@pytest.fixture
def slug() -> str:
    return f"luna-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def visitor(app: Flask) -> Iterator[httpx.Client]:
    with connect(app=app) as http:
        yield http


def publish(caller: ApiClient, website: str, status: int = 201, **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = caller.put(f"/api/websites/{website}/publication", body, status)["publication"]
    return made


def save(caller: ApiClient, website: str, page: str) -> str:
    version: str = caller.post(f"/api/websites/{website}/versions", {"page": page})["version"]["id"]
    return version


def save_files(stack: Stack, person: Person, website: str, **files: str) -> str:
    """Save a version with several files; `__` in a name stands for a slash, `_` for a dot."""
    named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    made = stack.rest(
        "site_versions?select=id", person.access_token, "POST", json={"website_id": website, "files": named},
        headers={"Prefer": "return=representation"},
    )  # fmt: skip
    id: str = made.raise_for_status().json()[0]["id"]
    return id


def test_a_website_is_published_updated_rolled_back_and_taken_offline(
    as_alice: ApiClient, visitor: httpx.Client, website: str, slug: str
) -> None:
    address = f"/api/websites/{website}/publication"
    assert as_alice.get(address)["publication"] is None
    assert as_alice.refused("PUT", address, json={"slug": slug}) == (409, "nothing_to_publish")
    first = save(as_alice, website, "<!doctype html><title>One</title>")
    made = publish(as_alice, website, slug=slug)
    assert (made["slug"], made["version_id"], made["url"]) == (slug, first, f"http://localhost/s/{slug}/")
    assert as_alice.get(address)["publication"] == made
    second = save(as_alice, website, "<!doctype html><title>Two</title>")
    assert publish(as_alice, website, 200)["version_id"] == second
    assert publish(as_alice, website, 200, version_id=first)["published_at"] > made["published_at"]
    moved = publish(as_alice, website, 200, slug=f"{slug}-2", version_id=first)
    assert visitor.get(moved["url"]).text.count("<title>One</title>") == 1
    old = visitor.get(f"/s/{slug}/a%20b?c=d&e")
    assert (old.status_code, old.headers["Location"]) == (308, f"{moved['url']}a%20b?c=d&e")
    assert as_alice.delete(address) == as_alice.delete(address) == {"success": True}
    history = as_alice.get(f"{address}/history")["events"]
    assert [(event["action"], event["version_number"]) for event in history] == [
        ("unpublish", 1), ("rename", 1), ("roll_back", 1), ("update", 2), ("publish", 1),
    ]  # fmt: skip
    page = as_alice.get(f"{address}/history", limit=3)
    rest = as_alice.get(f"{address}/history", limit=3, cursor=page["next_cursor"])
    assert page["events"] + rest["events"] == history and rest["next_cursor"] is None
    assert publish(as_alice, website)["slug"] == f"{slug}-2", "where it was"


def test_the_history_says_which_message_a_version_came_from(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str, slug: str
) -> None:
    version = save(as_alice, website, "<!doctype html>")
    session = as_alice.new_session(website_id=website)["id"]
    message = as_alice.new_message(session, "Here it is", "assistant")["id"]
    stack.sql(
        "update site_versions set session_id = %s, message_id = %s where id = %s returning id",
        session,
        message,
        version,
    )
    publish(as_alice, website, slug=slug)
    (event,) = as_alice.get(f"/api/websites/{website}/publication/history")["events"]
    assert (event["session_id"], event["message_id"]) == (session, message)


def test_slugs_are_plain_and_their_errors_help(
    as_alice: ApiClient, as_charlie: ApiClient, website: str
) -> None:
    save(as_alice, website, "<!doctype html>")
    address = f"/api/websites/{website}/publication"
    for slug, code in (
        ("Luna", "invalid_slug"),
        ("lunа", "invalid_slug"),
        ("xn--lun-7cd", "invalid_slug"),
        ("www", "slug_reserved"),
    ):
        error = as_alice.error("PUT", address, 422, json={"slug": slug})
        assert (error["code"], error["field"], error["suggestion"]) == (code, "slug", "baeckerei-luna")
    assert "a to z" in as_alice.error("PUT", address, 422, json={"slug": "lunа"})["message"]
    assert publish(as_alice, website)["slug"].startswith("baeckerei-luna")
    other = as_charlie.new_website("Bäckerei Luna")["id"]
    save(as_charlie, other, "<!doctype html>")
    taken = as_alice.get(address)["publication"]["slug"]
    assert as_charlie.refused("PUT", f"/api/websites/{other}/publication", json={"slug": taken}) == (
        409,
        "slug_taken",
    )
    told = as_charlie.get(f"/api/websites/{other}/publication/slug", slug=taken)
    assert (told["slug"], told["problem"], "Another website" in told["message"]) == (
        taken,
        "slug_taken",
        True,
    )
    assert as_alice.get(f"{address}/slug", slug=taken)["problem"] is None, "of its own website"
    assert as_alice.get(f"{address}/slug", slug="lunа")["problem"] == "invalid_slug"
    assert publish(as_charlie, other)["slug"] != taken
    assert as_alice.refused("PUT", address, json={"version_id": UNKNOWN}) == (404, "not_found")


def test_of_many_who_ask_for_a_slug_at_once_one_gets_it(app: Flask, stack: Stack, slug: str) -> None:
    asking = [
        (client_of(app, person), website) for person in (stack.sign_up(), stack.sign_up())
        for website in websites_with_a_page(stack, person, 100)
    ]  # fmt: skip
    together = threading.Barrier(50)

    def ask(one: tuple[ApiClient, str]) -> tuple[int, str]:
        together.wait()
        response = one[0].send("PUT", f"/api/websites/{one[1]}/publication", json={"slug": slug})
        body = response.json()
        return response.status_code, body["publication"]["slug"] if body["success"] else body["error"]["code"]

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, asking))
    for caller, _ in asking:
        caller.close()
    assert sorted(answers) == [(201, slug)] + [(409, "slug_taken")] * 199


def websites_with_a_page(stack: Stack, person: Person, count: int) -> list[str]:
    """Make websites in one go; return their ids."""
    back = {"Prefer": "return=representation"}
    names = [{"name": f"Luna {number}"} for number in range(count)]
    made = stack.rest("websites?select=id", person.access_token, "POST", json=names, headers=back)
    ids = [row["id"] for row in made.raise_for_status().json()]
    versions = [{"website_id": id, "files": {"index.html": "<!doctype html>"}} for id in ids]
    stack.rest("site_versions", person.access_token, "POST", json=versions).raise_for_status()
    return ids


def test_a_visitor_sees_one_version_whole(
    as_alice: ApiClient,
    alice: Person,
    stack: Stack,
    visitor: httpx.Client,
    make_app: Callable[..., Flask],
    website: str,
    slug: str,
) -> None:
    picture = as_alice.upload(website, "images/a.png", pictures.drawn("PNG", (9, 9)), "image/png")["file"]
    save_files(
        stack, alice, website,
        index_html='<link rel=stylesheet href=css/style.css><img src="images/a.webp"><script src=app.js></script>',
        about__index_html='<a href="../">Home</a>', app_js="1",
        css__style_css="body { background: url(../images/a.webp) }" + " " * 600,
        **{"404_html": "<title>Lost</title><img src=images/a.webp>"},
    )  # fmt: skip
    root = publish(as_alice, website, slug=slug)["url"]
    page = visitor.get(root)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    references = re.findall(r"(?:href|src)=\"?(_c/[^\s\">]+)", page.text)
    assert len(references) == 3
    found = [visitor.get(root + reference) for reference in references]
    assert [response.headers["Content-Type"] for response in found] == [
        "text/css; charset=utf-8", "image/webp", "text/javascript; charset=utf-8",
    ]  # fmt: skip
    assert f"url({picture['sha256']})" in found[0].text
    assert all(
        response.headers["Cache-Control"] == "public, max-age=31536000, immutable" for response in found
    )
    assert visitor.get(f"{root}about").headers["Location"] == f"{root}about/"
    assert '<a href="../">' in visitor.get(f"{root}about/").text
    assert visitor.get(f"/s/{slug}").headers["Location"] == root
    lost = visitor.get(f"{root}no/where")
    assert lost.status_code == 404 and "Lost" in lost.text and f"{root}_c/{picture['sha256']}" in lost.text
    assert f"<loc>{root}about/</loc>" in visitor.get(f"{root}sitemap.xml").text
    assert f"{root}sitemap.xml" in visitor.get(f"{root}robots.txt").text
    # What a visitor has of the version before still comes, while the page is the new one.
    save(as_alice, website, "<!doctype html><title>New</title>")
    publish(as_alice, website, 200)
    with connect(app=make_app()) as another:
        assert "New" in another.get(root).text
        again = [another.get(root + reference).content for reference in references]
        assert again == [response.content for response in found]


def test_responses_are_conditional_partial_and_compressed(
    as_alice: ApiClient, visitor: httpx.Client, website: str, slug: str
) -> None:
    save(as_alice, website, "<!doctype html><title>Luna</title>" + "<p>Fresh bread</p>" * 200)
    root = publish(as_alice, website, slug=slug)["url"]
    plain = visitor.get(root, headers={"Accept-Encoding": "identity"})
    assert plain.headers["Cache-Control"] == "no-cache" and plain.headers["Vary"] == "Accept-Encoding"
    tags = {plain.headers["ETag"]}
    for encoding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        with visitor.stream("GET", root, headers={"Accept-Encoding": encoding}) as response:
            assert response.headers["Content-Encoding"] == encoding
            assert decode(b"".join(response.iter_raw())) == plain.content
            tags.add(response.headers["ETag"])
    assert len(tags) == 3 and not any(tag.startswith("W/") for tag in tags), "strong ones, of what is sent"
    unchanged = visitor.get(
        root, headers={"Accept-Encoding": "identity", "If-None-Match": plain.headers["ETag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    part = visitor.get(root, headers={"Range": "bytes=2-8"})
    assert (part.status_code, part.content) == (206, plain.content[2:9])
    assert part.headers["Content-Range"] == f"bytes 2-8/{len(plain.content)}"
    assert visitor.get(root, headers={"Range": "bytes=999999-"}).status_code == 416
    assert visitor.head(root).headers["Content-Length"] is not None


def test_cookies_are_neither_read_nor_set_and_nothing_is_listed(
    as_alice: ApiClient, visitor: httpx.Client, website: str, slug: str
) -> None:
    save(as_alice, website, "<!doctype html>")
    root = publish(as_alice, website, slug=slug)["url"]
    for path in ("", "none", "robots.txt", "_c/" + "0" * 64):
        with_cookies = visitor.get(root + path, headers=COOKIE)
        without = visitor.get(root + path)
        assert with_cookies.content == without.content
        assert "Set-Cookie" not in with_cookies.headers and "Cookie" not in with_cookies.headers.get(
            "Vary", ""
        )
        assert with_cookies.headers["X-Robots-Tag"] == "noindex"
        assert with_cookies.headers["Content-Security-Policy"].startswith("sandbox")
    assert visitor.post(root).status_code == 405


@pytest.mark.parametrize(
    "path", ["/s/nothing-is-here/", "/s/NOTHING/", "/s/x/", "/s/", "/s/a%2f..%2f..%2fapi/"]
)
def test_nothing_is_at_other_addresses(visitor: httpx.Client, path: str) -> None:
    response = visitor.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404 and "No website is published" in response.text
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_only_what_is_published_is_there(
    as_alice: ApiClient, visitor: httpx.Client, website: str, slug: str
) -> None:
    draft = as_alice.upload(website, "draft.png", pictures.drawn("PNG", (7, 7)), "image/png")["file"][
        "sha256"
    ]
    save(as_alice, website, "<!doctype html><p>Live")
    without = as_alice.delete(f"/api/websites/{website}/files?path=draft.webp")["version"]["id"]
    root = publish(as_alice, website, slug=slug, version_id=without)["url"]
    assert visitor.get(f"{root}_c/{draft}").status_code == 404
    for path in ("draft.webp", "../", "..%2f", "%2e%2e/api/websites", "_c/x", "//index.html", "index.html/"):
        assert visitor.get(root + path).status_code == 404, path
    as_alice.delete(f"/api/websites/{website}")
    assert as_alice.refused("GET", f"/api/websites/{website}/publication") == (404, "not_found")


def test_a_foreign_website_is_answered_like_an_unknown_one(
    as_alice: ApiClient, as_charlie: ApiClient, website: str, slug: str
) -> None:
    save(as_alice, website, "<!doctype html>")
    publish(as_alice, website, slug=slug)
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/history")):
        options: dict[str, Any] = {"json": {}} if method == "PUT" else {}
        foreign, unknown = (
            as_charlie.send(method, f"/api/websites/{id}/publication{path}", **options)
            for id in (website, UNKNOWN)
        )
        assert foreign.status_code == 404
        assert without_request_id(foreign.content) == without_request_id(unknown.content)


def test_the_zip_of_a_website_works_in_any_folder(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    as_alice.upload(website, "images/a.png", pictures.drawn("PNG", (9, 9)), "image/png")
    index = '<body><nav><a href="index.html">Home</a></nav><img src="images/a.webp"><link href=a.css rel=stylesheet>'
    base = save_files(stack, alice, website, index_html=index, a_css="p{}")
    made = as_alice.post(
        f"/api/websites/{website}/pages", {"base_version_id": base, "path": "shop/menu.html"}
    )
    zip = as_alice.send("GET", f"/api/versions/{made['version']['id']}/download")
    with zipfile.ZipFile(io.BytesIO(zip.content)) as files:
        names = set(files.namelist())
        pages = {name: files.read(name).decode() for name in names if name.endswith(".html")}
    assert names == {"index.html", "shop/menu.html", "images/a.webp", "a.css"}
    for path, page in pages.items():
        addresses = [address.text for address in addresses_in(page)]
        assert addresses and not any(address.startswith("/") for address in addresses)
        assert {file_of(address, path) for address in addresses} <= names


@pytest.fixture
def on_sites(make_app: Callable[..., Flask]) -> Flask:
    return make_app(
        sites_origin=SITES, public_url="https://app.example", preview_origin="https://preview.sites.example"
    )


def test_a_website_has_a_host_of_its_own_where_the_app_is_not(
    on_sites: Flask, alice: Person, slug: str
) -> None:
    as_alice = client_of(on_sites, alice)
    as_alice.http.headers["Host"] = "app.example"
    website = as_alice.new_website()["id"]
    save(as_alice, website, "<!doctype html><title>Luna</title><a href=/>Home</a>")
    made = publish(as_alice, website, slug=slug)
    assert made["url"] == f"https://{slug}.sites.example/"

    def get(path: str, host: str = f"{slug}.sites.example", **headers: str) -> httpx.Response:
        return HttpClient(connect(app=on_sites)).send("GET", path, headers={"Host": host, **headers})

    page = get("/")
    assert page.status_code == 200 and f'href="{made["url"]}"' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "sandbox" not in policy and f"script-src {made['url']} 'unsafe-inline'" in policy
    assert "X-Robots-Tag" not in page.headers and "Set-Cookie" not in page.headers
    assert get("/robots.txt").text.endswith(f"Sitemap: {made['url']}sitemap.xml\n")
    # No route of the app is there, whatever the path.
    for path in (
        "/api/websites",
        "/sign-in",
        "/healthz",
        "/static/dist/manifest.json",
        "/preview-frame",
        f"/s/{slug}/",
        "/metrics",
    ):
        answer = get(path, Cookie="__Host-sitethread_access=x", Accept="text/html")
        assert answer.status_code == 404 and "sign" not in answer.text.lower(), path
    assert get("/x", host="nothing-here.sites.example").status_code == 404
    # Nor another website that a path without its slash would name.
    environ = {
        "HTTP_HOST": f"{slug}.sites.example", "PATH_INFO": "-2/", "REQUEST_METHOD": "GET", "wsgi.url_scheme": "https",
    }  # fmt: skip
    paths: list[str] = []
    SiteHosts(lambda seen, _: paths.append(seen["PATH_INFO"]) or [], on_sites)(environ, lambda *_: None)
    assert paths == [f"/s/{slug}/-2/"]
    # Nor is a website at any other host.
    for host in (
        "sites.example", f"a.{slug}.sites.example", f"{slug}.sites.example.evil.example", f"{slug}.evil.example",
        f"{slug}.sites.example:8443", f"x{slug}.sites.example@evil.example", "xn--luna.sites.example",
    ):  # fmt: skip
        assert get("/", host=host).status_code in {400, 404}, host
    assert get("/preview-frame", host="preview.sites.example").status_code == 200
    moved = get(f"/s/{slug}/about/?a=b", host="app.example")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"{made['url']}about/?a=b")
    as_alice.put(f"/api/websites/{website}/publication", {"slug": f"{slug}-2"})
    forwarded = HttpClient(connect(app=on_sites)).send(
        "GET", "/q?a", headers={"Host": f"{slug}.sites.example"}
    )
    assert urlsplit(forwarded.headers.get("Location", "")).netloc in {"", f"{slug}-2.sites.example"}
