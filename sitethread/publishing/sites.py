"""Published sites as a worker serves them: what is live under a slug, at most a second old, and its files."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from sitethread import contents, errors, media_types
from sitethread.database import Rows
from sitethread.publishing import links, rendering
from sitethread.publishing.bodies import Body, Encoding, body_of, compressed
from sitethread.publishing.kept import Kept
from sitethread.publishing.places import Place, Site
from sitethread.versions import INDEX

# What is published or taken offline shows on every worker within 1 s: this is from before the question to the database.
FRESH_SECONDS = 0.75
# While the database is away, visitors see what was live last.
MOST_SECONDS = 300
MOST_BYTES = 64_000_000
_VERSION_SECONDS = 60
# Each with up to 100 files: some 60 MB at most.
_MOST_SLUGS = 1_000
# A site, however small, takes so many bytes: of each file about 500.
_BYTES_OF_A_FILE = 500


@dataclass(frozen=True)
class Moved:
    """The slug that leads on to another one."""

    slug: str


@dataclass(frozen=True)
class _Asked:
    """What the database said, None for nothing; when it was asked, and when it said so."""

    at: float
    site: Site | Moved | None
    heard_at: float


class Sites:
    """Any thread or greenlet may ask."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._asked: OrderedDict[str, _Asked] = OrderedDict()
        # Keeps nothing, but who asks for the same at once gets one answer.
        self._asking: Kept[str, _Asked] = Kept(0, lambda _: 1)
        self._versions: Kept[tuple[str, str, int], Site] = Kept(MOST_BYTES // 16, _size_of)
        self._bodies: Kept[tuple[str, ...], Body] = Kept(MOST_BYTES, lambda body: len(body.data) + 500)

    def live(self, slug: str) -> Site | Moved:
        """Return what is live under a slug; raise NotFound, DatabaseUnavailable."""
        asked = self._asked.get(slug)
        if asked is None or time.monotonic() - asked.at >= FRESH_SECONDS:
            asked = self._asking.get(slug, partial(self._ask, slug))
        if asked.site is None:
            raise errors.NotFound
        return asked.site

    def version(self, slug: str, version_id: str) -> Site:
        """Return a version that is live under a slug or was a moment ago; raise NotFound."""
        live = self.live(slug)
        if isinstance(live, Site) and live.version_id == version_id:
            return live

        def read() -> Site:
            params = {"slug": slug, "version_id": version_id}
            found = _site(self._rows.call("read_publication", params))
            if isinstance(found, Moved):
                raise errors.NotFound
            return found

        # The database is asked again after a while: then it may no longer be seen.
        return self._versions.get((slug, version_id, int(time.monotonic() // _VERSION_SECONDS)), read)

    def page(self, place: Place, path: str) -> Body:
        """Return the body of a page; raise NotFound."""
        site = place.site

        def render() -> Body:
            text = rendering.page(self._text(site, path), path, place)
            return body_of(text.encode(), "text/html")

        return self._bodies.get((site.slug, site.version_id, place.root, path, str(site.facts)), render)

    def thanks(self, place: Place) -> Body:
        """Return the body of the page that thanks for what was sent; raise NotFound."""
        site = place.site

        def render() -> Body:
            index = self._text(site, INDEX) if site.is_text(INDEX) else ""
            return body_of(rendering.thanks_page(index, place).encode(), "text/html")

        return self._bodies.get((site.slug, site.version_id, place.root, "thanks", str(site.facts)), render)

    def stylesheet(self, place: Place, path: str) -> Body:
        """Return the body of a stylesheet that refers to others by their hashes; raise NotFound."""
        site = place.site

        def render() -> Body:
            return body_of(links.stylesheet(self._text(site, path), path, place).encode(), "text/css")

        return self._bodies.get((site.slug, site.version_id, "css", path), render)

    def file(self, site: Site, path: str) -> Body:
        """Return the body of a file as it is; raise NotFound."""
        file = site.files[path]
        media_type = media_types.of_text(path) if site.is_text(path) else file["media_type"]
        return self.content(site, file["sha256"], media_type)

    def content(self, site: Site, sha256: str, media_type: str | None = None) -> Body:
        """Return the body of a content that is live or was a moment ago, as what it is; raise NotFound."""

        def read() -> Body:
            data = contents.get_published(self._rows, site.slug, sha256)
            return body_of(data, media_type or media_types.of_content(data) or "application/octet-stream")

        if sha256 not in site.paths:
            # The database says whether it still may be seen.
            return read()
        return self._bodies.get((site.slug, sha256, media_type or ""), read)

    def in_encoding(self, body: Body, encoding: Encoding) -> Body:
        return self._bodies.get(
            ("encoded", body.tag, body.media_type, encoding), partial(compressed, body, encoding)
        )

    def _text(self, site: Site, path: str) -> str:
        return self.content(site, site.files[path]["sha256"], media_types.TEXT).data.decode()

    def _ask(self, slug: str) -> _Asked:
        """Ask the database, unless somebody just did."""
        at, last = time.monotonic(), self._asked.get(slug)
        if last is not None and at - last.at < FRESH_SECONDS:
            return last
        try:
            asked = _Asked(at, _site(self._rows.call("read_publication", {"slug": slug})), at)
        except errors.NotFound:
            asked = _Asked(at, None, at)
        except errors.DatabaseUnavailable:
            if last is None or at - last.heard_at > MOST_SECONDS:
                raise
            asked = _Asked(at, last.site, last.heard_at)
        return self._note(slug, asked)

    def _note(self, slug: str, asked: _Asked) -> _Asked:
        self._asked[slug] = asked
        self._asked.move_to_end(slug)
        while len(self._asked) > _MOST_SLUGS:
            self._asked.popitem(last=False)
        return asked


def _site(found: dict[str, object]) -> Site | Moved:
    if "moved_to" in found:
        return Moved(str(found["moved_to"]))
    names = ("slug", "website_id", "version_id", "published_at", "facts", "files")
    return Site(**{name: found[name] for name in names})  # type: ignore[arg-type]


def _size_of(site: Site) -> int:
    return _BYTES_OF_A_FILE * (1 + len(site.files))
