"""Files are uploaded to websites: pictures encoded anew, others as they are, anything else refused."""

import base64
import hashlib
import io
import json
import struct
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image

from sitethread.pictures import process
from tests import pictures
from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.preview_documents import scripts_of
from tests.stacks import Person, Stack

SECRET = b"Taken at 59.9139 N"
PHOTO = pictures.drawn("JPEG", (60, 40), exif=Image.Exif())


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    id: str = as_alice.new_website("Luna")["id"]
    return id


def read(stack: Stack, person: Person, sha256: str) -> bytes:
    return (
        stack.rest("rpc/get_file", person.access_token, "POST", json={"sha256": sha256})
        .raise_for_status()
        .content
    )


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_encoded_anew_and_is_in_the_next_version(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str, format: str
) -> None:
    as_alice.post(f"/api/websites/{website}/versions", {"page": "<img src='images/logo.webp'>"})
    type = f"image/{format.lower()}"
    made = as_alice.upload(website, "images/logo.png", pictures.drawn(format, (60, 40)) + b"<script>", type)
    content = read(stack, alice, made["file"]["sha256"])
    assert made["file"] == {
        "path": "images/logo.webp",
        "media_type": "image/webp",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "width": 60,
        "height": 40,
    }
    assert b"<script>" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (60, 40))
    version = as_alice.get(f"/api/versions/{made['version']['id']}")["version"]
    assert version["number"] == made["version"]["number"] == 2
    assert version["files"] == {"index.html": "<img src='images/logo.webp'>"}
    assert version["assets"] == [made["file"]]
    data_url = f"data:image/webp;base64,{base64.b64encode(content).decode()}"
    assert data_url in as_alice.send("GET", f"/preview/{version['id']}").text
    files = as_alice.send("GET", f"/preview/{version['id']}/files")
    assert files.json() == {"images/logo.webp": data_url}


