"""Text in pieces, at about the pace of a fast hosted model; a long page faster, so that nobody waits for it."""

import asyncio
import os
import random
import re
import time
from collections.abc import AsyncIterator

FIRST_TOKEN_SECONDS = 0.15
TOKENS_PER_SECOND = (450, 600)
# However long the text: a page is there in three seconds with all that the app does with it, a small edit in two.
LONGEST_SECONDS, LONGEST_EDIT_SECONDS = 1.5, 0.45
TOKEN = re.compile(r"\s*\S{1,5}|\s+")
LONG_TOKEN = re.compile(r".{1,56}", re.DOTALL)


def count_tokens(text: str) -> int:
    """Estimate tokens as a quarter of the characters, which is near enough for English and HTML."""
    return (len(text) + 3) // 4


async def paced(text: str, is_edit: bool = False) -> AsyncIterator[str]:
    """Yield the text in pieces; ASSISTANT_PACE multiplies every delay (0: none)."""
    pace = float(os.environ.get("ASSISTANT_PACE", "1"))
    jitter = random.Random(len(text))  # noqa: S311 - the same answer keeps the same rhythm
    longest = (LONGEST_EDIT_SECONDS if is_edit else LONGEST_SECONDS) * max(TOKENS_PER_SECOND)
    haste = max(1.0, count_tokens(text) / longest)
    due = time.monotonic() + FIRST_TOKEN_SECONDS * pace
    for piece in (TOKEN if haste == 1 else LONG_TOKEN).findall(text):
        # Sleeping until a moment, not for a while, keeps the rate when the machine is busy.
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        due += pace * count_tokens(piece) / haste / jitter.uniform(*TOKENS_PER_SECOND)
        yield piece
