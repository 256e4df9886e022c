"""The builder: does what a request asks for to the page, and says what it did and what it did not."""

import re
from collections.abc import Sequence
from dataclasses import replace

from embedded.assistant import section_edits, suggestions
from embedded.assistant.briefs import Brief, read_brief
from embedded.assistant.changes import Change
from embedded.assistant.conversations import Conversation
from embedded.assistant.edits import Outcome, a_part, apply
from embedded.assistant.filling import given_copy
from embedded.assistant.leftovers import unused
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.readings import Reading, read_requests
from embedded.assistant.request_parser import VERSION, WORDS, Clause, asks_to_redo, asks_to_undo, parse
from embedded.assistant.section_names import mentioned
from embedded.assistant.sections import SAMPLE
from embedded.assistant.undo import effects, replay, undo

MADE_UP = {
    "menu",
    "pricing",
    "testimonials",
    "team",
    "hours",
    "stats",
    "schedule",
    "faq",
    "custom",
    "banner",
    "gallery",
}
VERSION_MADE = re.compile(r"\[page: version (\d+)\]")


def answer(conversation: Conversation) -> str:
    """Return the answer's markdown, with the whole page in it when something was changed."""
    page = Page(conversation.page) if conversation.page else None
    request = suggestions.accepted(conversation.request, conversation.last_answer) or conversation.request
    requests = [*conversation.requests[:-1], request]
    brief, changes, clauses = read(conversation.website, requests, page)
    reading = read_requests(requests, page is not None)[-1]
    if page and (taken := take_back(page, conversation, requests, reading, brief)):
        return taken
    if not any(change.verb != "cannot" for change in changes) and (said := small_talk(reading, page, brief)):
        return said
    if not changes:
        return offer_help(page, brief, reading)
    page, outcomes = carry_out(page, changes, brief)
    text = report(changes, outcomes, brief, page, clauses, reading)
    if not any(outcome.done for outcome in outcomes):
        return f"{text}\n\n{suggestions.offer(page, brief, changes)}"
    earlier = [
        change for kept in effects(requests[:-1])[0] for change in read(conversation.website, [kept], page)[1]
    ]
    looks = [change for change in earlier if change.verb in {*suggestions.LOOKS.values()}]
    return with_page(text, page, brief, [*changes, *looks])


def read(
    website: str, requests: Sequence[str], page: Page | None
) -> tuple[Brief, list[Change], list[Clause]]:
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
        if change.verb == "create" or (page is None and change.verb != "cannot"):
            page = section_edits.create(brief)
            outcomes.append(Outcome("created"))
        else:
            outcomes.append(apply(page or Page(""), change, brief))
    return page or Page(""), outcomes


def step(page: Page | None, website: str, requests: Sequence[str]) -> Page | None:
    """Return the page as it is after the last of the requests."""
    brief, changes, _ = read(website, requests, page)
    return carry_out(page, changes, brief)[0] if changes else page


def take_back(
    page: Page, conversation: Conversation, requests: list[str], reading: Reading, brief: Brief
) -> str:
    """Answer a request to undo, to do again or to go back to a version; "" where it is none."""
    website, say = conversation.website, brief.reply.say
    if asked := VERSION.search(reading.english):
        number = asked["number"] or "1"
        old = version_page(conversation, int(number))
        if not old:
            return f"{say('not_restored', value=number)}\n\n{suggestions.offer(page, brief, [])}"
        return with_page(say("restored", value=number), old, brief, [])
    if asks_to_undo(reading.english):
        undone = undo(page, website, requests[:-1], step)
        done = read(website, [undone], page)[1] if undone else []
        return with_page(say("undone", value=undone), page, brief, done) if undone else say("nothing_undone")
    if asks_to_redo(reading.english):
        kept, undone_before = effects(requests[:-1])
        if not undone_before:
            return f"{say('nothing_redone')}\n\n{suggestions.offer(page, brief, [])}"
        again = step(page, website, [*kept, undone_before[-1]])
        return with_page(say("redone", value=undone_before[-1]), again or page, brief, [])
    return ""


def version_page(conversation: Conversation, number: int) -> Page | None:
    """Return the page of an earlier version, made again; None where this chat's requests don't lead to it."""
    asked: list[str] = []
    found: list[str] | None = None
    for turn in conversation.turns[:-1]:
        if turn.role == "user":
            asked.append(turn.text.strip())
        elif turn.role == "assistant" and any(
            int(made) == number for made in VERSION_MADE.findall(turn.text)
        ):
            found = list(asked)
    now = replay(effects(asked)[0], conversation.website, step)
    if found is None or not now or now.html() != Page(conversation.page).html():
        return None
    return replay(effects(found)[0], conversation.website, step)


