"""A request about one part of a page changes that part alone, and never claims what it can't do there."""

from typing import cast

import pytest

from embedded.assistant.answers import compose
from embedded.assistant.conversations import Conversation
from sitethread import edit_prompts
from sitethread.answers.turns import StartedTurn
from sitethread.edits.answers import changes_in
from sitethread.edits.changes import Place
from sitethread.edits.targets import apply_within
from tests.assistant.talk import Talk, landing

LATTE = '<div class="card"><h3>Latte</h3><p>Mild. And sweet.</p><b>€3.20</b> <a href="/order">Order</a></div>'
HEADING = "<h2>Menu &amp; more</h2>"
PICTURE = "<img src=a.webp alt=''>"
STYLED = '<p style="margin: 0; color: red">Seven to noon</p>'
ITEM = "<li>Rye</li>"
PAGE = f"""<!doctype html>
<html lang="en"><head><title>Luna</title><style>h1 {{ color: navy }}</style></head>
<body><h1>Luna</h1>
<section id="menu">{HEADING}
    <div class="card"><h3>Espresso</h3><p>Strong. And short.</p><b>€2.20</b> <a href="/order">Order</a></div>
    {LATTE}
    <div class="card"><h3>Mocha</h3><p>Sweet. And dark.</p><b>€4.20</b> <a href="/order">Order</a></div>
</section>
<ul><li>Oats</li>{ITEM}<li>Wheat</li></ul>
{PICTURE}{STYLED}
</body></html>
"""


class Asked:
    """A question about a part of a page: what is answered, and what becomes of the part and of the page."""

    def __init__(
        self,
        request: str,
        part: str = LATTE,
        page: str = PAGE,
        path: str = "index.html",
        helper: str = "builder",
    ) -> None:
        start = page.index(part)
        self.target = Place(path, start, start + len(part))
        self.request, self.page, self.helper = request, page, helper
        self.answer = compose(Conversation.from_messages(self.messages())).text
        changes = changes_in(self.answer)
        done = apply_within({path: page}, changes, self.target) if changes else None
        self.after = done.files[path] if done else page
        self.left_out = done.left_out if done else []
        self.part = self.after[start : start + len(part) + len(self.after) - len(page)]

    def messages(self) -> list[dict[str, str]]:
        talk = Talk(page=self.page if self.target.path == "index.html" else PAGE, helper=self.helper)
        turn = {
            "target": self.target._asdict(),
            "page": {"number": 1, "files": {self.target.path: self.page}},
        }
        words = edit_prompts.target_words(cast("StartedTurn", turn))
        system = f"{talk.system()['content']}\n\n{words}"
        return [{"role": "system", "content": system}, {"role": "user", "content": self.request}]


@pytest.mark.parametrize(
    ("request_text", "part", "old", "new"),
    [
        ("Change the heading to Fresh bread", LATTE, "Latte", "Fresh bread"),
        ("please rename the title to “Latte & <b>”.", LATTE, "Latte", "Latte &amp; &lt;b&gt;"),
        ("Ändere die Überschrift zu „Milchkaffee“", LATTE, "Latte", "Milchkaffee"),
        ("Change the text to Very mild", LATTE, "Mild. And sweet.", "Very mild"),
        ("The button should say Buy", LATTE, ">Order<", ">Buy<"),
        ("Change the price to 3.80", LATTE, "€3.20", "€3.80"),
        ('Replace "sweet" with "soft"', LATTE, "sweet", "soft"),
        ("Change Mild to Gentle", LATTE, "Mild", "Gentle"),
        ("Change it to Drinks", HEADING, "Menu &amp; more", "Drinks"),
        ("Change the text to Drinks", HEADING, "Menu &amp; more", "Drinks"),
        ("Let the link lead to latte.html", LATTE, 'href="/order"', 'href="latte.html"'),
        ("Point the button to luna.example/buy?a=1&b", LATTE, "/order", "https://luna.example/buy?a=1&amp;b"),
        ("Make the heading red", LATTE, "<h3>", '<h3 style="color: #bd2a2a">'),
        ("Make it red", STYLED, "color: red", "color: #bd2a2a"),
        ("Make it yellow", LATTE, "<div", '<div style="background: #f2c230; color: #16130f"'),
        ("Give it a cream background", STYLED, "color: red", "background: #fbf4e4; color: #16130f"),
        ("Make it shorter", LATTE, " And sweet.", ""),
        ("Remove the link", LATTE, '<a href="/order">Order</a>', ""),
        ("Remove this card", LATTE, LATTE, ""),
        ("remove it", ITEM, ITEM, ""),
        ("Set the alternative text to A loaf", PICTURE, "alt=''", 'alt="A loaf"'),
        ("Duplicate the link", LATTE, "Order</a>", 'Order</a>\n<a href="/order">Order</a>'),
    ],
)
def test_what_is_asked_for_is_done_in_the_part_alone(
    request_text: str, part: str, old: str, new: str
) -> None:
    asked = Asked(request_text, part)
    assert asked.part == part.replace(old, new), asked.answer
    assert asked.after == PAGE.replace(part, asked.part, 1)
    assert asked.answer.startswith(("I ", "Erledigt: ")) and asked.left_out == []


