"""The builder: does what a request asks for to the page, and says what it did and what it did not."""

import re
from collections.abc import Sequence
from dataclasses import replace

from embedded.assistant import section_edits, site_pages, suggestions
from embedded.assistant.briefs import Brief, read_brief
from embedded.assistant.changes import Change
from embedded.assistant.conversations import Conversation
from embedded.assistant.edits import Outcome, apply
from embedded.assistant.filling import given_copy
from embedded.assistant.leftovers import unused
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.readings import Reading, read_requests
from embedded.assistant.request_parser import VERSION, WORDS, Clause, asks_to_redo, asks_to_undo, parse
from embedded.assistant.section_names import SAMPLED, mentioned
from embedded.assistant.sections import SAMPLE
from embedded.assistant.undo import effects, replay, undo
from embedded.assistant.written_pages import Written, written

Read = tuple[Brief, list[Change], list[Clause]]
REMEMBER = re.compile(r"remember(?: that\b|:)\s*([^\n]*\S)", re.IGNORECASE)
NOTED = "Noted. With one click it is in the brief, which I read before every answer."
# What is done to one page is done to all of them.
WIDE = {
    "colour",
    "mood",
    "theme",
    "fonts",
    "size",
    "corners",
    "spacing",
    "motion",
    "rename",
    "detail",
    "replace",
}
VERSION_MADE = re.compile(r"\[page: version (\d+)\]")


def answer(conversation: Conversation) -> str:
    """Return the answer's markdown, with the whole page in it when something was changed."""
    page = Page(conversation.page) if conversation.page else None
    request = suggestions.accepted(conversation.request, conversation.last_answer) or conversation.request
    requests = [*conversation.requests[:-1], request]
    brief, changes, clauses = read(conversation.website, requests, page)
    if not page and conversation.facts and any(change.verb == "create" for change in changes):
        # As if the request had told what the brief does.
        requests[-1] = "\n".join([request, *conversation.facts])
        brief, changes, clauses = read(conversation.website, requests, page)
    changes = [change if is_there(change, conversation) else no_picture(change, brief) for change in changes]
    reading = read_requests(requests, page is not None)[-1]
    if page and (taken := take_back(page, conversation, requests, reading, brief)):
        return taken
    if page and (name := site_pages.asked(request)):
        return another_page(page, name, conversation, brief)
    if not any(change.verb != "cannot" for change in changes) and (said := small_talk(reading, page, brief)):
        return said
    if not changes:
        return offer_help(page, brief)
    page, outcomes = carry_out(page, changes, brief)
    text = report(outcomes, brief, page, clauses, reading)
    if not any(outcome.done for outcome in outcomes):
        return f"{text}\n\n{suggestions.offer(page, brief, changes)}"
    before = effects(requests[:-1])[0]
    earlier = [change for kept in before for change in read(conversation.website, [kept], page)[1]]
    looks = [change for change in earlier if change.verb in suggestions.LOOKS.values()]
    wide = [outcome.change for outcome in outcomes if outcome.done and is_wide(outcome.change)]
    links = site_pages.section_links(conversation, page)

    def change(other: Page) -> None:
        carry_out(other, wide, brief)
        links.follow(other)

    made = written(page, conversation, change if wide or any(links) else None)
    others = "other_pages" if wide or not any(links) else "other_pages_lead" if links.added else ""
    return with_page(text, made, page, brief, [*changes, *looks], others)


def to_remember(conversation: Conversation) -> str:
    """Return the answer to "Remember: closed on Mondays" or "Remember that …"; "" where it is none."""
    found = REMEMBER.match(conversation.request)
    return f"{NOTED}\n\nRemember: {found[1]}" if found else ""


def another_page(page: Page, name: str, conversation: Conversation, brief: Brief) -> str:
    """Answer a request for another page of the site: the page, and a link to it in the navigation."""
    if not site_pages.link(page, name):
        said = brief.reply.say("page_already", name=name)
        return f"{said}\n\n{suggestions.offer(page, brief, [])}"
    path, html = site_pages.made(page, name, brief)
    said = brief.reply.say("page_added", name=name, path=path)
    made = written(page, conversation, lambda other: site_pages.link(other, name))
    blocks = f"```html {path}\n{html}\n```\n\n{made.blocks}"
    return with_page(said, Written(blocks, made.has_others), page, brief, [])


