"""What an account's zip holds.

    sitethread.json                             format and version
    websites/<name>/website.json                a KeptWebsite, with its brief and what is set for its forms
    websites/<name>/versions.jsonl              a KeptVersion on each line; its files name their entries
    websites/<name>/versions/<number>/<path>    the contents, each once: later versions with one name it
    websites/<name>/submissions.jsonl           a KeptSubmission on each line, the newest first
    websites/<name>/comments.jsonl              a KeptComment on each line
    websites/<name>/views.jsonl                 a KeptViews on each line, the oldest first
    websites/<name>/referrers.jsonl             a KeptReferrer on each line, the oldest first
    websites/<name>/publications.jsonl          a KeptPublicationEvent on each line, the oldest first
    websites/<name>/chats/<title>.jsonl         a chat as it is exported alone, and as .md for people
    chats/<title>.jsonl                         chats about no website
    prompts.jsonl                               a KeptPrompt on each line

An importer goes by ids and entries' names, not by the names of folders.
"""

import hashlib
import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from sitethread.chat_files.format import Exported, ExportedMessage, ExportedSession, Text, plausible
from sitethread.edits.paths import is_inside
from sitethread.ids import PATTERN
from sitethread.limits import LIMITS
from sitethread.texts import AuthorName, CommentText, PromptText
from sitethread.validation import Count

FORMAT = "sitethread-account"
HEAD = "sitethread.json"
PROMPTS = "prompts.jsonl"
HISTORY = "publications.jsonl"
WEBSITE = re.compile(r"websites/[^/]+/website\.json")
CHAT = re.compile(r"(?:websites/[^/]+/)?chats/[^/]+\.jsonl")

Id = Annotated[str, Field(pattern=f"^{PATTERN}$")]
Time = Annotated[datetime, AfterValidator(plausible)]
# The database's own numbers begin at 1.
Number = Annotated[Count, Field(ge=1, le=10**9)]


def _instead_of(path: str) -> str:
    """Return the path, or another one for what no file may have any more: that which its database gave it then."""
    if is_inside(path):
        return path
    ending = re.search(r"\.[A-Za-z0-9]{1,10}$", path)
    name = hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()
    return f"renamed/{name}{ending[0].lower() if ending else ''}"


FilePath = Annotated[str, Field(max_length=1000), AfterValidator(_instead_of)]


class Head(Exported):
    format: Literal["sitethread-account"]
    version: Literal[1]


class KeptBrief(Exported):
    text: str = Field(max_length=LIMITS.brief)
    updated_at: Time


class KeptFormRules(Exported):
    retention_days: Annotated[Count, Field(ge=1, le=3650)]
    consent: Annotated[Text, Field(max_length=300)]


class KeptWebsite(Exported):
    id: Id
    name: str = Field(max_length=LIMITS.website_name)
    latest_version_number: Count
    brief: KeptBrief | None = None
    forms: KeptFormRules | None = None
    created_at: Time
    updated_at: Time


class KeptFile(Exported):
    """The content of a version's file is the entry of this name."""

    entry: str = Field(max_length=1000)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class KeptVersion(Exported):
    id: Id
    number: Number
    source: Literal["answer", "edit", "restore"]
    summary: str | None = Field(None, max_length=200)
    session_id: Id | None = None
    message_id: Id | None = None
    base_version_id: Id | None = None
    restored_from: Id | None = None
    created_at: Time
    files: dict[FilePath, KeptFile] = Field(max_length=100)


class KeptField(Exported):
    name: Text
    value: Text


class KeptSubmission(Exported):
    id: Id
    form: str = Field(max_length=100)
    page: str = Field(max_length=200)
    fields: list[KeptField] = Field(max_length=50)
    marks: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    is_quarantined: bool = False
    is_read: bool = True
    created_at: Time


class KeptComment(Exported):
    """What somebody said of part of a page, from one code point to another; `author` is null for the page's owner."""

    id: Id
    version_id: Id
    version_number: Count
    path: FilePath
    start_offset: Count
    end_offset: Count
    author: AuthorName | None = None
    text: CommentText
    is_read: bool = True
    is_resolved: bool = False
    created_at: Time

    @model_validator(mode="after")
    def _is_part(self) -> Self:
        if self.end_offset <= self.start_offset:
            raise ValueError("Value should end behind its start")
        return self


Views = Annotated[int, Field(ge=1, le=10**12, strict=True)]


class KeptViews(Exported):
    """How often a page was seen on a day of UTC."""

    day: date
    path: FilePath
    views: Views


class KeptReferrer(Exported):
    """How often a host led to the website on a day of UTC."""

    day: date
    host: str = Field(pattern=r"^[a-z0-9.-]{0,100}$")
    views: Views


class KeptPublicationEvent(Exported):
    """What was live from then on."""

    number: Number
    action: Literal["publish", "update", "roll_back", "rename", "unpublish"]
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")
    version_id: Id
    version_number: Number
    previous_version_id: Id | None = None
    session_id: Id | None = None
    message_id: Id | None = None
    created_at: Time


LISTS: dict[str, type[Exported]] = {
    "submissions": KeptSubmission,
    "comments": KeptComment,
    "views": KeptViews,
    "referrers": KeptReferrer,
}
"""What a website's files have on each line, by the files' names without `.jsonl`."""


class KeptSession(ExportedSession):
    """All columns that a chat's messages don't give; its texts as they are."""

    id: Id
    website_id: Id | None = None
    title: str = Field(max_length=LIMITS.title)
    tags: list[Annotated[str, Field(max_length=LIMITS.tag)]] = Field(default=[], max_length=LIMITS.tags)
    title_source: Literal["auto", "user"] = "user"
    message_count: Count
    last_seq: Annotated[Count, Field(le=10**9)]
    last_read_seq: Count = 0
    branched_from_session_id: Id | None = None
    branched_from_message_id: Id | None = None
    pinned_at: Time | None = None
    archived_at: Time | None = None
    created_at: Time
    updated_at: Time


class KeptHead(Exported):
    """The first line of a chat."""

    format: Literal["sitethread-chat"]
    version: Literal[2]
    session: KeptSession


class KeptPlace(Exported):
    path: Text
    start: Count
    end: Count


class KeptTarget(KeptPlace):
    version_id: Id


class KeptChanges(Exported):
    """What an answer changed: `AnswerChanges`."""

    places: list[KeptPlace] = Field(max_length=1_000, fail_fast=True)
    left_out: list[KeptPlace] = Field(max_length=1_000, fail_fast=True)
    tokens_saved: Count
    also_changed: list[Text] = Field([], max_length=1_000, fail_fast=True)
    beside: Id | None = None
    corrected: Id | None = None


class KeptMessage(ExportedMessage):
    id: Id
    seq: Number
    reply_to: Id | None = None
    follows_id: Id | None = None
    edit_of: Id | None = None
    cached_tokens: Count | None = None
    version_id: Id | None = None
    version_number: Count | None = None
    target: KeptTarget | None = None
    changes: KeptChanges | None = None
    created_at: Time
    updated_at: Time


class KeptPrompt(Exported):
    id: Id
    name: str = Field(max_length=LIMITS.prompt_name)
    text: PromptText
    created_at: Time
    updated_at: Time
