"""Composes the reply: which helper answers, and how an answer that broke off goes on."""

from embedded.assistant import builder, helpers
from embedded.assistant.conversations import MISFITS, Conversation
from embedded.assistant.replies import Reply, ToolCall
from embedded.assistant.undo import effects, replay

ANCHOR = 48
PAGE_CHECK = "check_page"
MOVED_ON = (
    "The page has changed since I began this answer, so I stopped here and left it as it is. Please ask again, "
    "and I'll make the change to the newest version."
)
LOST = "I lost the thread here. Please ask again, and I'll start afresh."


def compose(conversation: Conversation) -> Reply:
    """Answer a conversation; the same conversation always gets the same text."""
    asked, partial = conversation.without_continuation()
    if asked.request.lower().startswith(MISFITS):
        whole = first_reply(asked.before_misfits()).text.partition("```html\n")[2].partition("\n```")[0]
        return Reply(f"```html\n{whole}\n```")
    return Reply(go_on(asked, partial)) if partial else first_reply(asked)


def first_reply(conversation: Conversation) -> Reply:
    """Look the page over before speaking, where this helper can and hasn't yet."""
    can = PAGE_CHECK in conversation.tools and conversation.helper.lower() in {"seo", "reviewer"}
    if can and conversation.page and conversation.tool_result is None:
        return Reply("", (ToolCall(PAGE_CHECK),))
    return Reply(helpers.answer(conversation))


def go_on(asked: Conversation, partial: str) -> str:
    """Return what is left of an answer that broke off, or say that it can't be finished."""
    # Another version may stand there now: the page that the earlier requests made is tried too.
    page = replay(effects(asked.requests[:-1])[0], asked.website, builder.step)
    wholes = [first_reply(one).text for one in (asked.on_page(page.html() if page else ""), asked)]
    for whole in reversed(wholes):
        if whole.startswith(partial):
            return whole[len(partial) :] or "\n"
    for whole in wholes:
        # A part that was shortened on its way here is known by its last words.
        if len(partial) >= ANCHOR and (rest := whole.rpartition(partial[-ANCHOR:]))[1]:
            return rest[2] or "\n"
    # A page without its end is not put on the website, so closing the fence does no harm.
    return f"\n```\n\n{MOVED_ON}" if partial.count("```") % 2 else f" {LOST}"
