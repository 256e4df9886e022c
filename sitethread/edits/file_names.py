"""File names as models write them: in bold or backticks, in a comment, behind "File:"."""

import re

_LONGEST = 300
_BEFORE = re.compile(r"(?:<!--|/\*|(?://|#+|[-*]|\d+\.)(?=\s))\s*")
_AFTER = re.compile(r"\s*(?:-->|\*/)$")
_LABEL = re.compile(r"[*_`]*(?:file ?name|file|path|page|title)[*_`]*\s*[:=][*_`]*\s*", re.IGNORECASE)
_AROUND = " \t*`\"'()[]{}:,;="
_LOOKS_LIKE_A_PATH = re.compile(r"[./\\%\x00]")
_NAME = re.compile(r"[\w\-./]{1,200}\.(?:html?|css|m?js|json|txt|md|svg|xml|webmanifest)", re.IGNORECASE)


def in_info(info: str) -> str | None:
    """Return the path in what follows a fence and the kind of its block, whether or not it may be used."""
    for word in _bare(info[:_LONGEST]).split():
        if _LOOKS_LIKE_A_PATH.search(word):
            return _path(word)
    return None


def on_line(line: str) -> str | None:
    """Return the file name that a line has, and nothing else."""
    text = _bare(line[:_LONGEST])
    return _path(text) if _NAME.fullmatch(text) else None


def _bare(text: str) -> str:
    text = _AFTER.sub("", text.strip())
    if match := _BEFORE.match(text):
        text = text[match.end() :]
    if match := _LABEL.match(text.lstrip(_AROUND)):
        text = text.lstrip(_AROUND)[match.end() :]
    return text.strip(_AROUND)


def _path(word: str) -> str:
    label = _LABEL.match(word)
    return word[label.end() if label else 0 :].strip(_AROUND).removeprefix("./")
