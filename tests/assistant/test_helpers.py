"""The helpers beside the builder read the page, advise, and change it when told to."""

import json

import pytest

from tests.assistant.talk import Talk, landing

OURS = landing().page
FAULTY = """<!doctype html><html><head><title>x</title><style>body{background:#fff;color:#333}
.btn{background:#ff9900;color:#ffffff}</style></head><body><h1>Hi</h1><img src="data:,"><input placeholder="Name">
</body></html>"""


def ask(helper: str, *requests: str, page: str = OURS) -> Talk:
    return Talk(page=page, helper=helper).say(*requests)


@pytest.mark.parametrize("helper", ["copywriter", "designer", "seo", "reviewer"])
def test_a_helper_without_a_page_sends_the_person_to_the_builder(helper: str) -> None:
    assert "builder" in ask(helper, "Help me", page="").answer


@pytest.mark.parametrize("helper", ["copywriter", "designer", "seo", "reviewer"])
def test_advice_leaves_the_page_alone(helper: str) -> None:
    talk = ask(helper, "What do you suggest?")
    assert talk.page == OURS
    assert "```html" not in talk.answer


def test_the_copywriter_puts_the_chosen_headline_on_the_page() -> None:
    talk = ask("copywriter", "Suggest three headlines")
    assert talk.answer.count("**") >= 6
    talk.say("use the second one")
    assert talk.soup.h1.text == "Roasted on Tuesdays. Baked before sunrise."  # type: ignore[union-attr]


def test_the_copywriter_shortens_the_text() -> None:
    talk = ask("copywriter", "Make all the text half as long")
    assert len(talk.soup.main.get_text()) < len(landing().soup.main.get_text())  # type: ignore[union-attr]


def test_the_designer_shows_swatches_and_applies_one() -> None:
    talk = ask("designer", "Which colours would suit us?")
    assert talk.answer.count("`#") == 15
    talk.say("apply the third one")
    assert "color-scheme: dark" in talk.page


def test_a_plain_change_is_made_whoever_is_asked() -> None:
    assert "gallery" in ask("designer", "Add a gallery").sections


def test_seo_proposes_a_title_and_writes_it_when_told() -> None:
    talk = ask("seo", "How is our SEO?")
    assert "structured data" in talk.answer
    talk.say("apply it")
    data = talk.soup.find("script", type="application/ld+json")
    assert data and json.loads(data.string or "")["@type"] == "CafeOrCoffeeShop"
    assert talk.soup.find("meta", property="og:title")


@pytest.mark.parametrize("words", ["How is our SEO?", "Is this a good page for the search engines?"])
def test_seo_titles_the_page_with_the_name_the_page_shows(words: str) -> None:
    named = landing().say("Rename it to Luna").page
    talk = Talk("Harbour Roasters", named, "seo").say(words)
    assert "> Luna – Coffee shop" in talk.answer
    assert "There is no structured data" in talk.answer
    talk.say("apply it")
    assert talk.soup.title and talk.soup.title.text.startswith("Luna – Coffee shop")


def test_seo_finds_the_name_in_a_foreign_pages_navigation() -> None:
    nav = "<nav><a class=navbar-brand href=/>Luna</a></nav>"
    page = f"<!doctype html><title>Home</title>{nav}<h1>Good coffee</h1>"
    assert "> Luna – " in ask("seo", "How is our SEO?", page=page).answer


def test_the_reviewer_finds_what_is_wrong_with_its_weight() -> None:
    answer = ask("reviewer", "Review the page", page=FAULTY).answer
    for sign in ("language", "viewport", "alternative text", "label", "contrast of only 2.1:1", "`<main>`"):
        assert sign in answer
    assert answer.count("- **high**") == 5


def test_the_reviewer_is_content_with_a_good_page() -> None:
    assert "nothing to complain about" in ask("reviewer", "Review the page").answer


def test_the_reviewer_puts_right_what_a_rule_can() -> None:
    talk = ask("reviewer", "Review the page", "fix them", page=FAULTY)
    assert talk.soup.html and talk.soup.html["lang"] == "en"
    assert talk.soup.find("img", alt=True)
    assert talk.soup.find("input", attrs={"aria-label": "Name"})
