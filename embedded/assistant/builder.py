"""The builder: does what a request asks for to the page, and says what it did."""

from collections.abc import Sequence

from embedded.assistant import section_edits, suggestions
from embedded.assistant.briefs import Brief, read_brief
from embedded.assistant.changes import Change
from embedded.assistant.conversations import Conversation
from embedded.assistant.edits import Outcome, apply, part_name, with_article
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.request_parser import asks_to_undo, parse
from embedded.assistant.section_names import listed, mentioned
from embedded.assistant.undo import undo

HELP = """I can build this page with you, step by step. Tell me what it is for, and I'll write a first version:

- **Create a landing page for a coffee shop called Luna**
- **Add a menu, a gallery and a contact form**
- **Change the colours to dark green** or **make it warmer**
- **Use a serif font**, **make it dark**, **make it responsive**
- **Change the headline to “Good morning”**
- **Move pricing above gallery**, **remove the testimonials**"""
NOT_UNDERSTOOD = """I didn't find a change in that which I know how to make, so I left the page as it is. I work by \
rules, not with a language model: plain requests work best. For example:"""
DEMO = "*You are talking to the offline demo: it composes pages by rules, without a language model.*"


def answer(conversation: Conversation) -> str:
    """Return the answer's markdown, with the whole page in it when something was changed."""
    page = Page(conversation.page) if conversation.page else None
    request = suggestions.accepted(conversation.request, conversation.last_answer) or conversation.request
    requests = [*conversation.requests[:-1], request]
    if page and asks_to_undo(request):
        return answer_undo(page, conversation.website, requests)
    brief, changes = read(conversation.website, requests, page)
    if not changes:
        return offer_help(page, brief)
    page, outcomes = carry_out(page, changes, brief)
    if not any(outcome.done for outcome in outcomes):
        return f"{' '.join(outcome.refusal for outcome in outcomes)}\n\n{suggestions.offer(page, brief)}"
    return with_page(report(changes, outcomes, brief, page), page, brief)


def read(website: str, requests: Sequence[str], page: Page | None) -> tuple[Brief, list[Change]]:
    """Return the brief and the changes that the last of the requests asks for."""
    brief = read_brief(website, list(requests), page)
    earlier = [kind for text in requests[:-1] for kind in mentioned(text)]
    return brief, parse(requests[-1] if requests else "", page is not None, earlier[-1] if earlier else "")


def carry_out(page: Page | None, changes: list[Change], brief: Brief) -> tuple[Page, list[Outcome]]:
    """Apply the changes to the page, or to a new one where they begin with one."""
    outcomes = []
    for change in changes:
        if change.verb == "create" or page is None:
            page = section_edits.create(brief)
            outcomes.append(Outcome("created"))
        else:
            outcomes.append(apply(page, change, brief))
    assert page is not None  # noqa: S101 - there is at least one change
    return page, outcomes


def step(page: Page | None, website: str, requests: Sequence[str]) -> Page | None:
    """Return the page as it is after the last of the requests."""
    brief, changes = read(website, requests, page)
    return carry_out(page, changes, brief)[0] if changes else page


def answer_undo(page: Page, website: str, requests: list[str]) -> str:
    undone = undo(page, website, requests[:-1], step)
    brief = read_brief(website, requests, page)
    if not undone:
        return (
            "I found nothing of my own to take back here. Every earlier version of the page is kept: open the version "
            f"list and restore the one you want.\n\n{suggestions.offer(page, brief)}"
        )
    return with_page(f"Done: I took back “{undone}”. Everything else is as it was.", page, brief)


def with_page(prose: str, page: Page, brief: Brief) -> str:
    return f"{prose}\n\n```html\n{page.html()}\n```\n\n{suggestions.offer(page, brief)}"


def report(changes: list[Change], outcomes: list[Outcome], brief: Brief, page: Page) -> str:
    """Say in one to three sentences what was done."""
    created = changes[0].verb == "create"
    done = [outcome.done for outcome in outcomes[1 if created else 0 :] if outcome.done]
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    said = [announce(brief, page)] if created else []
    if created:
        done = [words for words in done if not words.startswith("added ")]
    if done:
        said.append(f"I {'also ' if created else ''}{listed(grouped(done))}.")
    return " ".join([*said, *refused, *samples(changes, brief)])


def grouped(done: list[str]) -> list[str]:
    """Return what was done, with "added a menu" and "added a gallery" said in one breath."""
    added = [words.removeprefix("added ") for words in done if words.startswith("added ")]
    others = [words for words in done if not words.startswith("added ")]
    return ([f"added {listed(added)}"] if added else []) + others


def announce(brief: Brief, page: Page) -> str:
    name = shown_name(page) or brief.name
    kinds = [section_edits.kind_of(section) for section in page.sections()]
    parts = [with_article(part_name(kind, brief)) for kind in kinds if kind]
    noun = "" if brief.trade.noun in {"business", "wedding", "event"} else f", your {brief.trade.noun}"
    return f"Here is a landing page for **{name}**{noun}. It has {listed(parts)}."


def samples(changes: list[Change], brief: Brief) -> list[str]:
    """Say what on the page is made up, so that nobody publishes it by accident."""
    if changes[0].verb == "create":
        renamed = brief.is_named or any(change.verb == "rename" for change in changes)
        name = "" if renamed else "The name is my invention; **rename it to** yours. "
        return [f"{name}Quotes, prices and contact details are samples: put your own in their place."]
    made_up = {"menu", "pricing", "testimonials", "team", "hours", "contact", "stats", "schedule", "faq"}
    kinds = [change.what for change in changes if change.verb == "add" and change.what in made_up]
    if "contact" in kinds:
        return ["It opens the visitor's e-mail program; put your own address in place of hello@example.com."]
    return ["The details are samples: put your own in their place."] if kinds else []


def offer_help(page: Page | None, brief: Brief) -> str:
    if page is None:
        return f"{HELP}\n\n{DEMO}"
    ideas = "\n".join(f"- **{idea}**" for idea in suggestions.ideas(page, brief)[:4])
    return f"{NOT_UNDERSTOOD}\n\n{ideas}\n- **Change the headline to “Good morning”**\n\n{DEMO}"
