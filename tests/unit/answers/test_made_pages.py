"""What an answer makes of the page, and that it makes nothing else."""

import random
from typing import Any

import pytest

from sitethread import errors
from sitethread.answers import made_pages
from sitethread.answers.turns import StartedTurn
from sitethread.limits import LIMITS
from tests.answers.sites import PAGE, edit, hunk, whole
from tests.growth import MOST, growth

MENU = '<section id="menu"><h2>Menu</h2><p>Rye, wheat</p></section>'


def turn(page: str, target: str = "") -> StartedTurn:
    given: Any = {
        "website": {"id": "x", "name": "Luna"},
        "page": {"number": 1, "files": {"index.html": page}},
        "user_message": {"content": "Change it"},
        "answer": {"version_id": None, "content": ""},
    }
    if target:
        start = page.index(target)
        given["target"] = {"path": "index.html", "start": start, "end": start + len(target)}
    made: StartedTurn = given
    return made


def test_of_100_answers_by_a_hostile_model_none_changes_a_byte_outside_of_the_target() -> None:
    rng = random.Random(100)
    paragraphs = [f"<p>Loaf {number} &amp; crust {number}</p>" for number in range(60)]
    page = PAGE.replace(MENU, "\n".join([*paragraphs[:30], MENU, *paragraphs[30:]]))
    before, behind = page.split(MENU)
    kept = 0
    for number in range(100):
        elsewhere = rng.choice([*paragraphs, "Baked at night", "navy", "12 Mill Lane", "<title>Luna"])
        ours = page.replace("Rye, wheat", f"Rye {number}")
        answer = rng.choice([
            edit("Rye, wheat", f"Rye {number}") + edit(elsewhere, f"pwned {number}"),
            edit(elsewhere, ""),
            whole(ours.replace(elsewhere, "pwned")),
            whole(ours.replace("</main>", f"<p>pwned {number}</p></main>")),
            whole(ours) + edit("</style>", "#menu { color: red }</style>"),
            edit(MENU, f"<p>pwned</p>{MENU.replace('Rye', 'Oats')}<script>pwned()</script>"),
            edit("Rye, wheat", "Rye</p></section></main><p>pwned"),
            edit("Rye, wheat", "Rye<!-- pwned"),
            edit("Rye, wheat", "Rye<style>body { display: none }</style>"),
            f"```edit about.html\n{hunk('', '<!doctype html><html></html>')}```\n",
        ])  # fmt: skip
        try:
            made = made_pages.made(answer, turn(page, MENU))
        except errors.EditBreaksPage:
            continue
        assert made and [*made.files] == ["index.html"]
        new = made.files["index.html"]
        assert new.startswith(before) and new.endswith(behind), answer
        assert "display: none" not in new and new.count("<script") == 0 == new.count("<!--")
        kept += new != page
        assert made.changes["left_out"] or new != page
    assert kept > 20


def test_a_page_that_the_model_has_not_seen_is_not_edited_nor_made_anew_by_an_edit() -> None:
    unseen: Any = {**turn(PAGE), "page": {"number": 1, "files": {}, "too_long": 400_000}}
    for text in (edit("Rye, wheat", "Rye"), edit("", "<!doctype html>")):
        with pytest.raises(errors.EditNotFound):
            made_pages.made(text, unseen)
    made = made_pages.made(whole(PAGE), unseen)
    assert made and made.files == {"index.html": PAGE}


def test_of_a_file_that_the_model_saw_a_part_of_the_changes_are_made_and_kept_alone() -> None:
    part = turn(PAGE, MENU)
    unseen: Any = {**part, "page": {"number": 1, "files": {"a.css": "p {}"}, "unseen": {"index.html": PAGE}}}
    made = made_pages.made(edit("Rye, wheat", "Rye"), unseen)
    assert made and made.files == {"a.css": "p {}", "index.html": PAGE.replace("Rye, wheat", "Rye")}
    made = made_pages.made(edit("Baked at night", ""), unseen)
    assert made and made.files == {"a.css": "p {}"}


@pytest.mark.parametrize(
    ("text", "tries"),
    [("", 0), ("```again\n", 0), ("```again\nSo.\n```", 1), ("```again\nSo.\n```\n" * 3, 3)],
)
def test_a_mark_is_a_block_of_one_line(text: str, tries: int) -> None:
    assert made_pages.tries_in(text) == tries


@pytest.mark.parametrize(
    "said", ["Fine.", "```html\n<p>", "````js\n```\n", "```edit\n<<<<<<< SEARCH\n", "```js\n```"]
)
def test_what_follows_a_mark_counts_whatever_was_open_before_it(said: str) -> None:
    marked = said + made_pages.mark(said, errors.EditNotFound("No ``` such\ntext."))
    assert made_pages.tries_in(marked) == 1
    made = made_pages.made(marked + edit("Rye, wheat", "Rye"), turn(PAGE))
    assert made and made.files["index.html"] == PAGE.replace("Rye, wheat", "Rye")
    with pytest.raises(errors.EditNotFound):
        made_pages.made(marked + "Sorry.", turn(PAGE))


def test_changes_in_many_places_are_told_as_one() -> None:
    page = PAGE.replace(MENU, "".join(f"<p>{number}</p>\n" for number in range(100)))
    made = made_pages.made(whole(page.replace("</p>", "!</p>")), turn(page))
    assert made
    [place] = made.changes["places"]
    assert place["start"] < place["end"]


@pytest.mark.parametrize("line", ["```\n", "```again\n", "```again\nx\n```\n", "````\n```\n", "x"])
def test_finding_what_counts_costs_as_much_as_the_text_is_long(line: str) -> None:
    def cost(text: str) -> None:
        made_pages.mark(text, errors.EditNotFound())
        made_pages.tries_in(text)

    assert growth(cost, lambda size: line * (size // len(line)), LIMITS.answer) < MOST
