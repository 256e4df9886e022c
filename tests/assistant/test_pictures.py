"""The offline assistant shows the website's pictures where it is asked to."""

from embedded.assistant.languages import language
from embedded.assistant.picture_requests import split
from sitethread.edits.answers import changes_in
from tests.assistant.talk import Talk, landing

LOGO, BEANS, SHOP = "images/logo.webp", "images/red-beans.webp", "images/shop.webp"


def talk() -> Talk:
    talk = landing("Coffee Shop Website", "Create a landing page for a coffee shop called Luna")
    talk.pictures = [LOGO, BEANS, SHOP]
    return talk


def sources(talk: Talk, selector: str) -> list[tuple[str, str]]:
    return [(str(image["src"]), str(image["alt"])) for image in talk.soup.select(f"{selector} img")]


def test_a_picture_becomes_the_logo_by_an_edit() -> None:
    asked = talk()
    before = asked.page
    asked.say(f"Use this picture as the logo\n\nPictures: {LOGO}")
    assert sources(asked, "header .brand") == [(LOGO, "Logo Luna")]
    assert "Luna" in asked.soup.select_one("header .brand").text  # type: ignore[union-attr]
    assert "```edit index.html" in asked.answer and "Not done" not in asked.answer
    assert (
        asked.page.replace("\n", "") != before.replace("\n", "")
        and asked.sections == Talk(page=before).sections
    )
    by_path = talk().say(f"Use {LOGO} as the logo")
    assert by_path.page == asked.page
    asked.say("Undo that")
    assert asked.page == before


def test_pictures_go_where_they_are_wanted() -> None:
    asked = talk().say(f"Use {BEANS} in the hero and {SHOP} in the about section")
    assert sources(asked, "[data-section=hero]") == [(BEANS, "Red beans")]
    assert sources(asked, "[data-section=about]") == [(SHOP, "Shop")]
    asked.say(f"Put these pictures into the gallery\n\nPictures: {BEANS}, {SHOP}")
    assert [source for source, _ in sources(asked, "[data-section=gallery]")] == [BEANS, SHOP]
    assert "Not done" not in asked.answer


def test_a_first_page_has_the_picture_that_comes_with_its_request() -> None:
    asked = Talk("Site")
    asked.pictures = [BEANS]
    asked.say(f"Create a landing page for a coffee shop called Luna with this picture\n\nPictures: {BEANS}")
    assert sources(asked, "[data-section=hero]") == [(BEANS, "Red beans")]
    assert "Luna" in asked.soup.title.text  # type: ignore[union-attr]


def test_a_picture_that_is_not_there_is_left_out() -> None:
    asked = talk().say("Use images/none.webp as the logo")
    assert changes_in(asked.answer) == [] and "no picture images/none.webp" in asked.answer


def test_what_else_is_asked_is_done_too() -> None:
    english = language("en")
    rest, changes = split(f"Make it dark. Use this picture as the logo.\n\nPictures: {LOGO}", english)
    assert rest == "Make it dark." and [change.what for change in changes] == ["logo"]
    assert split("Show it to everybody. Make it dark", english) == ("Show it to everybody. Make it dark", ())


def test_in_other_languages_too() -> None:
    asked = Talk("Site").say("Erstelle eine Landingpage für mein Café Luna")
    asked.pictures = [LOGO, BEANS]
    asked.say(f"Nimm dieses Bild als Logo\n\nPictures: {LOGO}", f"Zeige {BEANS} in der Galerie")
    assert sources(asked, "header .brand") == [(LOGO, "Logo Luna")]
    assert sources(asked, "[data-section=gallery]") == [(BEANS, "Red beans")]
    assert "Erledigt" in asked.answer and "Nicht" not in asked.answer