def small_talk(reading: Reading, page: Page | None, brief: Brief) -> str:
    """Return the answer to a greeting, thanks or a question about what can be done here; "" for anything else."""
    for entry in WORDS["talk"]:
        if re.search(entry["asks"], reading.asked, re.I) or re.search(entry["asks"], reading.english, re.I):
            said = str(entry.get("say", {}).get(brief.reply.code, ""))
            demo = brief.reply.say("demo")
            more = brief.reply.say("help") if entry.get("help") else ""
            steps = suggestions.offer(page, brief, []) if page else ""
            return "\n\n".join(part for part in (said, more, demo, steps) if part)
    return ""


def with_page(prose: str, page: Page, brief: Brief, done: list[Change]) -> str:
    return f"{prose}\n\n```html\n{page.html()}\n```\n\n{suggestions.offer(page, brief, done)}"


def report(
    changes: list[Change],
    outcomes: list[Outcome],
    brief: Brief,
    page: Page,
    clauses: list[Clause],
    reading: Reading,
) -> str:
    """Say what was done, what was refused, which words were not used, and what on the page is made up."""
    created = any(change.verb == "create" for change in changes)
    pairs = [
        (change, outcome)
        for change, outcome in zip(changes, outcomes, strict=True)
        if change.verb != "create"
    ]
    done = [
        outcome.done for change, outcome in pairs if outcome.done and not (created and change.verb == "add")
    ]
    refused = [outcome.refusal for _, outcome in pairs if outcome.refusal]
    said = [announce(brief, page)] if created else []
    if done:
        said.append(brief.reply.say("also" if created else "done", things=brief.reply.listed(grouped(done))))
    said += list(dict.fromkeys(refused))
    made = [
        change
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome.done or change.verb == "cannot"
    ]
    failed = [change for change, outcome in pairs if outcome.refusal]
    words = unused(clauses, [*made, *failed], brief, reading)
    if words:
        said.append(brief.reply.say("unused", words=", ".join(f"“{word}”" for word in words)))
    return " ".join([*said, *samples(changes, outcomes, brief, page)])


def grouped(done: list[str]) -> list[str]:
    """Return what was done, with "added a menu" and "added a gallery" said in one breath."""
    added = [words for words in done if words.startswith("added ")]
    others = [words for words in done if not words.startswith("added ")]
    return [*added[:1], *(words.removeprefix("added ") for words in added[1:]), *others]


def announce(brief: Brief, page: Page) -> str:
    name = shown_name(page) or brief.name
    kinds = [section_edits.kind_of(section) for section in page.sections()]
    parts = brief.reply.listed([a_part(kind, brief) for kind in kinds if kind])
    plain = (
        brief.trade.noun in {"", "business", "wedding", "event"} or brief.trade.noun.lower() in name.lower()
    )
    noun = "" if plain else brief.reply.say("your", noun=brief.trade.noun)
    return brief.reply.say("created", name=name, noun=noun, parts=parts)


def samples(changes: list[Change], outcomes: list[Outcome], brief: Brief, page: Page) -> list[str]:
    """Say what on the page is made up, so that nobody publishes it by accident."""
    created = any(change.verb == "create" for change in changes)
    filled = {change.what for change in changes if change.verb == "fill"}
    shown = [section_edits.kind_of(section) for section in page.sections()] if created else []
    done = [change for change, outcome in zip(changes, outcomes, strict=True) if outcome.done]
    added = [change.what for change in done if change.verb == "add" and not (change.value or change.other)]
    made_up = [kind for kind in dict.fromkeys([*shown, *added]) if kind in MADE_UP - filled]
    parts = [brief.reply.part(kind) for kind in made_up]
    if created or "contact" in added:
        words = brief.trade.copy["ui"] | {"address": brief.trade.copy["footer"]["place"]}
        named = (
            {"address": "address", "phone": "phone", "email": "e-mail"} if brief.reply.code == "en" else words
        )
        told = {change.what for change in changes if change.verb == "detail"}
        shown_now = {
            name: brief.details.get(name, "") for name in ("address", "phone", "email") if name not in told
        }
        parts += [named[name] for name, value in shown_now.items() if value in {"", *SAMPLE.values()}]
    renamed = brief.is_named or any(change.verb == "rename" for change in changes)
    invented = [] if renamed or not created else [brief.reply.say("sample_name")]
    return [*invented, *([brief.reply.say("samples", parts=brief.reply.listed(parts))] if parts else [])]


def offer_help(page: Page | None, brief: Brief, reading: Reading) -> str:
    say = brief.reply.say
    if page is None:
        return f"{say('help')}\n\n{say('demo')}"
    ideas = "\n".join(f"- **{idea}**" for idea in suggestions.ideas(page, brief, [])[:4])
    return f"{say('unclear')}\n\n{ideas}\n\n{say('demo')}"
