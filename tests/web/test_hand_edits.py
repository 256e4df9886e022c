"""Edits by hand: search and replace on the newest version, and where elements are in a page's source."""

from typing import Any

import pytest

from sitethread.edits.applying import MOST_EDITS
from tests.http_client import UNKNOWN, ApiClient
from tests.stacks import Person, Stack
from tests.web.versions import save_version

PAGE = """<!doctype html>
<html lang="en"><title>Luna</title><body>
<h1>Luna 🌙</h1>
<ul>
<li><a href="/order">Order</a></li>
<li><a href="/order">Order</a></li>
</ul>
</body></html>
"""


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    id: str = as_alice.new_website()["id"]
    return id


@pytest.fixture
def base(website: str, alice: Person, stack: Stack) -> str:
    return save_version(stack, alice, website, PAGE)


def edit(find: str, replace: str, **more: Any) -> dict[str, Any]:
    return {"path": "index.html", "find": find, "replace": replace, **more}


def body(base: str, *edits: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"base_version_id": base, "edits": list(edits), **more}


def text_of(as_alice: ApiClient, version: dict[str, Any]) -> str:
    text: str = as_alice.get(f"/api/versions/{version['id']}")["version"]["files"]["index.html"]
    return text


def test_edits_make_the_next_version(as_alice: ApiClient, website: str, base: str) -> None:
    sent = body(base, edit("Luna 🌙", "Luna $& \\1"), edit("<title>Luna", "<title>Moon"))
    version = as_alice.post(f"/api/websites/{website}/edits", sent)["version"]
    assert (version["number"], version["source"], version["base_version_id"]) == (2, "edit", base)
    assert version["summary"] == "Changed 2 places"
    assert "files" not in version and "user_id" not in version
    made = PAGE.replace("Luna 🌙", "Luna $& \\1").replace("<title>Luna", "<title>Moon")
    assert text_of(as_alice, version) == made


