"""A page that moves while an answer is written: its edits are made on the page that stands now, or both are kept."""

import pytest

from tests.answers.sites import MENU, PAGE, Site, edit, event_of, target, version_of, whole
from tests.chat_client import Shown
from tests.fake_model import Hold, Say


def ask_while(site: Site, answer: str, page: str, **fields: object) -> Shown:
    """Ask, and make another page the newest version before the answer is over."""
    held = Hold()
    site.model.enqueue(Say(answer), held)
    shown = Shown()
    for _ in site.client.asking(shown, "Change it", **site.place, **fields):
        if shown.text and not held.released.is_set():
            site.save(page)
            held.release()
    return shown


def test_edits_are_made_on_the_page_that_came_meanwhile(site):
    shown = ask_while(site, edit("Rye, wheat", "Rye"), PAGE.replace("Baked at night", "Baked at dawn"))
    version = version_of(shown)
    page = site.files(version["version_id"])["index.html"]
    assert page == PAGE.replace("Rye, wheat", "Rye").replace("Baked at night", "Baked at dawn")
    assert (version["number"], shown.done["error_code"]) == (3, None)
    newest, moved, _ = site.client.get(f"/api/websites/{site.website_id}/versions")["versions"]
    assert newest["base_version_id"] == moved["id"]
    [place] = version["changes"]
    assert page[place["start"] : place["end"]] in "Rye"


def test_what_was_pointed_at_is_found_in_the_page_that_came_meanwhile(site):
    both = edit("Rye, wheat", "Rye") + edit("12 Mill Lane", "13 Mill Lane")
    longer = PAGE.replace("Bread from", "Loaves and rolls from")
    version = version_of(ask_while(site, both, longer, target=target(site)))
    assert site.files(version["version_id"])["index.html"] == longer.replace("Rye, wheat", "Rye")
    assert version["left_out"] == 1


def test_of_a_page_that_is_too_long_the_model_gets_the_outline_and_the_part_and_edits_all_of_it(site, model):
    letters = "<h2>Letters</h2>\n" + "<p>Dear Luna</p>\n" * 40_000
    long = PAGE.replace("</main>", f"<section>{letters}</section></main>")
    pointed_at = {**target(site), "version_id": site.save(long)["id"]}
    both = edit("Rye, wheat", "Rye") + edit("Baked at night", "Baked at dawn")
    moved = long.replace("Bread from", "Loaves and rolls from")
    version = version_of(ask_while(site, both, moved, target=pointed_at))
    assert site.files(version["version_id"])["index.html"] == moved.replace("Rye, wheat", "Rye")
    assert (len(version["changes"]), version["left_out"]) == (1, 1)
    instructions = model.requests[-1]["messages"][0]["content"]
    assert "    Letters" in instructions and f"The part:\n~~~html\n{MENU}\n~~~" in instructions
    assert len(instructions) < 20_000

    other = Site(site.client, model)
    whole_page = {"version_id": other.save(long)["id"], "path": "index.html", "start": 0, "end": len(long)}
    assert other.refused(target=whole_page) == (422, "invalid_field")


@pytest.mark.parametrize("answer", [edit("Rye, wheat", "Rye"), whole(PAGE.replace("Rye, wheat", "Rye"))])
def test_where_they_do_not_fit_there_both_pages_are_kept_and_offered(site, answer):
    shown = ask_while(site, answer, PAGE.replace("Rye, wheat", "Oats"))
    assert event_of(shown, "error")["code"] == "page_moved" and shown.done["status"] == "complete"
    newest, moved, given = site.client.get(f"/api/websites/{site.website_id}/versions")["versions"]
    assert newest["id"] == version_of(shown)["version_id"]
    assert newest["base_version_id"] == moved["base_version_id"] == given["id"]
    assert site.files(newest["id"])["index.html"] == PAGE.replace("Rye, wheat", "Rye")
    assert version_of(shown)["beside"] == moved["id"]
    # What is asked next goes on from what was answered.
    assert "<p>Rye</p>" in next_page(site, shown)


@pytest.mark.parametrize("answer", [edit("Rye, wheat", "Rye"), whole(PAGE.replace("Rye, wheat", "Rye"))])
def test_a_picture_that_came_meanwhile_is_beside_what_was_answered(site, answer):
    held = Hold()
    site.model.enqueue(Say(answer), held)
    shown = Shown()
    for _ in site.client.asking(shown, "Change it", **site.place):
        if shown.text and not held.released.is_set():
            site.upload("logo.png")
            held.release()
    assert shown.done["error_code"] is None
    version = site.client.get(f"/api/versions/{version_of(shown)['version_id']}")["version"]
    assert version["files"]["index.html"] == PAGE.replace("Rye, wheat", "Rye")
    assert [file["path"] for file in version["assets"]] == ["logo.webp"]


def next_page(site: Site, shown: Shown) -> str:
    site.model.enqueue(Say("Fine."))
    site.client.ask("And?", session_id=shown.session_id)
    return str(site.model.requests[-1]["messages"][0]["content"])
