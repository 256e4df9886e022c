"""Text that grows in small pieces and is read at its end, kept in little memory."""

import bisect
import zlib

# More pieces than this are joined: many small strings take more memory than their text.
MAX_CHUNKS = 32
# What comes before the end is compressed in blocks of about so many characters.
BLOCK_CHARACTERS = 4096


class StoredText:
    """Positions count characters (code points). It is not safe for several threads at once."""

    def __init__(self, text: str = "") -> None:
        self._blocks: list[bytes] = []
        self._start = 0
        self._chunks: list[str] = []
        self._ends: list[int] = []
        if text:
            self.append(text)

    @property
    def length(self) -> int:
        return self._ends[-1] if self._ends else self._start

    def append(self, text: str) -> None:
        length = self.length
        # The piece before this one may still be read, so that it is in a block only when another has come.
        if length - self._start >= BLOCK_CHARACTERS:
            self._blocks.append(zlib.compress("".join(self._chunks).encode()))
            self._start, self._chunks, self._ends = length, [], []
        elif len(self._chunks) == MAX_CHUNKS:
            self._chunks, self._ends = ["".join(self._chunks)], [length]
        self._chunks.append(text)
        self._ends.append(length + len(text))

    def after(self, position: int) -> str:
        """Return the text after so many characters."""
        if position < self._start:
            blocks = "".join(zlib.decompress(block).decode() for block in self._blocks)
            return blocks[position:] + "".join(self._chunks)
        first = bisect.bisect_right(self._ends, position)
        if first == len(self._chunks):
            return ""
        start = self._ends[first - 1] if first else self._start
        return self._chunks[first][position - start :] + "".join(self._chunks[first + 1 :])
