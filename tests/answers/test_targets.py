"""A question that points at a part of the page changes that part alone."""

import uuid

from embedded.assistant.answers import compose
from embedded.assistant.conversations import Conversation
from tests.answers.sites import MENU, PAGE, Site, edit, hunk, target, version_of, whole
from tests.fake_model import Close, Say


def test_only_changes_inside_are_made_and_the_others_are_told(site, model):
    shown = site.ask(edit("Rye, wheat", "Rye") + edit("Baked at night", "Baked at dawn"), target=target(site))
    version = version_of(shown)
    assert site.files(version["version_id"])["index.html"] == PAGE.replace("Rye, wheat", "Rye")
    assert (len(version["changes"]), version["left_out"]) == (1, 1)
    question, answer = site.client.messages(shown.session_id)
    assert question["target"] == target(site)
    [left_out] = answer["changes"]["left_out"]
    assert PAGE[left_out["start"] : left_out["end"]] in "Baked at night"
    instructions = model.requests[-1]["messages"][0]["content"]
    assert f"The part:\n~~~html\n{MENU}\n~~~" in instructions


def test_when_everything_is_outside_the_page_stays_and_what_was_left_out_is_told(site):
    shown = site.ask(edit("Baked at night", "Baked at dawn"), target=target(site))
    version = version_of(shown)
    assert (version["version_id"], version["changes"], version["left_out"]) == (site.given["id"], [], 1)
    assert site.versions == 1


def test_the_demo_assistant_changes_what_is_pointed_at_alone(site, model):
    model.enqueue(Say("Let me see."))
    asked = site.client.ask("Change the heading to Fresh bread", **site.place, target=target(site))
    model.enqueue(Say(compose(Conversation.from_messages(model.requests[-1]["messages"])).text))
    version = version_of(site.client.again(asked.message_id, "retry"))
    assert site.files(version["version_id"])["index.html"] == PAGE.replace(">Menu<", ">Fresh bread<")
    assert (len(version["changes"]), version["left_out"]) == (1, 0)


def test_of_answers_by_a_hostile_model_nothing_reaches_the_page_outside(client, model):
    before, behind = PAGE.split(MENU)
    ours = PAGE.replace("Rye, wheat", "Rye")
    for answer in (
        edit("Baked at night", ""),
        whole(ours.replace("Baked at night", "pwned")),
        whole(ours) + edit("</style>", "#menu { color: red }</style>"),
        edit(MENU, f"<p>pwned</p>{MENU.replace('Rye', 'Oats')}<script>pwned()</script>"),
        edit("Rye, wheat", "Rye<style>body { display: none }</style>"),
        f"```edit about.html\n{hunk('', '<!doctype html><html></html>')}```\n",
        whole(ours) + edit("12 Mill Lane", "pwned") + whole(ours).replace("index.html", "about.html"),
    ):
        other = Site(client, model)
        files = other.files(version_of(other.ask(answer, target=target(other)))["version_id"])
        assert [*files] == ["index.html"], answer
        assert files["index.html"].startswith(before) and files["index.html"].endswith(behind), answer
        assert "pwned" not in files["index.html"] and "display" not in files["index.html"]


def test_another_answer_and_one_that_goes_on_keep_to_the_target(site, model):
    first = site.ask("What do you mean?", target=target(site))
    both = edit("Rye, wheat", "Rye") + edit("Baked at night", "Baked at dawn")
    model.enqueue(Say(both))
    assert version_of(site.client.again(first.message_id, "retry"))["left_out"] == 1

    other = Site(site.client, model)
    model.enqueue(Say(both[:40]), Close())
    broken = other.client.ask("Change it", **other.place, target=target(other))
    model.enqueue(Say(both[40:]))
    again = other.client.again(broken.message_id, "continue")
    assert other.files(version_of(again)["version_id"])["index.html"] == PAGE.replace("Rye, wheat", "Rye")


