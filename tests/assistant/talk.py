"""A conversation with the offline assistant, as the app has it: the page travels in the system message."""

import re
from typing import Any, cast

from bs4 import BeautifulSoup, Tag

from embedded.assistant.answers import compose
from embedded.assistant.conversations import Conversation
from sitethread import edit_prompts
from sitethread.answers.turns import StartedTurn
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.picture_prompts import picture_words

FENCE = re.compile(r"^```(?:html|edit index\.html)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


class Talk:
    """Says things and keeps the page, its versions and the answers; the app asks for edits unless they are off."""

    def __init__(
        self,
        website: str = "Coffee Shop Website",
        page: str = "",
        helper: str = "builder",
        *,
        makes_edits: bool = True,
    ) -> None:
        self.rules = edit_prompts.format_rules(makes_edits=makes_edits)
        self.website, self.page, self.helper = website, page, helper
        self.messages: list[dict[str, Any]] = []
        self.brief = ""
        self.version = 1 if page else 0
        self.answer = ""
        # Paths of the website's pictures.
        self.pictures: list[str] = []

    def say(self, *requests: str) -> "Talk":
        for request in requests:
            self.messages.append({"role": "user", "content": request})
            self.answer = compose(self.conversation()).text
            self.take(self.answer)
        return self

    def conversation(self, **more: Any) -> Conversation:
        return Conversation.from_messages([self.system(), *self.messages], **more)

    def system(self) -> dict[str, Any]:
        page = "There is no page yet."
        if self.page:
            page = f"The current page:\n```html\n{self.page}\n```\n\nThat is version {self.version}."
        if self.pictures:
            assets = [
                {"path": path, "media_type": "image/webp", "width": 9, "height": 9} for path in self.pictures
            ]
            turn = {"page": {"number": 1, "files": {}, "assets": assets}}
            page += f"\n\n{picture_words(cast('StartedTurn', turn))}"
        head = f"You are a helper.\n\n{self.rules}\n\nHelper: {self.helper}\nWebsite: {self.website}"
        brief = f"The brief, in the owner's words:\n{self.brief}\n(End of the brief.)"
        return {"role": "system", "content": f"{head}\n\n{brief}\n\n{page}"}

    def take(self, answer: str) -> None:
        """Keep the page of an answer, and the answer as later turns see it."""
        if changes := changes_in(answer):
            files = {"index.html": f"{self.page}\n"} if self.page else {}
            self.page, self.version = apply(files, changes)["index.html"].strip(), self.version + 1
        shown = FENCE.sub(f"[page: version {self.version}]", answer)
        self.messages.append({"role": "assistant", "content": shown})

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.page, "html5lib")

    @property
    def sections(self) -> list[str]:
        """The kinds of sections, from top to bottom."""
        return [str(tag["data-section"]) for tag in self.soup.select("[data-section]")]

    def section(self, kind: str) -> Tag | None:
        return self.soup.select_one(f"[data-section={kind}]")

    def colour(self, name: str) -> str:
        found = re.search(rf"--{name}:\s*([^;]+);", self.page)
        return found[1] if found else ""


def landing(website: str = "Coffee Shop Website", request: str = "Create a landing page") -> Talk:
    return Talk(website).say(request)
