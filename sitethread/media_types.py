"""What files of websites may be: texts, and what is known by how it begins, as in `private.media_type_of`."""

from pathlib import PurePosixPath

TEXT = "text/plain"

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"wOF2", "font/woff2"),
    (b"wOFF", "font/woff"),
    (b"%PDF-", "application/pdf"),
)
_TEXTS = {
    ".html": "text/html",
    ".htm": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".md": "text/markdown",
}


def of_content(content: bytes) -> str | None:
    """Return what a content is, TEXT for any text; None for what no website may have."""
    if is_text(content):
        return TEXT
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in {b"ftypavif", b"ftypavis"}:
        return "image/avif"
    return next((type for beginning, type in _BEGINNINGS if content.startswith(beginning)), None)


def is_text(content: bytes) -> bool:
    """Whether it is UTF-8 without NUL."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def of_text(path: str) -> str:
    """Return what a text is at this path."""
    return _TEXTS.get(PurePosixPath(path).suffix.lower(), TEXT)
