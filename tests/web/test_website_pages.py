"""Pages of a website: previewed, added, renamed and deleted, and downloaded with working links."""

import io
import json
import zipfile
from typing import Any

import pytest

from sitethread.edits.addresses import addresses_in, file_of
from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.preview_documents import scripts_of
from tests.stacks import Person, Stack

INDEX = """<!doctype html>
<html><head><title>Luna</title></head><body>
<header><a href="about.html">About</a></header>
<main><h1>Coffee</h1></main>
</body></html>
"""
ABOUT = '<!doctype html><title>About – Luna</title><a href="./index.html#top">Home</a>\n'


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    id: str = as_alice.new_website("Luna")["id"]
    return id


@pytest.fixture
def base(website: str, alice: Person, stack: Stack) -> str:
    return save(stack, alice, website, {"index.html": INDEX, "about.html": ABOUT})


def save(stack: Stack, person: Person, website: str, files: dict[str, str | None]) -> str:
    made = stack.rest(
        "site_versions?select=id",
        person.access_token,
        "POST",
        json={"website_id": website, "files": files},
        headers={"Prefer": "return=representation"},
    )
    id: str = made.raise_for_status().json()[0]["id"]
    return id


def files_of(as_alice: ApiClient, version_id: str) -> dict[str, str]:
    files: dict[str, str] = as_alice.get(f"/api/versions/{version_id}")["version"]["files"]
    return files


def test_each_page_of_a_version_has_its_preview(
    as_alice: ApiClient, as_charlie: ApiClient, base: str
) -> None:
    shown = {
        path: as_alice.send("GET", f"/preview/{base}?page={path}") for path in ("index.html", "about.html")
    }
    for path, text in (("index.html", INDEX), ("about.html", ABOUT)):
        data = json.loads(scripts_of(shown[path].text)[0])
        assert (data["page"], data["path"]) == (text, path)
    assert as_alice.send("GET", f"/preview/{base}").headers["ETag"] == shown["index.html"].headers["ETag"]
    known = {"If-None-Match": shown["about.html"].headers["ETag"]}
    assert as_alice.send("GET", f"/preview/{base}?page=about.html", headers=known).status_code == 304
    assert as_alice.send("GET", f"/preview/{base}", headers=known).status_code == 200
    for path in ("other.html", "style.css", "../index.html", "", "a%00.html", "x" * 9_000):
        assert as_alice.send("GET", f"/preview/{base}?page={path}").status_code == 404, path
        assert as_alice.send("GET", f"/preview/{base}/files?page={path}").status_code == 404, path
    foreign = as_charlie.send("GET", f"/preview/{base}?page=about.html")
    unknown = as_charlie.send("GET", f"/preview/{UNKNOWN}?page=about.html")
    assert without_request_id(foreign.content) == without_request_id(unknown.content)


