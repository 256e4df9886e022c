"""Pages as an answer has them: the edits of those there are, or the whole document."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from embedded.assistant.conversations import Conversation
from embedded.assistant.other_pages import edits_of_others
from embedded.assistant.pages import Page
from sitethread.edits.changes import Edit
from sitethread.edits.rewriting import edits_between

HUNK = "<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"


class Written(NamedTuple):
    """The blocks that put pages on the site, and whether they change others than the first one."""

    blocks: str
    has_others: bool


def written(
    page: Page, conversation: Conversation, change: Callable[[Page], object] | None = None
) -> Written:
    """Return the blocks that put a page on the site, and on its other pages what they share with it.

    `change` makes the same change on what is known of another page.
    """
    html = page.html()
    more = list[str]()
    if conversation.makes_edits:
        edits = edits_of_others(conversation, html, change)
        for path, of_page in groupby(edits, key=lambda edit: edit.path):
            more += edit_block(path, [*of_page])
    return Written("\n\n".join([page_block(html, conversation), *more]), bool(more))


def page_block(html: str, conversation: Conversation) -> str:
    """Return the block of the first page: edits where they were asked for and are shorter."""
    old = conversation.page
    whole = f"```html\n{html}\n```"
    if not old or not conversation.makes_edits or html == old:
        return whole
    edits = edit_block("index.html", edits_between("index.html", old, html))
    return edits[0] if edits and len(edits[0]) < len(whole) / 2 else whole


def edit_block(path: str, edits: Sequence[Edit]) -> list[str]:
    """Return a block of edits; none where a line like a divider would have to be told from the one that is."""
    hunks = [HUNK.format(edit.find, edit.replace) for edit in edits]
    block = "\n".join([f"```edit {path}", *hunks, "```"])
    return [block] if block.count("\n=======\n") == len(hunks) else []
