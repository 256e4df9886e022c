"""Files that a page shows, as data URLs: in its sandbox it reaches no address."""

import base64
from urllib.parse import quote

from sitethread import contents
from sitethread.database import Rows
from sitethread.versions import PageOfVersion

# Of one page; what is more is not shown.
MOST_BYTES = 3_000_000
_KINDS = ("image/", "font/")


def data_urls(rows: Rows, page: PageOfVersion) -> dict[str, str]:
    """Return the pictures and fonts that a page names, by path."""
    text = page["page"] or ""
    left, found = MOST_BYTES, {}
    for file in page["assets"]:
        is_named = file["path"] in text or quote(file["path"]) in text
        if is_named and file["media_type"].startswith(_KINDS) and file["size"] <= left:
            left -= file["size"]
            encoded = base64.b64encode(contents.get(rows, file["sha256"])).decode()
            found[file["path"]] = f"data:{file['media_type']};base64,{encoded}"
    return found
