"""Each kind of request changes the page as asked, and leaves the rest as it was."""

import re

import pytest
from bs4 import BeautifulSoup

from embedded.assistant.colours import contrast, lch, rgb
from tests.assistant.talk import Talk, landing

OURS = landing().page


def on_page(request: str) -> Talk:
    return Talk(page=OURS).say(request)


def others_are_kept(talk: Talk, *but: str) -> bool:
    """Whether every section not named is there, byte for byte."""
    before, after = Talk(page=OURS), talk
    return all(
        str(before.section(kind)) == str(after.section(kind)) for kind in before.sections if kind not in but
    )


def test_a_landing_page_is_made_for_the_trade_the_person_names() -> None:
    talk = landing("My site", "Create a landing page for a yoga studio called Stille")
    assert talk.soup.h1 and "hour" in talk.soup.h1.text
    assert "Stille" in talk.soup.title.text  # type: ignore[union-attr]
    assert talk.sections[0] == "hero" and talk.sections[-1] == "footer"


def test_a_trade_nobody_thought_of_gets_a_page_of_its_own() -> None:
    talk = landing("Site", "Create a landing page for my pottery studio called Mud & Fire")
    assert "pottery studio" in talk.page
    assert "Mud &amp; Fire" in talk.page


def test_the_website_names_the_trade_when_the_request_does_not() -> None:
    assert landing("Coffee Shop Website").soup.html["data-trade"] == "coffee-shop"  # type: ignore[index]


@pytest.mark.parametrize(
    ("request_text", "kind"),
    [
        ("Add a contact form", "contact"),
        ("add a gallery please", "gallery"),
        ("I'd like a pricing table", "pricing"),
        ("Can you add our menu?", "menu"),
        ("Add an FAQ", "faq"),
        ("add a team section", "team"),
        ("Show our opening hours and location", "hours"),
        ("Add a newsletter signup", "newsletter"),
        ("add some key figures", "stats"),
        ("Add a schedule", "schedule"),
        ("Add a section about our roasting process", "custom"),
        ("Add a banner saying “Closed on Monday”", "banner"),
    ],
)
def test_a_section_is_added_and_the_others_are_kept(request_text: str, kind: str) -> None:
    talk = on_page(request_text)
    assert kind in talk.sections
    assert others_are_kept(talk, "hero", "cta", "pricing")


def test_many_parts_and_a_colour_fit_in_one_sentence() -> None:
    talk = landing(
        "Site", "Create a landing page for my bakery with a menu, gallery and contact form in dark green"
    )
    assert {"menu", "gallery", "contact"} <= set(talk.sections)
    assert 130 < lch(talk.colour("accent")).hue < 175


def test_a_new_section_is_linked_in_the_navigation_in_page_order() -> None:
    talk = on_page("Add a menu and a contact form")
    links = [str(link["href"]) for link in talk.soup.select("header nav a")]
    assert links.index("#menu") < links.index("#testimonials") < links.index("#contact")


def test_a_section_that_is_there_is_not_added_twice() -> None:
    talk = on_page("Add testimonials")
    assert talk.page == OURS
    assert "already" in talk.answer


@pytest.mark.parametrize(
    "words",
    [
        "Add a menu with prices",
        "Add a menu with our prices",
        "Add a price list for the menu",
        "Add the prices of our dishes",
        "Add a list of services with a price list",
        "Add menu prices",
    ],
)
def test_a_menu_with_prices_is_one_section(words: str) -> None:
    talk = on_page(words)
    assert "menu" in talk.sections and "pricing" not in talk.sections
    assert not talk.soup.select("nav a[href='#pricing']")


@pytest.mark.parametrize("words", ["Add a menu and prices", "Add a menu, pricing and a gallery"])
def test_a_menu_and_prices_are_two_sections(words: str) -> None:
    assert {"menu", "pricing"} <= set(on_page(words).sections)


@pytest.mark.parametrize(
    "words", ["Remove the testimonials", "please delete the reviews section", "get rid of the quotes"]
)
def test_a_section_is_removed_with_its_link(words: str) -> None:
    talk = on_page(words)
    assert "testimonials" not in talk.sections
    assert not talk.soup.select("a[href='#testimonials']")
    assert others_are_kept(talk, "testimonials")


def test_a_section_moves_above_another() -> None:
    talk = Talk(page=OURS).say("Add pricing and a gallery", "Move the gallery above pricing")
    assert talk.sections.index("gallery") < talk.sections.index("pricing")


@pytest.mark.parametrize(
    ("request_text", "order"),
    [
        ("move testimonials to the bottom", ["hero", "features", "about", "cta", "testimonials"]),
        ("Put the testimonials before the features", ["hero", "testimonials", "features", "about", "cta"]),
        ("swap features and about", ["hero", "about", "features", "testimonials", "cta"]),
    ],
)
def test_sections_are_put_in_another_order(request_text: str, order: list[str]) -> None:
    talk = on_page(request_text)
    assert talk.sections[:-1] == order
    assert others_are_kept(talk)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("change the colours to green", 130, 175),
        ("make it blue", 240, 275),
        ("use #b3262e as the colour", 15, 35),
    ],
)
def test_the_colours_are_changed(words: str, low: float, high: float) -> None:
    talk = on_page(words)
    assert low < lch(talk.colour("accent")).hue < high
    assert others_are_kept(talk)


def test_a_hex_colour_is_used_as_it_is() -> None:
    assert on_page("Change the buttons to #0a5c36").colour("accent") == "#0a5c36"


def test_warmer_brings_red_up_against_blue() -> None:
    cold, warm = landing("Law firm"), landing("Law firm").say("make it warmer")
    for name in ("paper", "accent", "deep"):
        (red, _, blue), (more_red, _, less_blue) = rgb(cold.colour(name)), rgb(warm.colour(name))
        assert more_red - less_blue > red - blue


