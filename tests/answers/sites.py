"""A website with a page, a chat about it, and what a model answers there."""

from typing import Any

from tests import pictures
from tests.chat_client import ChatClient, Shown
from tests.fake_model import FakeModel, Raw, Say

PAGE = """<!doctype html>
<html lang="en"><head><title>Luna</title><style>h1 { color: navy }</style></head>
<body>
<header><h1>Bread from Luna</h1></header>
<main>
<section id="menu"><h2>Menu</h2><p>Rye, wheat</p></section>
<section id="contact"><h2>Contact</h2><p>12 Mill Lane</p></section>
</main>
<footer>Baked at night</footer>
</body></html>
"""
MENU = '<section id="menu"><h2>Menu</h2><p>Rye, wheat</p></section>'


def hunk(find: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{find}\n=======\n{replace}\n>>>>>>> REPLACE\n"


def edit(find: str, replace: str) -> str:
    return f"```edit index.html\n{hunk(find, replace)}```\n"


def whole(page: str) -> str:
    return f"```html index.html\n{page}```\n"


CUT_OFF = Raw(
    b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}\n\ndata: [DONE]\n\n'
)


class Site:
    """A website with a page, and a chat about it."""

    def __init__(self, client: ChatClient, model: FakeModel, page: str = PAGE) -> None:
        self.client, self.model = client, model
        website = client.new_website("Luna")
        self.website_id = website["id"]
        self.place: dict[str, str] = {"website_id": website["id"]}
        self.given = self.save(page)

    def ask(self, *answers: str, **fields: Any) -> Shown:
        """Ask for a change, which the model answers so, one answer after the other."""
        for answer in answers:
            self.model.enqueue(Say(answer))
        shown = self.client.ask("Change it", **self.place, **fields)
        self.place = {"session_id": shown.session_id}
        return shown

    def refused(self, **fields: Any) -> tuple[int, str]:
        """Ask in vain; return the status and the error's code."""
        body = {"message": "Change it", **self.place, **fields}
        return self.client.refused("POST", "/api/chat", json=body)

    def save(self, page: str) -> dict[str, Any]:
        """Make a page the next version, by hand."""
        path = f"/api/websites/{self.website_id}/versions"
        version: dict[str, Any] = self.client.send("POST", path, json={"page": page}).json()["version"]
        return version

    def upload(self, path: str) -> Any:
        """Make a version with a picture more."""
        options = {"params": {"path": path}, "headers": {"Content-Type": "image/png"}}
        data = pictures.drawn("PNG", (60, 40))
        return self.client.send(
            "POST", f"/api/websites/{self.website_id}/files", content=data, **options
        ).json()

    def files(self, version_id: str) -> dict[str, str]:
        files: dict[str, str] = self.client.get(f"/api/versions/{version_id}")["version"]["files"]
        return files

    @property
    def versions(self) -> int:
        return len(self.client.get(f"/api/websites/{self.website_id}/versions")["versions"])


def event_of(shown: Shown, name: str) -> dict[str, Any]:
    return next(data for said, data in shown.events if said == name)


def version_of(shown: Shown) -> dict[str, Any]:
    return event_of(shown, "version")


def target(site: Site, part: str = MENU, page: str = PAGE) -> dict[str, object]:
    """Point at a part of the page that a site was given."""
    start = page.index(part)
    return {
        "version_id": site.given["id"],
        "path": "index.html",
        "start": start,
        "end": start + len(part),
    }
