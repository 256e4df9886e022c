"""What the model is told of a website's pictures: where they are, how large, and what a page says that they show."""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from turbohtml import TokenType, tokenize

from sitethread.answers.turns import StartedTurn, TurnAsset, assets_of, files_of
from sitethread.edits.paths import is_page
from sitethread.scheduling import giving_way

MOST_PICTURES = 60
ALT_CHARACTERS = 100
_RULES = (
    "Pictures of this website. Where one fits what is asked, or the question names it, show it by its path relative to"
    ' the page, with its width, height and an alt text: <img src="{path}" …>, or url() in CSS. No other picture'
    " files are there."
)
# About 5 ms of tokens.
_YIELD_EVERY = 2_000


def picture_words(turn: StartedTurn) -> str:
    """Return a line for each of the first MOST_PICTURES pictures, with the rules for them; "" when there are none."""
    pictures = [asset for asset in assets_of(turn.get("page")) if asset["media_type"].startswith("image/")]
    if not pictures:
        return ""
    shown = _alts(files_of(turn))
    lines = [f"- {_told(picture, shown)}" for picture in pictures[:MOST_PICTURES]]
    if len(pictures) > MOST_PICTURES:
        lines.append(f"- and {len(pictures) - MOST_PICTURES} more")
    return "\n".join([_RULES.replace("{path}", pictures[0]["path"]), *lines])


def _told(picture: TurnAsset, shown: Mapping[str, str]) -> str:
    width, height, path = picture["width"], picture["height"], picture["path"]
    facts = [f"{width}×{height} pixels"] if width and height else []
    facts.append(f'used, alt text "{shown[path]}"' if path in shown else "not used yet")
    return f"{path} ({', '.join(facts)})"


def _alts(files: Mapping[str, str]) -> dict[str, str]:
    """Return the first alternative text of each file that an image of a page shows, by the file's path."""
    found = dict[str, str]()
    for page in files:
        for attributes in _images(files[page]) if is_page(page) else ():
            path = _path_from(page, attributes.get("src", ""))
            alt = " ".join(attributes.get("alt", "").split())[:ALT_CHARACTERS]
            found[path] = found.get(path) or alt
    return found


def _images(html: str) -> Iterator[Mapping[str, str]]:
    """Yield the attributes of a page's images, in one pass, during which other requests run."""
    for token in giving_way(tokenize(html), _YIELD_EVERY):
        if token.type == TokenType.START_TAG and token.tag == "img":
            yield {name: value or "" for name, value in token.attrs or ()}


def _path_from(page: str, address: str) -> str:
    """Return which file an address on a page leads to, were it one of the website."""
    try:
        path = unquote(urlsplit(address[:2_000]).path)
    except ValueError:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path)).lstrip("/")
