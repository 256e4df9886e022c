"""Contents of files by hash. Nothing else calls where they are, so another store could stand behind these functions."""

from collections.abc import Mapping

from sitethread.database import Rows


def put(rows: Rows, content: bytes, media_type: str) -> str:
    """Store a content for a version to name, within a day, and return its SHA-256; texts get LF line ends.

    Raise UnsupportedFile for what no website may have and what is not of that type, BodyTooLarge, TooManyUploads,
    QuotaExceeded.
    """
    stored = rows.put_bytes("put_file", content, media_type)
    return str(stored["sha256"])


def get(rows: Rows, sha256: str) -> bytes:
    """Return a content; raise NotFound."""
    return rows.get_bytes("get_file", {"sha256": sha256})


def get_shared(rows: Rows, shown: Mapping[str, object], sha256: str) -> bytes:
    """Return a content that a page behind a share's token shows, to anybody who has it; raise NotFound.

    `shown` are the token, the page's path and the ticket of the share's password.
    """
    return rows.get_bytes("read_shared_file", {**shown, "sha256": sha256})


def get_shared_by_chat(rows: Rows, shown: Mapping[str, object], sha256: str) -> bytes:
    """Return a content that a page in a message of a shared chat shows, to anybody who has its token; raise NotFound.

    `shown` are the token, the `seq` of the message, and the page's path.
    """
    return rows.get_bytes("read_shared_chat_file", {**shown, "sha256": sha256})


def get_published(rows: Rows, slug: str, sha256: str) -> bytes:
    """Return a content that is live under a slug, or was a moment ago, to anybody; raise NotFound."""
    return rows.get_bytes("read_published_file", {"slug": slug, "sha256": sha256})