def is_wide(change: Change) -> bool:
    """Whether a change is one of the whole site: of its look, its name, or its header and footer."""
    return change.verb in WIDE or (change.verb in {"text", "say"} and change.what.startswith("footer"))


def is_there(change: Change, conversation: Conversation) -> bool:
    """Whether the website has what a change is to show."""
    return change.verb != "picture" or f"\n- {change.value} (" in conversation.system


def no_picture(change: Change, brief: Brief) -> Change:
    return Change("cannot", change.value, brief.reply.say("no_picture", value=change.value))


def read(website: str, requests: Sequence[str], page: Page | None) -> Read:
    """Return the brief, the changes that the last of the requests asks for, and the clauses they were read from."""
    readings = read_requests(requests, page is not None)
    brief = read_brief(website, readings, page)
    if not readings:
        return brief, [], []
    earlier = [kind for reading in readings[:-1] for kind in mentioned(reading.english)]
    changes, clauses = parse(readings[-1], page is not None, earlier[-1] if earlier else "")
    return replace(brief, given=given_copy(changes)), changes, clauses


def carry_out(page: Page | None, changes: list[Change], brief: Brief) -> tuple[Page, list[Outcome]]:
    """Apply the changes to the page, or to a new one where they begin with one."""
    outcomes = []
    for change in changes:
        if change.verb == "create":
            page = section_edits.create(brief)
            outcomes.append(Outcome(change, "created"))
        else:
            outcomes.append(apply(page or Page(""), change, brief))
    return page or Page(""), outcomes


def step(page: Page | None, website: str, requests: Sequence[str]) -> Page | None:
    """Return the page as it is after the last of the requests."""
    if page and (name := site_pages.asked(requests[-1])):
        site_pages.link(page, name)
        return page
    brief, changes, _ = read(website, requests, page)
    return carry_out(page, changes, brief)[0] if changes else page


def take_back(
    page: Page, conversation: Conversation, requests: list[str], reading: Reading, brief: Brief
) -> str:
    """Answer a request to undo, to do again or to go back to a version; "" where it is none."""
    website, old, done = conversation.website, None, []
    if asked := VERSION.search(reading.english):
        keys, value = ("restored", "not_restored"), asked["number"] or "1"
        old = version_page(conversation, int(value))
    elif asks_to_undo(reading.english):
        keys = "undone", "nothing_undone"
        old, value = undo(page, website, requests[:-1], step)
        done = read(website, [value], page)[1] if old else []
    elif asks_to_redo(reading.english):
        keys = "redone", "nothing_redone"
        kept, undone = effects(requests[:-1])
        value = undone[-1] if undone else ""
        old = step(page, website, [*kept, value]) if undone else None
    else:
        return ""
    said = brief.reply.say(keys[0 if old else 1], value=value)
    if old is None:
        return f"{said}\n\n{suggestions.offer(page, brief, [])}"
    links = site_pages.section_links(conversation, old)
    if any(links):
        return with_page(said, written(old, conversation, links.follow), old, brief, done, "")
    return with_page(said, written(old, conversation), old, brief, done)


def version_page(conversation: Conversation, number: int) -> Page | None:
    """Return the page of an earlier version, made again; None where this chat's requests don't lead to it."""
    asked: list[str] = []
    found: list[str] = []
    for turn in conversation.turns[:-1]:
        if turn.role == "user":
            asked.append(turn.text.strip())
        elif turn.role == "assistant" and str(number) in VERSION_MADE.findall(turn.text):
            found = [*asked]
    now, old = (replay(effects(requests)[0], conversation.website, step) for requests in (asked, found))
    return old if now and now.html() == Page(conversation.page).html() else None


