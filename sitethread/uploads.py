"""Files that people upload: pictures are encoded anew, others taken if they are what they say."""

from pathlib import PurePosixPath

from sitethread import contents, errors, media_types, versions
from sitethread.database import Rows
from sitethread.edits.paths import is_inside
from sitethread.limits import LIMITS
from sitethread.pictures import process
from sitethread.versions import Asset, Version

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
# What else is taken, and how its path must end.
OTHERS = {
    "text/css": ".css",
    "text/javascript": ".js",
    "text/plain": ".txt",
    "application/json": ".json",
    "font/woff2": ".woff2",
    "application/pdf": ".pdf",
}
TYPES = (*sorted(PICTURES), *OTHERS)


def check(path: str, media_type: str) -> None:
    """Raise UnsupportedFile, or InvalidField for the path, before the bytes have come."""
    if media_type == "image/svg+xml":
        raise errors.UnsupportedFile(
            "SVG drawings may hold scripts, so they aren't taken. Send a PNG instead."
        )
    if media_type not in TYPES:
        raise errors.UnsupportedFile
    ending = OTHERS.get(media_type)
    if not is_inside(path):
        raise errors.InvalidField("path: has characters that a file's path can't have here.", field="path")
    if ending and PurePosixPath(path).suffix.lower() != ending:
        raise errors.InvalidField(f"path: should end with {ending}.", field="path")


def add(rows: Rows, website_id: str, path: str, media_type: str, data: bytes) -> tuple[Asset, Version]:
    """Store a file and make the website's next version with it; `path` gets the ending of what is stored.

    Raise what `check`, `process.encode` and `contents.put` raise, NotFound, InvalidField.
    """
    check(path, media_type)
    width = height = None
    if media_type in PICTURES:
        if media_types.of_content(data) != media_type:
            raise errors.UnsupportedFile
        data, width, height = process.encode(data)
        path, media_type = str(PurePosixPath(path).with_suffix(".webp")), "image/webp"
    elif len(data) > LIMITS.file:
        raise errors.BodyTooLarge(f"A file may have {LIMITS.file} bytes.")
    elif media_types.is_text(data):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    sha256 = contents.put(rows, data, media_type)
    version = versions.add_file(rows, website_id, path, sha256)
    file: Asset = {
        "path": path,
        "media_type": media_type,
        "size": len(data),
        "sha256": sha256,
        "width": width,
        "height": height,
    }
    return file, version