def test_pages_are_listed_as_the_first_one_links_to_them(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    index = (
        '<title>\n Luna &amp; </title><a href="./z.html#x">Z</a><a href="no.html"></a><a href="/team/">T</a>'
    )
    others = ["b.html", "z.html", "a.htm", "team/index.html", "x.css"]
    version = save(stack, alice, website, {"index.html": index, **dict.fromkeys(others, "x")})
    listed = as_alice.get(f"/api/versions/{version}/pages")["pages"]
    assert [page["path"] for page in listed] == ["index.html", "z.html", "team/index.html", "a.htm", "b.html"]
    assert [page["title"] for page in listed[:2]] == ["Luna &", ""]


def test_a_page_is_added_with_what_the_first_one_has_around_its_main_part(
    as_alice: ApiClient, website: str, base: str
) -> None:
    sent = {"base_version_id": base, "name": "Our menu"}
    made = as_alice.post(f"/api/websites/{website}/pages", sent)
    assert made["path"] == "our-menu.html"
    version = made["version"]
    assert (version["number"], version["source"], version["base_version_id"]) == (2, "edit", base)
    assert version["summary"] == "Added the page Our menu"
    page = files_of(as_alice, version["id"])["our-menu.html"]
    around = INDEX.replace("<title>Luna", "<title>Our menu – Luna").split("<h1>Coffee</h1>")
    assert page.startswith(around[0]) and page.endswith(around[1]) and page.count("<h1>Our menu</h1>") == 1
    assert files_of(as_alice, version["id"]) == {
        "index.html": INDEX,
        "about.html": ABOUT,
        "our-menu.html": page,
    }
    nested = {"base_version_id": version["id"], "path": "team/ada-l.html"}
    made = as_alice.post(f"/api/websites/{website}/pages", nested)
    page = files_of(as_alice, made["version"]["id"])["team/ada-l.html"]
    assert '<a href="../about.html">' in page and "<h1>Ada l</h1>" in page


def test_a_page_gets_another_path_and_all_links_lead_there(
    as_alice: ApiClient, website: str, base: str
) -> None:
    sent = {"base_version_id": base, "path": "about.html", "new_path": "team/us.html"}
    version = as_alice.send("PATCH", f"/api/websites/{website}/pages", json=sent).json()["version"]
    assert version["summary"] == "Renamed about.html to team/us.html"
    assert files_of(as_alice, version["id"]) == {
        "index.html": INDEX.replace("about.html", "team/us.html"),
        "team/us.html": ABOUT.replace("./index.html", "../index.html"),
    }
    restored = as_alice.post(f"/api/versions/{base}/restore")["version"]["id"]
    assert files_of(as_alice, restored) == {"index.html": INDEX, "about.html": ABOUT}
    small = {**sent, "base_version_id": restored, "new_path": "About.html"}
    version = as_alice.send("PATCH", f"/api/websites/{website}/pages", json=small).json()["version"]
    assert set(files_of(as_alice, version["id"])) == {"index.html", "About.html"}


def test_a_page_is_deleted_and_the_links_to_it_are_counted(
    as_alice: ApiClient, website: str, base: str
) -> None:
    sent = {"base_version_id": base, "path": "about.html"}
    gone = as_alice.send("DELETE", f"/api/websites/{website}/pages", json=sent).json()
    assert (gone["links"], gone["menus"]) == (1, 0)
    assert files_of(as_alice, gone["version"]["id"]) == {"index.html": INDEX}


def test_a_page_that_is_deleted_goes_from_the_menus_of_all_pages(
    as_alice: ApiClient, website: str, alice: Person, stack: Stack
) -> None:
    menu = '<nav><a href="/">Home</a> <a href="b.html">B</a></nav>'
    text = '<p>See <a href="b.html">B</a></p>'
    pages = {"index.html": menu, "about.html": menu + text, "c.html": text}
    base = save(stack, alice, website, {**pages, "b.html": menu})
    sent = {"base_version_id": base, "path": "b.html"}
    gone = as_alice.send("DELETE", f"/api/websites/{website}/pages", json=sent).json()
    assert (gone["links"], gone["menus"], gone["version"]["number"]) == (2, 2, 2)
    left = menu.replace(' <a href="b.html">B</a>', "")
    assert files_of(as_alice, gone["version"]["id"]) == {
        "index.html": left, "about.html": left + text, "c.html": text,
    }  # fmt: skip
    undone = as_alice.post(f"/api/versions/{base}/restore")["version"]["id"]
    assert files_of(as_alice, undone) == {**pages, "b.html": menu}


def test_pages_stand_in_the_order_in_which_the_menus_of_all_pages_have_them(
    as_alice: ApiClient, website: str, alice: Person, stack: Stack
) -> None:
    menu = (
        '<nav><a href="./">Home</a> <a href="about.html">About</a> <a class="x" href="b.html#x">B</a></nav>'
    )
    foot = '<footer><p><a href="b.html">B</a>, <a href="z.html">Z</a></p></footer>'
    pages = {"index.html": f"{INDEX}{menu}", "about.html": menu + foot, "b.html": "B", "z.html": "Z"}
    base = save(stack, alice, website, dict(pages))
    listed = as_alice.get(f"/api/versions/{base}/pages")["pages"]
    assert [(page["path"], page["in_menu"]) for page in listed[1:]] == [
        ("about.html", True), ("b.html", True), ("z.html", False),
    ]  # fmt: skip
    path, sent = f"/api/websites/{website}/pages/order", {"base_version_id": base}
    for wrong in (["about.html"], ["about.html", "about.html"], ["about.html", "b.html", "z.html"], []):
        refused = as_alice.refused("PUT", path, json={**sent, "paths": wrong})
        assert refused == (422, "invalid_field"), wrong
    given = {**sent, "paths": ["b.html", "about.html"]}
    version = as_alice.send("PUT", path, json=given).json()["version"]
    moved = menu.replace(
        '<a href="about.html">About</a> <a class="x" href="b.html#x">B</a>',
        '<a class="x" href="b.html#x">B</a> <a href="about.html">About</a>',
    )
    assert files_of(as_alice, version["id"]) == {
        **pages, "index.html": f"{INDEX}{moved}", "about.html": moved + foot,
    }  # fmt: skip
    listed = as_alice.get(f"/api/versions/{version['id']}/pages")["pages"]
    assert [page["path"] for page in listed] == ["index.html", "b.html", "about.html", "z.html"]
    again = {**given, "base_version_id": version["id"]}
    assert as_alice.send("PUT", path, json=again).json()["version"] == version
    assert as_alice.refused("PUT", path, json=given) == (409, "edit_conflict")


def test_a_page_is_added_to_the_menus_of_all_pages(
    as_alice: ApiClient, website: str, alice: Person, stack: Stack
) -> None:
    menu = '<nav><a href="#tea">Tea</a> <a href="about.html">About</a></nav>'
    pages = {"index.html": f"{INDEX}{menu}", "about.html": menu, "b.html": "B"}
    base = save(stack, alice, website, dict(pages))
    path, sent = (
        f"/api/websites/{website}/pages/menu",
        {"base_version_id": base, "path": "b.html", "name": "B & B"},
    )
    for wrong in ({"path": "index.html"}, {"path": "c.html"}, {"name": " "}):
        assert as_alice.refused("POST", path, json={**sent, **wrong}) == (422, "invalid_field"), wrong
    version = as_alice.post(path, sent, 200)["version"]
    longer = menu.replace("</nav>", ' <a href="b.html">B &amp; B</a></nav>')
    assert files_of(as_alice, version["id"]) == {
        **pages, "index.html": f"{INDEX}{longer}", "about.html": longer,
    }  # fmt: skip
    listed = as_alice.get(f"/api/versions/{version['id']}/pages")["pages"]
    assert [page["in_menu"] for page in listed] == [False, True, True]
    assert as_alice.refused("POST", path, json=sent) == (409, "edit_conflict")
    assert as_alice.post(path, {**sent, "base_version_id": version["id"]}, 200)["version"] == version
    bare = save(stack, alice, website, {"index.html": INDEX})
    assert as_alice.refused("POST", path, json={**sent, "base_version_id": bare}) == (422, "invalid_field")


def test_a_website_has_twelve_pages(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str, base: str
) -> None:
    full = save(stack, alice, website, {f"{number}.html": "x" for number in range(10)})
    sent = {"base_version_id": full, "name": "One more"}
    assert as_alice.refused("POST", f"/api/websites/{website}/pages", json=sent) == (409, "too_many_pages")


@pytest.mark.parametrize(
    ("method", "change", "expected"),
    [
        ("POST", {}, (422, "missing_field")),
        ("POST", {"name": "  "}, (422, "invalid_field")),
        ("POST", {"name": "x" * 81}, (422, "invalid_field")),
        ("POST", {"name": None}, (422, "invalid_field")),
        ("POST", {"name": "About"}, (409, "path_taken")),
        ("POST", {"name": "Index"}, (409, "path_taken")),
        ("POST", {"path": "ABOUT.html"}, (409, "path_taken")),
        *[
            ("POST", {"path": path}, (422, "invalid_field"))
            for path in (
                "",
                "x",
                "x.css",
                "../x.html",
                "/x.html",
                "a//x.html",
                "con.html",
                "x.html?a",
                "a\0.html",
            )
        ],
        ("POST", {"path": "x.html", "user_id": UNKNOWN}, (422, "unknown_field")),
        ("POST", {"path": "x.html", "base_version_id": UNKNOWN}, (404, "not_found")),
        ("PATCH", {"path": "about.html", "new_path": "index.html"}, (409, "path_taken")),
        ("PATCH", {"path": "about.html", "new_path": "about.html"}, (409, "path_taken")),
        ("PATCH", {"path": "about.html", "new_path": "about"}, (422, "invalid_field")),
        ("PATCH", {"path": "index.html", "new_path": "home.html"}, (422, "invalid_field")),
        ("PATCH", {"path": "other.html", "new_path": "x.html"}, (422, "invalid_field")),
        ("DELETE", {"path": "index.html"}, (422, "invalid_field")),
        ("DELETE", {"path": "other.html"}, (422, "invalid_field")),
    ],
)
def test_what_no_page_may_be_is_refused(
    as_alice: ApiClient,
    website: str,
    base: str,
    method: str,
    change: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    sent = {"base_version_id": base, **change}
    status, code = as_alice.refused(method, f"/api/websites/{website}/pages", json=sent)
    if "\0" in str(change.get("path")) or change.get("name") == "  ":
        assert status == 422
    else:
        assert (status, code) == expected
    assert as_alice.get(f"/api/websites/{website}")["website"]["latest_version_number"] == 1


def test_another_newest_version_is_a_conflict_that_names_it(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str, base: str
) -> None:
    newest = save(stack, alice, website, {"about.html": None})
    for method, sent in (
        ("POST", {"name": "Menu"}),
        ("PATCH", {"path": "about.html", "new_path": "us.html"}),
        ("DELETE", {"path": "about.html"}),
    ):
        body = {"base_version_id": base, **sent}
        error = as_alice.error(method, f"/api/websites/{website}/pages", 409, json=body)
        assert (error["code"], error["version_id"]) == ("edit_conflict", newest)
        other = as_alice.new_website()["id"]
        assert as_alice.refused(method, f"/api/websites/{other}/pages", json=body) == (404, "not_found")


def test_links_work_in_a_download(as_alice: ApiClient, website: str, base: str) -> None:
    sent = {"base_version_id": base, "path": "team/ada.html"}
    version = as_alice.post(f"/api/websites/{website}/pages", sent)["version"]["id"]
    downloaded = as_alice.send("GET", f"/api/versions/{version}/download")
    with zipfile.ZipFile(io.BytesIO(downloaded.content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    led = {file_of(address.text, path) for path, text in files.items() for address in addresses_in(text)}
    assert set(files) == {"index.html", "about.html", "team/ada.html"} and led == {"index.html", "about.html"}
