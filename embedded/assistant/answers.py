"""Composes the reply: which helper answers, and how an answer that broke off goes on."""

from embedded.assistant import builder, helpers
from embedded.assistant.conversations import Conversation
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
    return Reply(go_on(asked, partial)) if partial else first_reply(asked)


def first_reply(conversation: Conversation) -> Reply:
    if wants_page_check(conversation):
        return Reply("", (ToolCall(PAGE_CHECK),))
    return Reply(helpers.answer(conversation))


def wants_page_check(conversation: Conversation) -> bool:
    """Whether this helper should look the page over before it speaks, and hasn't yet."""
    can = PAGE_CHECK in conversation.tools and conversation.helper.lower() in {"seo", "reviewer"}
    return can and bool(conversation.page) and conversation.tool_result is None


def go_on(asked: Conversation, partial: str) -> str:
    """Return what is left of an answer that broke off, or say that it can't be finished."""
    whole = first_reply(asked).text
    if whole.startswith(partial):
        return whole[len(partial) :] or "\n"
    begun = first_reply(as_it_was(asked)).text
    if begun.startswith(partial):
        return begun[len(partial) :] or "\n"
    rest = after_shared_words(begun, partial) or after_shared_words(whole, partial)
    if rest:
        return rest
    # A page without its end is not put on the website, so closing the fence does no harm.
    return f"\n```\n\n{MOVED_ON}" if partial.count("```") % 2 else f" {LOST}"


def as_it_was(asked: Conversation) -> Conversation:
    """Return the conversation with the page that its earlier requests made: another version may stand there now."""
    page = replay(effects(asked.requests[:-1])[0], asked.website, builder.step)
    return asked.on_page(page.html() if page else "")


def after_shared_words(whole: str, partial: str) -> str:
    """Return what follows the last words of a part that was shortened on its way here, "" where they're missing."""
    place = whole.rfind(partial[-ANCHOR:])
    return whole[place + ANCHOR :] if len(partial) >= ANCHOR and place >= 0 else ""