def test_several_changes_are_made_and_the_others_are_named() -> None:
    asked = Asked("Change the heading to Cortado, make it warmer and remove the link. Thanks!")
    assert asked.part == LATTE.replace("Latte", "Cortado").replace('<a href="/order">Order</a>', "")
    assert asked.answer.startswith(
        "I changed the heading to “Cortado” and removed the link. **Not done:** I made no use of “make it warmer”."
    )


@pytest.mark.parametrize(
    ("request_text", "part", "says"),
    [
        ("Duplicate this", LATTE, "A copy would stand beside"),
        ("Change the heading to Fresh bread", STYLED, "I found no heading"),
        ("Describe the picture as “A cup”", LATTE, "I found no picture"),
        ("Change this to Bread", LATTE, "Say whether the heading"),
        ("Remove “Mocha”", LATTE, "I found no “Mocha”"),
        ("Make it shorter", STYLED, "one sentence already"),
        ("Make it more friendly", LATTE, "more than what you pointed at"),
        ("Add a gallery", LATTE, "more than what you pointed at"),
        ("Use a serif font", LATTE, "more than what you pointed at"),
        ("Rename the business to Mond", LATTE, "I found no “business”"),
        ("Undo that", LATTE, "changed nothing"),
        ("What is this?", LATTE, "changed nothing"),
    ],
)
def test_what_can_not_be_done_there_is_said_and_nothing_is_changed(
    request_text: str, part: str, says: str
) -> None:
    asked = Asked(request_text, part)
    assert says in asked.answer and "```" not in asked.answer and not asked.answer.startswith("I changed")


@pytest.mark.parametrize("helper", ["copywriter", "designer", "seo", "reviewer"])
def test_other_helpers_keep_to_the_part_too(helper: str) -> None:
    assert Asked("Change the heading to Bread", helper=helper).part == LATTE.replace("Latte", "Bread")
    assert "```" not in Asked("apply the first one", helper=helper).answer


def test_a_part_of_another_page_is_changed_where_only_what_is_around_it_is_known() -> None:
    page = PAGE.replace("Luna", "Mond").replace("<ul>", f"<p>{'All about us. ' * 200}</p><ul>")
    asked = Asked("Make it blue and change the heading to Bread", page=page, path="about.html")
    assert asked.answer.count("```edit about.html") == 1
    assert "<h3>Bread</h3>" in asked.part and asked.after == page.replace(LATTE, asked.part)


def test_a_card_of_our_own_page_gets_a_palette_in_which_its_text_is_readable() -> None:
    page = landing().page
    start = page.index("<li", page.index('data-section="features"'))
    card = page[start : page.index("</li>", start) + len("</li>")]
    asked = Asked("Make it dark green and change the heading to “Fresh bread”", card, page)
    assert "Fresh bread" in asked.part and "--on-deep:" in asked.part
    assert asked.left_out == [] and asked.after == page.replace(card, asked.part, 1)


def test_where_edits_did_not_fit_the_whole_page_has_the_change_in_the_part_alone() -> None:
    asked = Asked("Change the heading to Fresh bread")
    more = [
        {"role": "assistant", "content": asked.answer},
        {"role": "user", "content": "The changes don't fit the page either, and none was made."},
    ]
    whole = compose(Conversation.from_messages([*asked.messages(), *more])).text
    [page] = changes_in(whole)
    done = apply_within({"index.html": PAGE}, [page], asked.target)
    assert done.files["index.html"] == asked.after and done.left_out == []
