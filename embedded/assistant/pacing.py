"""Text in pieces, at about the pace of a fast hosted model: a page takes eight seconds, not a minute."""

import asyncio
import os
import random
import re
import time
from collections.abc import AsyncIterator

FIRST_TOKEN_SECONDS = 0.15
TOKENS_PER_SECOND = (450, 600)
TOKEN = re.compile(r"\s*\S{1,5}|\s+")


def count_tokens(text: str) -> int:
    """Estimate tokens as a quarter of the characters, which is near enough for English and HTML."""
    return (len(text) + 3) // 4


async def paced(text: str, pieces: list[str] | None = None) -> AsyncIterator[str]:
    """Yield the text token by token; ASSISTANT_PACE multiplies every delay (0: none)."""
    pace = float(os.environ.get("ASSISTANT_PACE", "1"))
    jitter = random.Random(len(text))  # noqa: S311 - the same answer keeps the same rhythm
    due = time.monotonic() + FIRST_TOKEN_SECONDS * pace
    for piece in pieces or TOKEN.findall(text):
        # Sleeping until a moment, not for a while, keeps the rate when the machine is busy.
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        due += pace * count_tokens(piece) / jitter.uniform(*TOKENS_PER_SECOND)
        yield piece
