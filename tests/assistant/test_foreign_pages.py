"""Pages that another hand wrote are changed only where asked."""

from tests.assistant.talk import Talk

FOREIGN = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Blue Door | Home</title>
<style>
:root { --brand: #2255cc }
body { margin: 0; background: #ffffff; color: #222222; font-family: Verdana, sans-serif }
.btn { background: var(--brand); color: #ffffff; padding: 10px }
.row { display: flex; width: 1100px }
</style>
</head>
<body>
<!-- made by hand -->
<nav><a href="#offer">Offer</a><a href="#team">Team</a></nav>
<div class="top"><h1>Welcome to Blue Door</h1><p>We paint doors.</p><a class="btn" href="#offer">See more</a></div>
<section id="offer"><h2>Our offer</h2><div class="row"><p data-x="1">Doors &amp; frames</p></div></section>
<section id="team"><h2>Our team</h2><p>Two people.</p></section>
<footer>© Blue Door</footer>
<script>console.log("a < b && c");</script>
</body>
</html>"""


def on_foreign(*requests: str) -> Talk:
    return Talk("Doors", page=FOREIGN).say(*requests)


def test_a_section_is_added_before_the_footer_in_the_pages_own_colour() -> None:
    talk = on_foreign("Add a contact form")
    form = talk.section("contact")
    assert form and form.find_next("footer")
    assert talk.colour("accent") == "#2255cc"
    assert talk.soup.select_one("nav a[href='#contact']")


def test_a_new_section_speaks_in_the_pages_own_font() -> None:
    assert on_foreign("Add pricing").colour("text") == "Verdana, sans-serif"


def test_everything_else_is_kept() -> None:
    talk = on_foreign("Add a contact form")
    for part in (
        "<!-- made by hand -->",
        '<script>console.log("a < b && c");</script>',
        '<section id="offer"><h2>Our offer</h2><div class="row"><p data-x="1">Doors &amp; frames</p></div></section>',
        "body { margin: 0; background: #ffffff; color: #222222; font-family: Verdana, sans-serif }",
    ):
        assert part in talk.page


def test_a_section_is_found_by_its_heading_and_removed() -> None:
    talk = on_foreign("Remove the team")
    assert not talk.soup.find(id="team")
    assert talk.soup.find(id="offer")
    assert not talk.soup.select("a[href='#team']")


def test_colours_turn_and_greys_stay() -> None:
    talk = on_foreign("Change the colours to green")
    assert "#2255cc" not in talk.page
    assert "color: #222222" in talk.page


def test_the_headline_and_button_are_changed() -> None:
    talk = on_foreign("Change the headline to “Doors, done well”", "Change the button to “Ask us”")
    assert talk.soup.h1.text == "Doors, done well"  # type: ignore[union-attr]
    assert talk.soup.select_one(".btn").text == "Ask us"  # type: ignore[union-attr]


def test_responsive_adds_what_was_missing() -> None:
    talk = on_foreign("Make it responsive")
    assert talk.soup.find("meta", attrs={"name": "viewport"})
    assert "width: 1100px" not in talk.page.replace("max-width: 1100px", "")
    assert "@media (max-width: 48rem)" in talk.page


def test_the_dark_theme_mirrors_the_ground_and_the_text() -> None:
    talk = on_foreign("make it dark")
    assert "background: #ffffff; color: #222222" not in talk.page
    assert "color-scheme: dark" in talk.page


def test_a_font_is_set_over_the_pages_own() -> None:
    assert "Georgia" in on_foreign("use an elegant font").page


def test_an_edit_of_nothing_but_text_keeps_every_other_line() -> None:
    talk = on_foreign('Replace "Two people." with "Three people."')
    changed = set(talk.page.splitlines()) ^ set(FOREIGN.splitlines())
    assert {line for line in changed if "people" not in line} == set()
