"""Files that a page shows, as data URLs: in its sandbox it reaches no address."""

import base64
from collections.abc import Callable, Iterable

from sitethread import media_types
from sitethread.scheduling import giving_way
from sitethread.versions import Asset

# Of one page, as it is put together at a stretch; what is more is not shown.
MOST_BYTES = 6_000_000
# Of one that is shown small, among many.
MOST_BYTES_SMALL = 1_000_000


def data_urls(
    assets: Iterable[Asset], read: Callable[[str], bytes], most: int = MOST_BYTES
) -> dict[str, str]:
    """Return what a page shows, by path; `read` gets a content by its SHA-256."""
    left, found = most, {}
    for asset in giving_way(assets, 1):
        if asset["size"] <= left:
            left -= asset["size"]
            encoded = base64.b64encode(read(asset["sha256"])).decode()
            found[asset["path"]] = f"data:{_type_of(asset)};base64,{encoded}"
    return found


def _type_of(asset: Asset) -> str:
    is_text = asset["media_type"] == media_types.TEXT
    return media_types.of_text(asset["path"]) if is_text else asset["media_type"]
