"""Answers questions that point at a part of a page: what is done there, and in plain words what can't be."""

import re

from embedded.assistant import builder, target_edits, target_requests
from embedded.assistant.changes import Change
from embedded.assistant.conversations import Conversation
from embedded.assistant.languages import Language
from embedded.assistant.leftovers import POLITE
from embedded.assistant.pages import Page
from embedded.assistant.readings import read_requests
from embedded.assistant.request_parser import Clause
from embedded.assistant.targets import Target, edits_inside
from embedded.assistant.written_pages import edit_block

REFUSALS = {"part_missing", "part_which", "part_unclear", "part_copy", "part_short"}
# Whole pages are written of the first one alone: of others not all is known.
INDEX = "index.html"


def answer(conversation: Conversation, target: Target) -> str:
    """Return the answer, with what it changes in the target alone; "" where no change of it is asked for."""
    reading = read_requests(conversation.requests, has_page=True)[-1]
    reply = reading.language
    clauses = target_requests.parse(reading)
    asked = [change for clause in clauses for change in clause.changes]
    if not asked:
        return ""
    changed, done, refused = carry_out(target, asked, conversation, reply)
    blocks = written(conversation, target, changed) if done else ""
    if done and not blocks:
        return reply.say("part_outside")
    refused += left(clauses, conversation, reply)
    said = [reply.say("done", things=reply.listed(done))] if done else []
    return "\n\n".join(filter(None, [" ".join([*said, *dict.fromkeys(refused)]), blocks]))


def carry_out(
    target: Target, asked: list[Change], conversation: Conversation, reply: Language
) -> tuple[Target, list[str], list[str]]:
    """Make the changes one after the other; return the target, what was done, and why the rest wasn't."""
    done, refused = list[str](), list[str]()
    for change in asked:
        if not builder.is_there(change, conversation):
            refused.append(reply.say("no_picture", value=change.value))
            continue
        target, (key, words) = target_edits.change(target, change)
        (refused if key in REFUSALS else done).append(reply.say(key, **words))
    return target, done, refused


def left(clauses: list[Clause], conversation: Conversation, reply: Language) -> list[str]:
    """Return what is said of the clauses that nothing was made of."""
    unread = [one.text.strip(" .,;!") for one in clauses if not one.changes]
    unread = [text for text in unread if text and not any(re.search(polite, text, re.I) for polite in POLITE)]
    return [reply.say("unused", words=", ".join(f"“{text}”" for text in unread))] if unread else []


def refusal(conversation: Conversation) -> str:
    """Return why nothing was changed for a request that asks for no change of the target."""
    page = Page(conversation.page) if conversation.page else None
    brief, changes, _ = builder.read(conversation.website, conversation.requests, page)
    cannot = [change.value for change in changes if change.verb == "cannot"]
    wide = any(change.verb != "cannot" for change in changes)
    return " ".join([*dict.fromkeys(cannot)] or [brief.reply.say("part_wide" if wide else "part_unclear")])


def written(conversation: Conversation, target: Target, changed: Target) -> str:
    """Return the block that makes the changes; "" where they can't be made within the target."""
    edits = edits_inside(target, changed)
    if not edits:
        return ""
    block = edit_block(target.path, edits) if conversation.makes_edits else []
    if not block and target.is_whole and target.path == INDEX:
        return f"```html\n{changed.text}\n```"
    return "".join(block)
