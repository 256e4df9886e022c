"""Where a version is published: the addresses of its pages and contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from typing_extensions import TypedDict

from sitethread import media_types
from sitethread.publishing.facts import Facts
from sitethread.versions import INDEX


class PublishedFile(TypedDict):
    """`media_type` is text/plain for any text; `width` and `height` are those of a picture, in pixels."""

    sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Site:
    """A version as it is published, its files by path."""

    slug: str
    website_id: str
    version_id: str
    published_at: str
    facts: Facts
    files: Mapping[str, PublishedFile]

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of each content by its SHA-256, the first where there are more."""
        return {self.files[path]["sha256"]: path for path in sorted(self.files, reverse=True)}

    def is_text(self, path: str) -> bool:
        return path in self.files and self.files[path]["media_type"] == media_types.TEXT


@dataclass(frozen=True)
class Place:
    """A site under an address: `root` ends with a slash."""

    site: Site
    root: str

    def address_of(self, path: str) -> str:
        """Return the whole address of a page."""
        return self.root + quote(path.removesuffix(INDEX) if f"/{path}".endswith(f"/{INDEX}") else path)

    def content_address(self, path: str) -> str:
        """Return where the content of a file is kept, seen from the root: it never changes.

        A text's address says what it is. What a stylesheet refers to is known by its version and path.
        """
        address = f"_c/{self.site.files[path]['sha256']}"
        if not self.site.is_text(path):
            return address
        version = self.site.version_id if is_stylesheet(path) else ""
        return f"{address}?{version}/{quote(path)}"


def is_stylesheet(path: str) -> bool:
    return path.lower().endswith(".css")


def way_up(path: str) -> str:
    """Return the relative address of the root, seen from a file: "" or some "../"."""
    return "../" * path.count("/")