def test_a_target_is_found_again_where_the_page_has_changed_since(site):
    pointed_at = target(site)
    site.ask(edit("Bread from Luna", "Loaves and rolls from Luna"))
    shown = site.ask(edit("Rye, wheat", "Rye") + edit("Baked at night", ""), target=pointed_at)
    page = site.files(version_of(shown)["version_id"])["index.html"]
    assert "Loaves" in page and "<p>Rye</p>" in page and "Baked at night" in page

    assert site.refused(target=pointed_at) == (409, "target_stale")
    twice = PAGE.replace("</main>", "<p>Rye, wheat</p></main>")
    site.save(twice)
    assert site.refused(target=target(site, "<p>Rye, wheat</p>")) == (409, "target_stale")
    assert len(site.client.messages(shown.session_id)) == 4


def test_a_target_that_can_not_be_is_refused(site, client, model):
    good = target(site)
    for fault in (
        {"start": good["end"]},
        {"end": 10_000},
        {"end": 0},
        {"start": -1},
        {"end": "x"},
        {"more": 1},
        {"start": None},
    ):
        assert site.refused(target={**good, **fault})[0] == 422, fault
    other = Site(client, model)
    for fault in (
        {"path": "other.html"},
        {"version_id": str(uuid.uuid4())},
        {"version_id": other.given["id"]},
    ):
        assert site.refused(target={**good, **fault}) == (404, "not_found"), fault
    assert site.client.refused("POST", "/api/chat", json={"message": "Hi", "target": good}) == (
        404,
        "not_found",
    )


def test_the_same_question_about_another_part_is_another_question(site):
    asked = {"message_id": str(uuid.uuid4()), "target": target(site)}
    first = site.ask("Fine.", **asked)
    assert site.client.ask("Change it", session_id=first.session_id, **asked).message_id == first.message_id
    for other in (target(site, "<h2>Menu</h2>"), None):
        assert site.refused(**{**asked, "target": other}) == (422, "key_reused")


def test_what_was_left_out_is_made_when_its_owner_allows_it(site, charlie):
    shown = site.ask(edit("Rye, wheat", "Rye") + edit("Baked at night", "Baked at dawn"), target=target(site))
    path = f"/api/chat/messages/{shown.message_id}/allow"
    moved = PAGE.replace("Rye, wheat", "Rye").replace("Bread from", "Loaves from")
    site.save(moved)
    version = site.client.send("POST", path).json()["version"]
    assert site.files(version["id"])["index.html"] == moved.replace("Baked at night", "Baked at dawn")
    assert site.client.send("POST", path).json()["version"]["id"] == version["id"]
    answer = site.client.stored(shown.message_id, shown.session_id)
    assert answer["changes"]["corrected"] == version["id"]
    assert site.client.refused("POST", path.replace(shown.message_id, shown.user_message_id)) == (
        404,
        "not_found",
    )

    everything = site.ask(edit("Baked at dawn", ""), target=target_in(site, version, "<p>Rye</p>"))
    assert version_of(everything)["version_id"] == version["id"]
    site.save(PAGE)
    path = f"/api/chat/messages/{everything.message_id}/allow"
    assert site.client.refused("POST", path) == (409, "edit_conflict")
    again = site.save(site.files(version["id"])["index.html"])
    allowed = site.client.send("POST", path).json()["version"]
    assert "dawn" not in site.files(allowed["id"])["index.html"] and allowed["base_version_id"] == again["id"]


def target_in(site: Site, version: dict[str, str], part: str) -> dict[str, object]:
    given = target(site, part, site.files(version["id"])["index.html"])
    return {**given, "version_id": version["id"]}


def test_what_was_changed_besides_the_section_that_is_named_is_told_and_taken_back(site, model):
    model.enqueue(Say(edit("Rye, wheat", "Rye") + edit("Baked at night", "Baked at dawn")))
    shown = site.client.ask("Shorten the menu", **site.place)
    assert (version_of(shown)["also_changed"], version_of(shown)["left_out"]) == (["footer"], 0)
    path = f"/api/chat/messages/{shown.message_id}/take-back"
    version = site.client.send("POST", path).json()["version"]
    assert site.files(version["id"])["index.html"] == PAGE.replace("Rye, wheat", "Rye")
    assert site.client.send("POST", path).json()["version"]["id"] == version["id"]
    assert site.client.refused("POST", path.replace("take-back", "allow")) == (404, "not_found")
