"""What the model is told of the parts that several pages have: a change of one is made on all of them."""

from collections.abc import Iterator, Mapping

from sitethread.answers.turns import StartedTurn, files_of
from sitethread.edit_prompts import in_tildes
from sitethread.edits.page_parts import Compared, Part, compared
from sitethread.edits.paths import is_page
from sitethread.versions import INDEX

# Of all pages together, of a part, and of a style, whose beginning says colours and fonts.
MOST_CHARACTERS, _PART, _STYLE = 12_000, 4_000, 1_500
SAME = "as in index.html: {}"
_OWN = "What the other pages have in place of parts of index.html:"


def parts_of_pages(turn: StartedTurn) -> dict[str, Compared]:
    """Return how each other page compares with index.html; of none where the question is about one part alone."""
    files = files_of(turn)
    if turn.get("target") or INDEX not in files:
        return {}
    return {
        path: compared(text, files[INDEX])
        for path, text in sorted(files.items())
        if path != INDEX and is_page(path)
    }


def same_words(parts: Compared | None) -> str:
    """Return the line of a page's outline that says which of its parts are those of index.html."""
    return f"\n({SAME.format(', '.join(parts.same))})" if parts and parts.same else ""


def own_words(pages: Mapping[str, Compared]) -> str:
    """Return the parts that these pages have in their own way, at most MOST_CHARACTERS."""
    told, left = list[str](), MOST_CHARACTERS
    for path, part in _own(pages):
        most = _STYLE if part.name.startswith("style") else _PART
        text = part.text[:most]
        left -= len(text)
        if left >= 0:
            what = f"The {part.name}" if len(part.text) <= most else f"The beginning of the {part.name}"
            told.append(f"{what} of {path}:\n{in_tildes(text)}")
    return "\n\n".join([_OWN, *told]) if told else ""


def _own(pages: Mapping[str, Compared]) -> Iterator[tuple[str, Part]]:
    for path, parts in pages.items():
        for part in parts.own:
            yield path, part