@pytest.mark.parametrize(
    ("words", "display", "text", "links"),
    [
        ("use a serif font", "Lora", "Lora", ["lora"]),
        ("Change the font to Playfair Display", "Playfair Display", "Playfair Display", ["playfair-display"]),
        ("Use a handwritten font for headings", "Caveat", "Seravek", ["caveat"]),
        ("Use the dancing script font", "Dancing Script", "Seravek", ["dancing-script"]),
        ("Set the headings in Inter", "Inter", "Seravek", ["inter"]),
    ],
)
def test_fonts_are_changed_to_families_of_the_website_s_own(
    words: str, display: str, text: str, links: list[str]
) -> None:
    talk = landing("Yoga studio").say(words)
    for name, family in (("display", display), ("text", text)):
        assert talk.colour(name).lstrip("'").startswith(family) and ", " in talk.colour(name)
    assert re.findall(r'<link rel="stylesheet" href="fonts/([\w-]+)\.css">', talk.page) == links


def test_the_dark_theme_is_dark_and_the_light_one_light_again() -> None:
    talk = on_page("Use a dark theme")
    assert contrast(talk.colour("paper"), "#000000") < 2
    assert contrast(talk.say("make it light").colour("paper"), "#ffffff") < 1.3


@pytest.mark.parametrize(
    ("words", "selector", "text"),
    [
        ("Change the headline to “Good morning, Old Town”", "h1", "Good morning, Old Town"),
        ("change the headline to Coffee for everyone", "h1", "Coffee for everyone"),
        ("Set the tagline to 'Open at six'", ".hero .lead", "Open at six"),
        ("The button should say Reserve a table", ".hero a.button", "Reserve a table"),
        ("change the testimonials heading to Kind words", "#testimonials h2", "Kind words"),
        ('Replace "Room to stay" with "Space for you"', ".features li:nth-of-type(3) h3", "Space for you"),
    ],
)
def test_a_wording_is_changed(words: str, selector: str, text: str) -> None:
    found = on_page(words).soup.select_one(selector)
    assert found and found.text.strip() == text


def test_the_business_is_renamed_everywhere() -> None:
    talk = on_page("Rename it to Café Mond")
    assert "Luna Coffee" not in talk.page
    assert talk.soup.select_one(".brand").text.strip() == "Café Mond"  # type: ignore[union-attr]


def test_contact_details_are_set_wherever_they_are_shown() -> None:
    talk = on_page("Add a contact form").say(
        "Our phone number is 030 1234567",
        "Our email is hi@mond.example",
        "The address is 3 Moon Street, Berlin",
    )
    assert "555" not in talk.page and "hello@example.com" not in talk.page
    assert [tag.text for tag in talk.soup.select("[data-detail=address]")] == ["3 Moon Street, Berlin"] * 2
    assert talk.soup.select_one("a[href='tel:0301234567']")


def test_responsive_folds_the_menu_on_phones() -> None:
    talk = on_page("Make it responsive")
    assert talk.soup.select_one("button.menu-button[popovertarget=links]")
    assert talk.soup.select_one("ul#links[popover]")
    assert others_are_kept(talk)


def test_responsive_asked_again_and_again_always_improves_something() -> None:
    talk = on_page("Make it responsive")
    for _ in range(4):
        before = talk.page
        talk.say("Make it responsive")
        assert talk.page != before
        assert "already" in talk.answer


@pytest.mark.parametrize(
    "words",
    [
        "make the text bigger",
        "use rounded corners",
        "more white space",
        "add some animations",
        "make the headings smaller",
    ],
)
def test_sizes_corners_space_and_motion_change(words: str) -> None:
    talk = on_page(words)
    assert talk.page != OURS
    assert others_are_kept(talk)


@pytest.mark.parametrize("words", ["hello", "What is the capital of France?", "thank you!"])
def test_anything_else_gets_help_and_no_page(words: str) -> None:
    talk = on_page(words)
    assert talk.page == OURS
    assert "```" not in talk.answer
    assert "offline demo" in talk.answer


def test_words_of_the_person_are_never_markup() -> None:
    talk = on_page("Change the headline to “<script>alert(1)</script> ``` x”")
    assert not talk.soup.h1.find("script")  # type: ignore[union-attr]
    assert "```" not in talk.page
    assert talk.soup.h1.text == "<script>alert(1)</script> ``` x"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("request_text", "path", "heading"),
    [
        ("Add an about page", "about.html", "About"),
        ("Add a page for the menu", "menu.html", "Menu"),
        ("Add a page for our menu with prices", "menu.html", "Menu"),
        ("Add an about page with our story", "about.html", "About"),
        ("please create another page about our opening hours!", "opening-hours.html", "Opening hours"),
    ],
)
def test_another_page_has_the_header_and_footer_and_a_link_in_the_menu(
    request_text: str, path: str, heading: str
) -> None:
    talk = on_page(request_text)
    made = re.search(rf"^```html {path}\n(.*?)\n```$", talk.answer, re.MULTILINE | re.DOTALL)
    assert made
    page, ours = BeautifulSoup(made[1], "html.parser"), BeautifulSoup(OURS, "html.parser")
    assert [h1.text for h1 in page.find_all("h1")] == [heading]
    for soup in (talk.soup, page):
        assert [link.text for link in soup.select(f"nav a[href='{path}']")] == [heading]
    assert page.footer and ours.footer and page.footer.text == ours.footer.text
    assert page.select_one("nav a[href='index.html#features']")
    assert others_are_kept(talk)
    assert "already" in talk.say(request_text).answer