def test_other_files_stay_and_new_ones_are_made(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    files = {"index.html": PAGE, "menu.html": "<h1>Menu</h1>"}
    row = {"website_id": website, "files": files}
    made = stack.rest(
        "site_versions?select=id",
        alice.access_token,
        "POST",
        json=row,
        headers={"Prefer": "return=representation"},
    )
    new = {"path": "about/us.html", "find": "", "replace": "<h1>Us</h1>"}
    sent = body(made.json()[0]["id"], edit("Luna 🌙", "Moon"), new, summary="Moon")
    version = as_alice.post(f"/api/websites/{website}/edits", sent)["version"]
    assert version["summary"] == "Moon"
    assert as_alice.get(f"/api/versions/{version['id']}")["version"]["files"] == {
        **files,
        "index.html": PAGE.replace("Luna 🌙", "Moon"),
        "about/us.html": "<h1>Us</h1>",
    }


def test_of_equal_texts_the_one_at_its_place_is_edited(as_alice: ApiClient, website: str, base: str) -> None:
    start = PAGE.rindex("Order")
    sent = body(base, edit("Order", "Buy", start=start, end=start + 5))
    version = as_alice.post(f"/api/websites/{website}/edits", sent)["version"]
    assert text_of(as_alice, version) == PAGE[:start] + "Buy" + PAGE[start + 5 :]


@pytest.mark.parametrize("find", ["Luna 🌙", "not there"])
def test_another_newest_version_is_a_conflict_that_names_it(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str, base: str, find: str
) -> None:
    newest = save_version(stack, alice, website, PAGE)
    error = as_alice.error("POST", f"/api/websites/{website}/edits", 409, json=body(base, edit(find, "Moon")))
    assert (error["code"], error["version_id"]) == ("edit_conflict", newest)
    assert len(as_alice.get(f"/api/websites/{website}/versions")["versions"]) == 2


@pytest.mark.parametrize(
    ("refused", "code", "nearest"),
    [
        (edit(">Order now</a>", "x"), "edit_not_found", '<li><a href="/order">Order</a></li>'),
        (edit("Order", "Buy"), "edit_ambiguous", '<li><a href="/order">Order</a></li>'),
        (edit("<ul>", "<ol>"), "edit_breaks_page", "</ul>"),
        (edit("Order", "Buy", start=3, end=8), "edit_not_found", '<li><a href="/order">Order</a></li>'),
    ],
)
def test_what_does_not_fit_is_told_with_its_number_and_the_nearest_lines(
    as_alice: ApiClient, website: str, base: str, refused: dict[str, Any], code: str, nearest: str
) -> None:
    sent = body(base, edit("Luna 🌙", "Moon"), refused)
    error = as_alice.error("POST", f"/api/websites/{website}/edits", 422, json=sent)
    assert (error["code"], error["index"]) == (code, 1)
    assert nearest in error["nearest"]
    assert len(as_alice.get(f"/api/websites/{website}/versions")["versions"]) == 1, "nothing is half made"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"edits": []}, (422, "invalid_field")),
        ({"edits": [edit("a", "b")] * (MOST_EDITS + 1)}, (422, "invalid_field")),
        ({"edits": [{"path": "index.html", "find": "a"}]}, (422, "missing_field")),
        ({"edits": [edit("a", "b", user_id=UNKNOWN)]}, (422, "unknown_field")),
        ({"edits": [edit("a", "b", start=3)]}, (422, "invalid_field")),
        ({"edits": [edit("a", "b", start=-1, end=0)]}, (422, "invalid_field")),
        ({"edits": [{**edit("", "b"), "path": "../x.html"}]}, (422, "invalid_field")),
        ({"edits": [{**edit("a", "b"), "path": "other.html"}]}, (422, "edit_not_found")),
        ({"base_version_id": UNKNOWN}, (404, "not_found")),
        ({"base_version_id": "newest"}, (404, "not_found")),
        ({"number": 7}, (422, "unknown_field")),
    ],
)
def test_what_is_no_edit_is_refused(
    as_alice: ApiClient, website: str, base: str, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    sent = {**body(base, edit("Luna 🌙", "Moon")), **change}
    assert as_alice.refused("POST", f"/api/websites/{website}/edits", json=sent) == expected


def test_a_version_of_another_website_is_no_base(as_alice: ApiClient, base: str) -> None:
    other = as_alice.new_website()["id"]
    sent = body(base, edit("Luna 🌙", "Moon"))
    assert as_alice.refused("POST", f"/api/websites/{other}/edits", json=sent) == (404, "not_found")


def test_the_elements_of_a_page_are_told_by_their_places(as_alice: ApiClient, base: str) -> None:
    found = as_alice.get(f"/api/versions/{base}/elements")
    assert (found["version_id"], found["path"], found["text"]) == (base, "index.html", PAGE)
    slices = [PAGE[start:end] for start, _, _, end in found["elements"]]
    link = '<a href="/order">Order</a>'
    assert slices[0] == "<h1>Luna 🌙</h1>" and slices[2:] == [f"<li>{link}</li>", link] * 2
    _, content_start, content_end, _ = found["elements"][0]
    assert PAGE[content_start:content_end] == "Luna 🌙"
    for path in ("other.html", "style.css"):
        assert as_alice.refused("GET", f"/api/versions/{base}/elements?path={path}") == (404, "not_found")


def test_edits_and_saved_pages_get_the_fonts_and_icons_that_they_link_to(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    link = '<link rel="stylesheet" href="{}">'
    page = f"<!doctype html><html><head>{link.format('fonts/inter.css')}</head><body><p>a</p></body></html>"
    saved = as_alice.post(f"/api/websites/{website}/versions", {"page": page})["version"]
    assert {*files_of(as_alice, saved)} == {"index.html", "fonts/inter.css"}
    icons = link.format("icons/bootstrap-icons.css") + "</head>"
    edits = [
        {"path": "index.html", "find": "</head>", "replace": icons},
        {"path": "index.html", "find": "<p>", "replace": '<i class="bi bi-moon"></i><p>'},
    ]
    body = {"base_version_id": saved["id"], "edits": edits}
    edited = as_alice.post(f"/api/websites/{website}/edits", body)["version"]
    files = files_of(as_alice, edited)
    assert ".bi-moon{" in files["icons/bootstrap-icons.css"] and icons in files["index.html"]
    # A page in a folder links to the same files; they aren't added again.
    body = {"base_version_id": edited["id"], "path": "shop/menu.html"}
    added = files_of(as_alice, as_alice.post(f"/api/websites/{website}/pages", body)["version"])
    assert {*added} == {*files, "shop/menu.html"} and 'href="../fonts/inter.css"' in added["shop/menu.html"]


def files_of(client: ApiClient, version: dict[str, Any]) -> dict[str, str]:
    files: dict[str, str] = client.get(f"/api/versions/{version['id']}")["version"]["files"]
    return files
