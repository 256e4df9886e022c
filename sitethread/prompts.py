"""What the model is sent. The latest turns and what is told of earlier ones are chosen by `private.model_context`.

What changes least comes first: a provider that keeps the beginning of what it read goes on from there.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sitethread import edit_prompts, helpers, part_prompts
from sitethread.answers.turns import HistoryMessage, StartedTurn, files_of, unseen_in
from sitethread.digests import digest_of
from sitethread.edits import file_names
from sitethread.edits.page_parts import Compared
from sitethread.edits.paths import is_inside, is_page
from sitethread.limits import LIMITS
from sitethread.model.events import ChatMessage
from sitethread.outlines import outline_of
from sitethread.picture_prompts import picture_words
from sitethread.versions import INDEX

CONTINUE = "Continue exactly where you stopped. Do not repeat anything."

# In fences, a few milliseconds.
_YIELD_EVERY = 5_000
# In characters: a question is looked through once for each file.
_NAMES_FILES = 10_000
_BRIEF = "The brief, in the owner's words; its facts, tone and limits hold for every answer:"
# In characters of a page that is too long to be shown.
_OUTLINED = 1_000_000
_PART_ALONE = (
    "The file {path} is not shown to you whole, as the site is too long for that. You have its outline above, and below"
    " the part that the question is about with what stands around it. Change it by edits alone: each SEARCH is searched"
    " for in the whole file."
)
_DOCUMENT = re.compile(r"\s*+(?:<!doctype html|<html)", re.IGNORECASE)


def messages_for(turn: StartedTurn, *, makes_edits: bool = True) -> list[ChatMessage]:
    """Return the messages for a started turn, whose model can make edits or writes whole pages alone."""
    messages: list[ChatMessage] = [{"role": "system", "content": _instructions(turn, makes_edits)}]
    messages += [{"role": entry["role"], "content": entry["content"]} for entry in turn["history"]]
    return messages


def going_on(messages: Sequence[ChatMessage], said: str, request: str = CONTINUE) -> list[ChatMessage]:
    """Return the messages that have the model go on with an answer: what it said so far, and what it is to do."""
    return [*messages, {"role": "assistant", "content": said}, {"role": "user", "content": request}]


def _instructions(turn: StartedTurn, makes_edits: bool) -> str:
    pages = part_prompts.parts_of_pages(turn)
    parts = [_helper(turn, makes_edits), _brief(turn), _outlines(turn, pages), _files(turn, pages)]
    parts += [picture_words(turn), edit_prompts.target_words(turn) or "", _digest(turn)]
    return "\n\n".join(part for part in parts if part)


def _helper(turn: StartedTurn, makes_edits: bool) -> str:
    helper, website = turn["session"]["helper"], turn["website"]
    lines = [helpers.find(helper).prompt, "", edit_prompts.format_rules(makes_edits=makes_edits)]
    lines += ["", f"Helper: {helper}"]
    return "\n".join([*lines, f"Website: {website['name']}"] if website else lines)


def _brief(turn: StartedTurn) -> str:
    website = turn["website"]
    if not website:
        return ""
    text = website["brief"].strip() or "(empty)"
    return f"{_BRIEF}\n{text}\n(End of the brief.)"


def _outlines(turn: StartedTurn, parts: Mapping[str, Compared]) -> str:
    pages = {path: text for path, text in files_of(turn).items() if text and is_page(path)}
    if turn["page"] and "skeleton" in turn["page"]:
        pages[INDEX] = turn["page"]["skeleton"]
    pages |= {path: text[:_OUTLINED] for path, text in unseen_in(turn["page"]).items() if is_page(path)}
    outlines = (
        f"{path}\n{outline_of(html)}".rstrip() + part_prompts.same_words(parts.get(path))
        for path, html in sorted(pages.items())
    )
    text = "\n".join(outlines)
    return f"Outline of the site, with the ids of its sections:\n{text}" if text else ""


def _files(turn: StartedTurn, parts: Mapping[str, Compared]) -> str:
    """Write the files that a question is about; the number of the version comes after what stays equal."""
    page, texts = turn["page"], files_of(turn)
    part = "".join(_PART_ALONE.format(path=path) for path in unseen_in(page))
    if page and "too_long" in page:
        return part or (
            "The current page is too long to be shown to you: "
            f"{page['too_long']:,} bytes (version {page['number']}). "
            "You have its outline above. Say so if the question is about the rest of it. "
            "Don't write a page unless you are asked to replace all of it."
        )
    if page is None or not texts.get(INDEX):
        return "There is no page yet."
    question = turn["history"][-1]["content"]
    others = [path for path in sorted(texts) if path != INDEX and is_about(question, path)]
    blocks = [f"The current page:\n```html\n{texts[INDEX]}\n```"]
    blocks += [f"The file {path}:\n```\n{texts[path]}\n```" for path in others]
    own = part_prompts.own_words({path: parts[path] for path in parts if path not in others})
    blocks += [text for text in (own, part) if text]
    return "\n\n".join([*blocks, f"That is version {page['number']}."])


def is_about(question: str, path: str) -> bool:
    """Whether a question names a file: by its path, or by its name without the ending."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    asked = question[:_NAMES_FILES]
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", asked, re.IGNORECASE) is not None


def _digest(turn: StartedTurn) -> str:
    digest = digest_of(turn["earlier"])
    return f"Earlier in this conversation, in short:\n{digest}" if digest else ""


class MessagePage(NamedTuple):
    path: str
    html: str


def pages_in(markdown: str) -> list[MessagePage]:
    """Return all complete pages of a message, in its order, by the paths that their blocks name."""
    markdown = markdown[: LIMITS.answer]
    return [
        MessagePage(_path_above(markdown, start), markdown[start:end].strip() + "\n")
        for start, end in _documents(markdown)
    ]


def _path_above(markdown: str, start: int) -> str:
    """Return the path that the fence before a block names, if a file can have it."""
    fence = markdown[markdown.rfind("\n", 0, start - 1) + 1 : start]
    path = file_names.in_info(fence.strip("`").removeprefix("html").strip()) or INDEX
    return path if is_inside(path) and is_page(path) else INDEX


def _documents(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield where the text in each closed ```html block that begins a document starts and ends.

    In one pass, during which other requests run: an answer may be made of nothing but fences.
    """
    start: int | None = None
    fence, count = -1, 0
    while (fence := markdown.find("```", fence + 1)) >= 0:
        count += 1
        if count % _YIELD_EVERY == 0:
            time.sleep(0)
        if fence and markdown[fence - 1] != "\n":
            continue
        end = markdown.find("\n", fence)
        end = len(markdown) if end < 0 else end
        if start is None:
            if markdown.startswith("html", fence + 3) and end < len(markdown):
                start = end + 1
        elif not markdown[fence + 3 : end].strip(" \t"):
            if _DOCUMENT.match(markdown, start, fence):
                yield start, fence
            start = None
        fence = end


def summary_of(history: Sequence[HistoryMessage]) -> str:
    """Return the last question on one line, at most 200 characters: the summary of the version made for it."""
    return " ".join(history[-1]["content"].split())[:200] if history else ""
