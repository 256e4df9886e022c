"""Text arrives at about the pace of a hosted model."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from embedded.assistant.pacing import FIRST_TOKEN_SECONDS, TOKENS_PER_SECOND, count_tokens, paced


async def read(text: str) -> tuple[list[str], list[float]]:
    started, pieces, times = time.monotonic(), [], []
    async for piece in paced(text):
        pieces.append(piece)
        times.append(time.monotonic() - started)
    return pieces, times


def timed(text: str) -> tuple[list[str], list[float]]:
    """Read on a thread of its own: where a browser test ran before, this one has a running event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, read(text)).result()


def test_the_pieces_are_the_text_and_come_no_faster_than_from_a_fast_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_PACE", "1")
    text = "Here is a page,\n  with  spaces – and umlauts: äöü.\n" * 20
    pieces, times = timed(text)
    assert "".join(pieces) == text
    assert times[0] >= FIRST_TOKEN_SECONDS
    assert times[-1] >= sum(map(count_tokens, pieces[:-1])) / max(TOKENS_PER_SECOND)


def test_pace_nought_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PACE", "0")
    _, times = timed("word " * 2000)
    assert times[-1] < 2


def test_a_long_page_comes_in_few_pieces_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PACE", "1")
    text = "<p>A line of a page, with some words in it.</p>\n" * 800
    pieces, times = timed(text)
    assert "".join(pieces) == text
    assert len(pieces) < 1000 and times[-1] < 4
