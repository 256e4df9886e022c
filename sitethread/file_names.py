"""Names of files that every system accepts."""

import re
import unicodedata

from sitethread.edits.paths import DEVICES


def stem_of(title: str) -> str:
    """Turn a title into the name of a file, without its extension."""
    name = re.sub(r"[^\w\- ]+", " ", unicodedata.normalize("NFC", title))
    stem = "-".join(name.split())[:80].strip("-.") or "sitethread"
    return f"{stem}-" if DEVICES.match(stem) else stem
