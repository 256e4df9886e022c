"""What a question to the model is made of, and in which order."""

from typing import Any

import pytest

from sitethread.digests import DIGEST_CHARACTERS, digest_of
from sitethread.edits.page_parts import compared
from sitethread.outlines import MOST_LINES, outline_of
from sitethread.prompts import is_about, messages_for
from tests.growth import MOST, growth

PAGE = """<!doctype html><title>Luna</title>
<section id="menu"><h2>Our <b>menu</b></h2><script>"<h2>no</h2>"</script></section>"""


def turn(**values: Any) -> Any:
    return {
        "session": {"helper": "seo"},
        "website": {"id": "1", "name": "Luna", "brief": "Open daily"},
        "page": {"number": 7, "files": {"index.html": PAGE, "about.html": "<h1>Ann</h1>", "a.css": "p{}"}},
        "history": [{"role": "user", "content": "Any tips?"}],
        "earlier": [{"role": "assistant", "text": "I made it.", "version": 3}],
        **values,
    }


def instructions(**values: Any) -> str:
    return messages_for(turn(**values))[0]["content"] or ""


def test_what_changes_least_comes_first() -> None:
    text = instructions()
    parts = [
        "Helper: seo", "Website: Luna", "Open daily", "about.html\n  Ann", "index.html\nLuna\n    Our menu (#menu)",
        f"The current page:\n```html\n{PAGE}\n```", "version 7", "- You: I made it. (made version 3)",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places) and text.endswith(parts[-1])
    assert "<h1>Ann" not in text and "p{}" not in text, "the question is not about them"


@pytest.mark.parametrize(
    ("question", "path", "is_told"),
    [
        ("Make the About page shorter", "about.html", True),
        ("In a.css, use green", "css/a.css", True),
        ("What about-face is this?", "about.html", False),
        ("Roundabout", "about.html", False),
        ("(.*", "(.html", True),
    ],
)
def test_the_files_that_a_question_names_are_told_whole(question: str, path: str, is_told: bool) -> None:
    assert is_about(question, path) is is_told
    files = {"index.html": PAGE, path: "Whole text"}
    text = instructions(page={"number": 1, "files": files}, history=[{"role": "user", "content": question}])
    assert ("Whole text" in text) is is_told


def test_a_page_that_is_too_long_is_told_by_its_outline() -> None:
    page = {"number": 2, "files": {}, "too_long": 400_000, "skeleton": "<title>Luna</title><h1>Hi</h1>"}
    text = instructions(page=page)
    assert "index.html\nLuna\n  Hi" in text and "400,000 bytes" in text and "```html\n<" not in text


def test_of_a_file_that_is_too_long_the_part_that_is_pointed_at_is_told() -> None:
    long = "<h1>Ann</h1>" + "<p>x</p>" * 1_000
    page = {"number": 2, "files": {"index.html": PAGE}, "unseen": {"about.html": long}}
    text = instructions(page=page, target={"path": "about.html", "start": 0, "end": 12})
    assert "about.html\n  Ann" in text and "The file about.html is not shown to you whole" in text
    assert f"The current page:\n```html\n{PAGE}" in text and "html\n<h1>Ann</h1>\n~~~" in text
    assert text.count("<p>x</p>") == 75


def test_of_other_pages_the_model_gets_what_they_share_with_the_first_one() -> None:
    styles = "<title>{}</title><style id=look>p {{}}</style><style>{}</style>"
    menu, foot = "<header><nav>{}</nav></header>", "<footer>Call 123</footer>"
    first = styles.format("Luna", "") + menu.format("here") + "<h1>Hi</h1>" + foot
    about = (
        styles.format("Ann", "a {}") + menu.format("there") + f"<main><header>{PAGE}</header></main>{foot}"
    )
    hero = f"<header><h1>{'x' * 5_000}</h1><nav>here</nav></header><footer>{'y' * 5_000}</footer>"
    files = {"index.html": first, "about.html": about, "hero.html": hero}
    text = instructions(page={"number": 1, "files": files})
    assert "about.html\nAnn\nLuna\n    Our menu (#menu)\n(as in index.html: style#look, footer)" in text
    assert "The style of about.html:\n~~~html\n<style>a {}</style>\n~~~" in text
    assert f"The header of about.html:\n~~~html\n{menu.format('there')}\n~~~" in text
    assert "The beginning of the footer of hero.html" in text and text.count("yyyy") == 998
    assert "xxx" not in text.partition("What the other pages")[2], "a headline is of its page alone"
    target = {"path": "index.html", "start": 0, "end": 5}
    assert "as in index.html:" not in instructions(page={"number": 1, "files": files}, target=target)
    named = [{"role": "user", "content": "Make about.html shorter"}]
    assert "header of about" not in instructions(page={"number": 1, "files": files}, history=named)


@pytest.mark.parametrize(
    "piece", ["<style>", "<style></style>", "<nav>", "<header><h1>", "<nav id=a></nav>", "<main>"]
)
def test_comparing_pages_costs_as_much_as_they_are_long(piece: str) -> None:
    assert (
        growth(lambda page: compared(page, page), lambda size: piece * (size // len(piece)), 200_000) < MOST
    )


def test_a_chat_about_no_website_has_neither_brief_nor_outline() -> None:
    text = instructions(website=None, page=None, earlier=[])
    assert (
        "brief, in the owner" not in text and "Outline" not in text and text.endswith("There is no page yet.")
    )


def test_an_outline_is_short_and_costs_as_much_as_the_page_is_long() -> None:
    assert len(outline_of("<h2>x</h2>" * 10_000).splitlines()) == MOST_LINES + 1
    assert outline_of(f"<h1>{'x' * 500}</h1>") == "  " + "x" * 80
    for piece in ("<h1>", "<h1 ", "<h1>x<b>", "<section id=a>", "&amp;", "<!--"):
        assert growth(outline_of, lambda size, piece=piece: piece * (size // len(piece)), 300_000) < MOST, (
            piece
        )


def test_a_digest_has_its_newest_lines_within_its_length() -> None:
    told: list[Any] = [{"role": "user", "text": f"{n} {'x' * 150}", "version": None} for n in range(100)]
    digest = digest_of(told)
    assert 3_500 < len(digest) <= DIGEST_CHARACTERS
    assert digest.startswith("- Person: ") and digest.splitlines()[-1].startswith("- Person: 99 ")