def test_nothing_of_a_photo_but_its_pixels_is_stored_and_it_stands_upright(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()
    photo = pictures.drawn("JPEG", (60, 40), exif=exif, comment=SECRET, icc_profile=b"x" * 200)
    assert SECRET in photo
    file = as_alice.upload(website, "photo.jpg", photo, "image/jpeg")["file"]
    assert (file["width"], file["height"]) == (40, 60)
    content = read(stack, alice, file["sha256"])
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif() and {"exif", "xmp", "icc_profile"}.isdisjoint(picture.info)
    assert SECRET not in content


def test_a_large_picture_becomes_as_large_as_a_page_needs(as_alice: ApiClient, website: str) -> None:
    noise = Image.effect_noise((4000, 3000), 100).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    file = as_alice.upload(website, "wall.jpg", out.getvalue(), "image/jpeg")["file"]
    assert file["size"] <= process.ENCODED_BYTES and max(file["width"], file["height"]) <= 2560


def test_what_is_clear_stays_clear_and_an_animation_becomes_its_first_picture(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    clear = as_alice.upload(website, "a.png", pictures.drawn("PNG", (9, 9), (1, 2, 3, 0)), "image/png")[
        "file"
    ]
    with Image.open(io.BytesIO(read(stack, alice, clear["sha256"]))) as picture:
        assert picture.convert("RGBA").getpixel((4, 4))[3] == 0
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    moving = pictures.drawn("GIF", (9, 9), (255, 0, 0), save_all=True, append_images=frames)
    still = as_alice.upload(website, "b.gif", moving, "image/gif")["file"]
    with Image.open(io.BytesIO(read(stack, alice, still["sha256"]))) as picture:
        assert not getattr(picture, "is_animated", False)


@pytest.mark.parametrize(
    ("path", "type", "content", "stored"),
    [
        ("style.css", "text/css", b"p {\r\n}\r", b"p {\n}\n"),
        ("js/site.js", "text/javascript", b"1", b"1"),
        ("robots.txt", "text/plain; charset=utf-8", "ø".encode(), "ø".encode()),
        ("data.json", "application/json", b"{}", b"{}"),
        ("fonts/a.woff2", "font/woff2", b"wOF2\0\xff\r\n", b"wOF2\0\xff\r\n"),
        ("Menu.PDF", "application/pdf", b"%PDF-1.7\n\xff\r\n", b"%PDF-1.7\n\xff\r\n"),
    ],
)
def test_other_files_are_taken_as_they_are(
    as_alice: ApiClient,
    alice: Person,
    stack: Stack,
    website: str,
    path: str,
    type: str,
    content: bytes,
    stored: bytes,
) -> None:
    file = as_alice.upload(website, path, content, type)["file"]
    assert (file["path"], file["size"], file["width"]) == (path, len(stored), None)
    assert read(stack, alice, file["sha256"]) == stored


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is so large."""
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000_000)), (b"IEND", b""))
    packed = [struct.pack(">L", len(d)) + n + d + struct.pack(">L", zlib.crc32(n + d)) for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize(
    ("path", "type", "content", "refusal"),
    [
        ("a.png", "image/png", bomb(8000, 5001), (422, "picture_too_large")),
        ("a.png", "image/png", bomb(1, 100_000_000), (422, "picture_too_large")),
        ("a.png", "image/png", bomb(0, 0), (422, "invalid_picture")),
        ("a.png", "image/png", bomb(8000, 5000), (422, "invalid_picture")),
        ("a.png", "image/png", pictures.png(100), (422, "invalid_picture")),
        ("a.png", "image/png", PHOTO, (415, "unsupported_file")),
        ("a.png", "image/png", b"<script>", (415, "unsupported_file")),
        ("a.jpg", "image/jpeg", PHOTO[:300], (422, "invalid_picture")),
        ("a.png", "image/png", pictures.png(process.BYTES + 1), (413, "body_too_large")),
        ("a.svg", "image/svg+xml", b"<svg/>", (415, "unsupported_file")),
        ("a.html", "text/html", b"<p>", (415, "unsupported_file")),
        ("a.exe", "application/octet-stream", b"MZ\xff", (415, "unsupported_file")),
        ("a.css", "text/css", b"\xff", (415, "unsupported_file")),
        ("a.css", "text/css", b"a\0", (415, "unsupported_file")),
        ("a.woff2", "font/woff2", b"<p>", (415, "unsupported_file")),
        ("a.css", "text/css", b"x" * 4_194_305, (413, "body_too_large")),
        ("a.js", "text/css", b"p {}", (422, "invalid_field")),
        ("../a.png", "image/png", PHOTO, (422, "invalid_field")),
        ("a/../../b.png", "image/png", PHOTO, (422, "invalid_field")),
        ("x" * 5000, "image/png", PHOTO, (422, "invalid_field")),
        ("", "image/png", PHOTO, (422, "invalid_field")),
    ],
)
def test_what_no_website_may_have_is_refused(
    as_alice: ApiClient, website: str, path: str, type: str, content: bytes, refusal: Any
) -> None:
    options = {"params": {"path": path}, "content": content, "headers": {"Content-Type": type}}
    assert as_alice.refused("POST", f"/api/websites/{website}/files", **options) == refusal
    assert as_alice.get(f"/api/websites/{website}")["website"]["latest_version_number"] == 0


def test_a_shared_page_shows_the_pictures_that_it_names_and_no_others(
    as_alice: ApiClient, as_charlie: ApiClient, as_nobody: ApiClient, website: str
) -> None:
    as_alice.post(f"/api/websites/{website}/versions", {"page": "<img src='%C3%A4.webp'>"})
    for name in ("ä", "private"):
        made = as_alice.upload(website, f"{name}.png", pictures.drawn("PNG", (9, 9)), "image/png")
    version = made["version"]["id"]
    token = as_alice.post(f"/api/versions/{version}/shares")["share"]["token"]
    shown = as_nobody.send("GET", f"/preview/shared-pages/{token}").text
    assert "data:image/webp;base64,UklGR" in shown and "private" not in shown
    assert as_charlie.send("GET", f"/preview/{version}/files").status_code == 404
    assert as_nobody.send("GET", f"/preview/{version}/files").status_code == 401


def test_a_page_shows_the_styles_and_scripts_that_it_names_and_what_styles_name(
    as_alice: ApiClient, as_nobody: ApiClient, website: str
) -> None:
    names = ["css/beside.webp", "images/named.webp", "other.webp"]
    for name in names:
        as_alice.upload(website, name.replace("webp", "png"), pictures.drawn("PNG", (9, 9)), "image/png")
    css = "p { background: url(beside.webp), url('../images/named.webp') }"
    as_alice.upload(website, "css/site.css", css.encode(), "text/css")
    as_alice.upload(website, "js/site.js", b"let a = 'other.webp'", "text/javascript")
    as_alice.upload(website, "css/other.css", b"p {}", "text/css")
    page = "<!doctype html><link rel=stylesheet href=css/site.css><script src='/js/site.js'></script>"
    version = as_alice.post(f"/api/websites/{website}/versions", {"page": page})["version"]["id"]
    files = as_alice.send("GET", f"/preview/{version}/files").json()
    assert sorted(files) == ["css/beside.webp", "css/site.css", "images/named.webp", "js/site.js"]
    assert files["css/site.css"] == f"data:text/css;base64,{base64.b64encode(css.encode()).decode()}"
    assert files["js/site.js"].startswith("data:text/javascript;base64,")
    token = as_alice.post(f"/api/versions/{version}/shares")["share"]["token"]
    shown = as_nobody.send("GET", f"/preview/shared-pages/{token}").text
    assert files["css/beside.webp"] in shown and "css/other.css" not in shown
    # A page in a message shows those of the newest version.
    chat = as_alice.new_session(website_id=website)["id"]
    message = as_alice.new_message(chat, f"```html\n{page}\n```\n", "assistant")
    assert files["css/site.css"] in as_alice.send("GET", f"/preview/messages/{message['id']}/0").text
    # Behind a link, those of the newest one when it was made, and nothing once it is over.
    link = as_alice.post(f"/api/chat/sessions/{chat}/shares")["share"]
    as_alice.upload(website, "css/site.css", b"p { color: red }", "text/css")
    address = f"/preview/shared-chats/{link['token']}/{message['seq']}/0"
    shown = as_nobody.send("GET", address).text
    assert files["css/site.css"] in shown and files["css/beside.webp"] in shown
    as_alice.post(f"/api/shares/{link['id']}/update", status=200)
    assert files["css/site.css"] not in as_nobody.send("GET", address).text
    as_alice.delete(f"/api/shares/{link['id']}")
    assert as_nobody.send("GET", address).status_code == 404


def test_a_page_in_a_folder_shows_what_it_names_from_there(
    as_alice: ApiClient, as_nobody: ApiClient, website: str
) -> None:
    page = "<!doctype html><link rel=stylesheet href=post.css><img src=photo.webp><img src=../images/a.webp>"
    for name in ("blog/photo", "images/a"):
        as_alice.upload(website, f"{name}.png", pictures.drawn("PNG", (9, 9)), "image/png")
    base = as_alice.upload(website, "blog/post.css", b"p {}", "text/css")["version"]["id"]
    edits = [{"path": path, "find": "", "replace": page} for path in ("blog/post.html", "index.html")]
    sent = {"base_version_id": base, "edits": edits}
    version = as_alice.post(f"/api/websites/{website}/edits", sent)["version"]["id"]
    files = as_alice.send("GET", f"/preview/{version}/files?page=blog/post.html").json()
    named = ["blog/photo.webp", "blog/post.css", "images/a.webp"]
    assert sorted(files) == named
    assert list(as_alice.send("GET", f"/preview/{version}/files").json()) == ["images/a.webp"]
    token = as_alice.post(f"/api/versions/{version}/shares")["share"]["token"]
    chat = as_alice.new_session(website_id=website)["id"]
    message = as_alice.new_message(chat, f"```html blog/post.html\n{page}\n```\n", "assistant")
    link = as_alice.post(f"/api/chat/sessions/{chat}/shares")["share"]["token"]
    for client, address in (
        (as_alice, f"/preview/{version}?page=blog/post.html"),
        (as_nobody, f"/preview/shared-pages/{token}?page=blog/post.html"),
        (as_alice, f"/preview/messages/{message['id']}/0"),
        (as_nobody, f"/preview/shared-chats/{link}/{message['seq']}/0"),
    ):
        shown = json.loads(scripts_of(client.send("GET", address).text)[0])
        assert (shown["path"], sorted(shown["files"])) == ("blog/post.html", named), address


def test_a_picture_is_not_written_over_by_an_edit(as_alice: ApiClient, website: str) -> None:
    base = as_alice.upload(website, "logo.png", pictures.drawn("PNG", (9, 9)), "image/png")["version"]["id"]
    edit = {"path": "logo.webp", "find": "", "replace": "x"}
    sent = {"base_version_id": base, "edits": [edit]}
    refused = as_alice.refused("POST", f"/api/websites/{website}/edits", json=sent)
    assert refused == (422, "edit_not_found")


def test_a_file_is_for_ones_own_website(as_alice: ApiClient, as_charlie: ApiClient, website: str) -> None:
    options = {"params": {"path": "a.jpg"}, "content": PHOTO, "headers": {"Content-Type": "image/jpeg"}}
    foreign = as_charlie.send("POST", f"/api/websites/{website}/files", **options)
    unknown = as_charlie.send("POST", f"/api/websites/{UNKNOWN}/files", **options)
    assert foreign.status_code == 404
    assert without_request_id(foreign.content) == without_request_id(unknown.content)
    assert as_alice.refused("POST", f"/api/websites/{website}/files", content=PHOTO) == (422, "missing_field")


def test_five_pictures_survive_whatever_is_done_to_their_website(
    as_alice: ApiClient, alice: Person, stack: Stack, website: str
) -> None:
    as_alice.post(f"/api/websites/{website}/versions", {"page": "<p>One"})
    for number in range(5):
        made = as_alice.upload(website, f"{number}.png", pictures.drawn("PNG", (10 + number, 9)), "image/png")

    def files(version_id: str) -> dict[str, bytes]:
        assets = as_alice.get(f"/api/versions/{version_id}")["version"]["assets"]
        found = {asset["path"]: read(stack, alice, asset["sha256"]) for asset in assets}
        assert {a["path"]: hashlib.sha256(found[a["path"]]).hexdigest() for a in assets} == {
            a["path"]: a["sha256"] for a in assets
        }
        return found

    whole = made["version"]["id"]
    before = files(whole)
    assert len(before) == 5
    downloaded = as_alice.send("GET", f"/api/versions/{whole}/download")
    assert downloaded.headers["Content-Type"] == "application/zip"
    assert "Luna.zip" in downloaded.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(downloaded.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            **before,
            "index.html": b"<p>One",
        }
    page = as_alice.send("GET", f"/api/versions/{whole}/download", params={"path": "index.html"})
    assert (page.text, page.headers["Content-Type"]) == ("<p>One", "text/html; charset=utf-8")
    options = {"params": {"path": "0.webp"}}
    assert as_alice.refused("GET", f"/api/versions/{whole}/download", **options) == (404, "not_found")
    edited = as_alice.post(f"/api/websites/{website}/versions", {"page": "<p>Two"})["version"]["id"]
    assert files(edited) == before
    stack.rest(
        "site_versions",
        alice.access_token,
        "POST",
        json={"website_id": website, "manifest": dict.fromkeys([f"{number}.webp" for number in range(5)])},
    ).raise_for_status()
    restored = as_alice.post(f"/api/versions/{whole}/restore")["version"]["id"]
    assert files(restored) == before
    chat = as_alice.new_session(website_id=website)["id"]
    for question in ("Create a landing page for a bakery", "Make it blue"):
        as_alice.send("POST", "/api/chat", json={"session_id": chat, "message": question}).raise_for_status()
        answer = as_alice.get(f"/api/chat/sessions/{chat}")["messages"][-1]
        assert files(answer["version_id"]) == before, "by an answer, and by one in a branch"
        chat = as_alice.post(f"/api/chat/messages/{answer['id']}/branch")["session"]["id"]
    item = as_alice.delete(f"/api/websites/{website}")["trash_id"]
    as_alice.post(f"/api/trash/{item}/restore", status=200)
    assert files(whole) == files(restored) == before


def test_a_picture_is_shown_to_its_owner_alone(
    as_alice: ApiClient, as_charlie: ApiClient, as_nobody: ApiClient, website: str
) -> None:
    picture = as_alice.upload(website, "a.png", pictures.drawn("PNG", (9, 9)), "image/png")["file"]
    text = as_alice.upload(website, "a.css", b"p {}", "text/css")["file"]
    path = f"/api/files/{picture['sha256']}"
    assert (
        as_charlie.refused("GET", path)
        == as_alice.refused("GET", f"/api/files/{'0' * 64}")
        == (404, "not_found")
    )
    assert as_nobody.send("GET", path).status_code == 401
    assert as_alice.refused("GET", f"/api/files/{text['sha256']}") == (404, "not_found")
    shown = as_alice.send("GET", path)
    assert shown.headers["Content-Type"] == "image/webp" and len(shown.content) == picture["size"]
    again = as_alice.send("GET", path, headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304


def test_a_removed_picture_is_in_the_versions_before(
    as_alice: ApiClient, as_charlie: ApiClient, website: str
) -> None:
    files = f"/api/websites/{website}/files"
    assert as_alice.refused("DELETE", files, params={"path": "a.webp"}) == (404, "not_found")
    as_alice.post(f"/api/websites/{website}/versions", {"page": "<img src='a.webp'>"})
    before = as_alice.upload(website, "a.png", pictures.drawn("PNG", (9, 9)), "image/png")["version"]
    assert as_charlie.refused("DELETE", files, params={"path": "a.webp"}) == (404, "not_found")
    assert as_alice.refused("DELETE", files, params={"path": "b.webp"}) == (404, "not_found")
    version = as_alice.json("DELETE", files, 200, params={"path": "a.webp"})["version"]
    assert version["base_version_id"] == before["id"]
    shown = as_alice.get(f"/api/versions/{version['id']}")["version"]
    assert (shown["assets"], shown["files"]) == ([], {"index.html": "<img src='a.webp'>"})
    restored = as_alice.post(f"/api/versions/{before['id']}/restore")["version"]
    assert [
        file["path"] for file in as_alice.get(f"/api/versions/{restored['id']}")["version"]["assets"]
    ] == ["a.webp"]
