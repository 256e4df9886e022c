"""What pages of a site share changes on all of them, in one answer."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from embedded.assistant.answers import compose
from embedded.assistant.conversations import Conversation
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.prompts import messages_for


class Site:
    """A site of several pages that is talked about, as the app tells of it."""

    def __init__(self, *requests: str) -> None:
        self.files: dict[str, str] = {}
        self.history: list[Any] = []
        self.say(*requests)

    def say(self, *requests: str) -> str:
        answer = ""
        for request in requests:
            self.history.append({"role": "user", "content": request})
            turn: Any = {
                "session": {"helper": "builder"},
                "website": {"id": "1", "name": "Luna Bakery", "brief": ""},
                "page": {"number": 1, "files": self.files} if self.files else None,
                "history": self.history,
                "earlier": [],
            }
            answer = compose(Conversation.from_messages(messages_for(turn))).text
            self.files = apply(self.files, changes_in(answer))
            self.history.append({"role": "assistant", "content": answer.partition("```")[0]})
        return answer

    def menu(self, path: str) -> list[tuple[str, str]]:
        nav = BeautifulSoup(self.files[path], "html5lib").nav
        return [(link.get_text(), str(link["href"])) for link in nav.find_all("a")] if nav else []


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return Site(
        "Create a landing page for a bakery called Luna", "Add an about page", "Add a page for our events"
    ).files


@pytest.fixture
def site(made: dict[str, str]) -> Site:
    site = Site()
    site.files = dict(made)
    return site


def test_each_page_leads_to_all_of_them_once(site: Site) -> None:
    assert {*site.files} == {"index.html", "about.html", "events.html"}
    for path in site.files:
        menu = site.menu(path)
        assert len({label for label, _ in menu}) == len(menu), menu
        assert {"about.html", "events.html"} <= {address for _, address in menu}
    site.say("Add an about section")
    assert [label for label, _ in site.menu("index.html")].count("About") == 1


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ("Set the phone number to +44 20 7946 0123", "tel:+442079460123"),
        ("Replace “About” with “Our story”", ">Our story</a>"),
        ("Rename it to Sol Bakery", "<span>Sol Bakery</span>"),
        ("Change the colours to green", ""),
        ("Use a monospace font", ""),
        ("Give the page a dark theme", ""),
    ],
)
def test_a_change_of_what_pages_share_is_made_on_all_of_them(site: Site, request_: str, text: str) -> None:
    before = site.files
    answer = site.say(request_)
    assert "The other pages have it, too." in answer
    themes = {
        BeautifulSoup(page, "html5lib").find("style", id="theme").decode() for page in site.files.values()
    }  # type: ignore[union-attr]
    assert len(themes) == 1
    for path, page in site.files.items():
        assert page != before[path] and text in page, path
        assert page.partition("<main")[2].partition("</main>")[0].count("<section") == before[path].partition(
            "<main"
        )[2].partition("</main>")[0].count("<section")


@pytest.mark.parametrize("taken_back", ["Remove the contact form", "Undo that"])
def test_menus_of_all_pages_lead_to_a_section_of_the_first_one_while_it_is_there(taken_back: str) -> None:
    site = Site("Create a landing page for a bakery", "Add an events page")
    before = {path: site.menu(path) for path in site.files}
    assert "The other pages lead there, too." in site.say("Add a contact form")
    assert ("Contact", "#contact") in site.menu("index.html")
    assert ("Contact", "index.html#contact") in site.menu("events.html")
    site.say(taken_back)
    assert {path: site.menu(path) for path in site.files} == before


def test_what_is_taken_back_goes_from_all_of_them(site: Site) -> None:
    site = Site("Create a landing page for a bakery", "Add an events page", "Change the colours to green")
    green = site.files
    site.say("Undo that")
    assert site.files != green
    for path in site.files:
        assert site.files[path] != green[path], path
