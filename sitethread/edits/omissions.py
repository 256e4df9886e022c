"""Comments by which a model leaves something out: "rest of the page unchanged"."""

import re

from sitethread.scheduling import giving_way

# About 5 ms of comments.
_YIELD_EVERY = 2_000
_COMMENT = re.compile(r"<!--([^<>]{0,200})-->|/\*([^*]{0,200})\*/|^[ \t]*+//([^\n]{0,200})$", re.MULTILINE)
_WORD = re.compile(r"[a-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REST = _words("rest remainder remaining existing previous")
_OTHERS = _words("other others everything all")
_UNCHANGED = _words("unchanged untouched omitted")
_STAYS = _words("same before continue continues goes here remain remains stay stays")
_PARTS = _words(
    "body code content css file footer head html javascript js markup page script scripts "
    "section sections site style styles"
)
_FILLERS = _words("the of your our this no and")


def omission_in(new: str, old: str) -> str | None:
    """Return the first comment in a new text that stands for what it leaves out, unless the old text has it, too."""
    for match in giving_way(_COMMENT.finditer(new), _YIELD_EVERY):
        said = match[1] or match[2] or match[3] or ""
        if _is_omission(said.lower().strip()) and match[0] not in old:
            return match[0].strip()
    return None


def _is_omission(said: str) -> bool:
    if said.startswith(("...", "…")):
        return True
    words = _WORD.findall(said)
    used = set(words)
    if set(words[:1]) & _UNCHANGED or (used & _UNCHANGED and used & (_REST | _OTHERS)):
        return True
    if not used & _REST:
        return False
    is_all_said = used <= _REST | _PARTS | _FILLERS
    return is_all_said or said.endswith(("...", "…")) or bool(used & _STAYS and used & _PARTS)
