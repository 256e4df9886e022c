"""A published website whose versions take turns, and visitors who look at all of a page."""

import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from tests.http_client import ApiClient
from tests.stacks import Person, Stack

VERSIONS = 5
_REFERENCE = re.compile(r'(?:href|src)="([^"]*_c/[^"]+)"')


@dataclass
class SwitchedSite:
    """`switch` makes another version live; `mixed` and `errors` are what visitors saw that must not be.

    `stale_at` is when somebody last asked for the page and didn't get the version that is live.
    """

    caller: ApiClient
    website: str
    versions: list[str]
    url: str = ""
    seen: set[str] = field(default_factory=set)
    mixed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: int = 0
    live: str = ""
    stale_at: float = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def switch(self, number: int) -> None:
        body = {"version_id": self.versions[number % VERSIONS]}
        made = self.caller.send("PUT", f"/api/websites/{self.website}/publication", json=body)
        assert made.is_success, made.text
        self.url = made.json()["publication"]["url"]
        self.live = f"version-{number % VERSIONS}"

    def visit(self, base: str) -> None:
        """Look at the page again and again, at all that it is made of, until `end`."""
        path = httpx.URL(self.url).path
        with httpx.Client(base_url=base, timeout=30) as http:
            while not self._is_over.is_set():
                self._look(http, path)

    def end(self) -> None:
        self._is_over.set()

    def _look(self, http: httpx.Client, path: str) -> None:
        asked_at = time.monotonic()
        page = http.get(path)
        if self.live not in page.text:
            self.stale_at = max(self.stale_at, asked_at)
        parts = [http.get(urljoin(path, reference)) for reference in _REFERENCE.findall(page.text)]
        self.visits += 1
        self.errors += [f"{one.status_code} {one.url}" for one in (page, *parts) if one.status_code != 200]
        numbers = {word for one in (page, *parts) for word in re.findall(r"version-\d+", one.text)}
        self.seen |= numbers
        if len(numbers) != 1 or len(parts) != 2:
            self.mixed.append(f"{sorted(numbers)} of {len(parts)}")


def switched_site(stack: Stack, person: Person, caller: ApiClient) -> SwitchedSite:
    """Publish the first of some versions, each with a stylesheet and a script of its own."""
    website = caller.new_website("Luna")["id"]
    versions = []
    for number in range(VERSIONS):
        mark = f"version-{number}"
        files = {
            "index.html": f'<!doctype html><link rel="stylesheet" href="a.css"><script src="a.js"></script>{mark}',
            "a.css": f"/* {mark} */ p {{ background: url(a.js) }}",
            "a.js": f"// {mark}",
        }
        made = stack.rest(
            "site_versions?select=id",
            person.access_token,
            "POST",
            json={"website_id": website, "files": files},
            headers={"Prefer": "return=representation"},
        )
        versions.append(made.raise_for_status().json()[0]["id"])
    site = SwitchedSite(caller, website, versions)
    site.switch(0)
    return site
