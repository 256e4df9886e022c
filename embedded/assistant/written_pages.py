"""A page as an answer has it: the edits of the current one, or the whole document."""

from embedded.assistant.conversations import Conversation
from embedded.assistant.pages import Page
from sitethread.edits.rewriting import edits_between

HUNK = "<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"


def page_block(page: Page, conversation: Conversation) -> str:
    """Return the block that puts a page on the site: edits where they were asked for and are shorter."""
    html, old = page.html(), conversation.page
    whole = f"```html\n{html}\n```"
    if not old or not conversation.makes_edits or html == old:
        return whole
    hunks = [HUNK.format(edit.find, edit.replace) for edit in edits_between("index.html", old, html)]
    edits = "\n".join(["```edit index.html", *hunks, "```"])
    # A line like a divider would have to be told from the one that is.
    is_plain = edits.count("\n=======\n") == len(hunks)
    return edits if is_plain and len(edits) < len(whole) / 2 else whole
