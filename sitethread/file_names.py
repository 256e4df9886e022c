"""Names of files that every system accepts."""

import re
import unicodedata

# Windows keeps these to itself, whatever follows the first dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_SEGMENT = re.compile(r"[\w\-][\w\-. ]{0,98}[\w\-]|[\w\-]")


def stem_of(title: str) -> str:
    """Turn a title into the name of a file, without its extension."""
    name = re.sub(r"[^\w\- ]+", " ", unicodedata.normalize("NFC", title))
    stem = "-".join(name.split())[:80].strip("-.") or "sitethread"
    return f"{stem}-" if _DEVICES.match(stem) else stem


def is_safe(path: str) -> bool:
    """Whether a relative path may be unpacked as it is anywhere."""
    segments = path.split("/")
    return len(segments) <= 10 and all(
        _SEGMENT.fullmatch(segment) and ".." not in segment and not _DEVICES.match(segment)
        for segment in segments
    )