def small_talk(reading: Reading, page: Page | None, brief: Brief) -> str:
    """Return the answer to a greeting, thanks or a question about what can be done here; "" for anything else."""
    for entry in WORDS["talk"]:
        if any(re.search(entry["asks"], text, re.I) for text in (reading.asked, reading.english)):
            said = str(entry.get("say", {}).get(brief.reply.code, ""))
            more = brief.reply.say("help") if entry.get("help") else ""
            steps = suggestions.offer(page, brief, []) if page else ""
            return "\n\n".join(part for part in (said, more, brief.reply.say("demo"), steps) if part)
    return ""


def with_page(
    prose: str, made: Written, page: Page, brief: Brief, done: list[Change], others: str = "other_pages"
) -> str:
    """Return an answer with its pages; `others` names what is said of those besides the first, "" for nothing."""
    if made.has_others and others:
        prose += f" {brief.reply.say(others)}"
    return f"{prose}\n\n{made.blocks}\n\n{suggestions.offer(page, brief, done)}"


def report(outcomes: list[Outcome], brief: Brief, page: Page, clauses: list[Clause], reading: Reading) -> str:
    """Say what was done, what was refused, which words were not used, and what on the page is made up."""
    say, listed = brief.reply.say, brief.reply.listed
    created = any(outcome.change.verb == "create" for outcome in outcomes)
    said = [announce(brief, page)] if created else []
    silent = {"create", "add"} if created else set()
    if done := [outcome.done for outcome in outcomes if outcome.done and outcome.change.verb not in silent]:
        said.append(say("also" if created else "done", things=listed(grouped(done))))
    said += dict.fromkeys(outcome.refusal for outcome in outcomes if outcome.refusal)
    if words := unused(clauses, [outcome.change for outcome in outcomes], brief, reading):
        said.append(say("unused", words=", ".join(f"“{word}”" for word in words)))
    if created and not brief.is_named and not any(outcome.change.verb == "rename" for outcome in outcomes):
        said.append(say("sample_name"))
    if parts := samples([outcome.change for outcome in outcomes if outcome.done], brief, page, created):
        said.append(say("samples", parts=listed(parts)))
    return " ".join(said)


def grouped(done: list[str]) -> list[str]:
    """Return what was done, with "added a menu" and "added a gallery" said in one breath."""
    added = [words for words in done if words.startswith("added ")]
    others = [words for words in done if not words.startswith("added ")]
    return [*added[:1], *(words.removeprefix("added ") for words in added[1:]), *others]


def announce(brief: Brief, page: Page) -> str:
    name, noun = shown_name(page) or brief.name, brief.trade.noun
    parts = [brief.a_part(kind) for kind in map(section_edits.kind_of, page.sections()) if kind]
    is_plain = noun in {"", "business", "wedding", "event"} or noun.lower() in name.lower()
    yours = "" if is_plain else brief.reply.say("your", noun=noun)
    return brief.reply.say("created", name=name, noun=yours, parts=brief.reply.listed(parts))


def samples(done: list[Change], brief: Brief, page: Page, created: bool) -> list[str]:
    """Return what on the page is made up, so that nobody publishes it by accident."""
    shown = [section_edits.kind_of(section) for section in page.sections()] if created else []
    added = [change.what for change in done if change.verb == "add" and not (change.value or change.other)]
    filled = {change.what for change in done if change.verb in {"fill", "detail"}}
    parts = [brief.reply.part(kind) for kind in dict.fromkeys([*shown, *added]) if kind in SAMPLED - filled]
    if created or "contact" in added:
        words = brief.trade.copy["ui"] | {"address": brief.trade.copy["footer"]["place"]}
        words = (
            {"address": "address", "phone": "phone", "email": "e-mail"} if brief.reply.code == "en" else words
        )
        given = {name for name, value in brief.details.items() if value not in SAMPLE.values()}
        parts += [words[name] for name in ("address", "phone", "email") if name not in filled | given]
    return parts


def offer_help(page: Page | None, brief: Brief) -> str:
    say = brief.reply.say
    if page is None:
        return f"{say('help')}\n\n{say('demo')}"
    ideas = "\n".join(f"- **{idea}**" for idea in suggestions.ideas(page, brief, [])[:4])
    return f"{say('unclear')}\n\n{ideas}\n\n{say('demo')}"
