"""A turn: a question, and the answer that the database lets this process write."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from sitethread.database import Rows
from sitethread.digests import EarlierMessage
from sitethread.messages import Message
from sitethread.sessions import SessionRow
from sitethread.versions import INDEX


class HistoryMessage(TypedDict):
    role: Literal["user", "assistant"]
    content: str


class TurnWebsite(TypedDict):
    id: str
    name: str
    brief: str


class TurnAsset(TypedDict):
    """A file that is no text; `width` and `height` are those of a picture, in pixels."""

    path: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None


class CurrentPage(TypedDict):
    """The version that the answer starts from; `files` are texts by path.

    `too_long`: the bytes of its page, which is left out because they are too many for the model; `skeleton` has the
    page's headings then. `unseen` has the file that the question points at, by path, where it isn't among `files`: the
    model gets the part that is pointed at, and its edits are made in the whole file. `library` has the icons of the
    library as they are, and all else at its paths as "": its own are not among `files`. `room`, where `files` lack
    others, too: how many bytes of text the version can have more.
    """

    number: int
    files: dict[str, str]
    assets: NotRequired[list[TurnAsset]]
    too_long: NotRequired[int]
    skeleton: NotRequired[str]
    unseen: NotRequired[dict[str, str]]
    library: NotRequired[dict[str, str]]
    room: NotRequired[int]


class LocatedTarget(TypedDict):
    """Where what the question is about stands in the files that the answer starts from."""

    path: str
    start: int
    end: int


class StartedTurn(TypedDict):
    """What start_turn, retry_answer and continue_answer return.

    A `replayed` turn was started by an earlier call: it has no history, website or page, and is not ours to write.
    `sealed_thread` is the model provider's id of the conversation, sealed.
    """

    session: SessionRow
    user_message: Message
    answer: Message
    replayed: bool
    sealed_thread: str | None
    history: NotRequired[list[HistoryMessage]]
    earlier: NotRequired[list[EarlierMessage]]
    website: NotRequired[TurnWebsite | None]
    page: NotRequired[CurrentPage | None]
    target: NotRequired[LocatedTarget]


@dataclass(frozen=True)
class StartCall:
    """A call of one of these functions, under a new lease; sending it again returns what the first call started."""

    rows: Rows = field(repr=False)
    function: Literal["start_turn", "retry_answer", "continue_answer"]
    params: Mapping[str, object] = field(repr=False)
    lease: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def answer_id(self) -> str:
        return str(self.params.get("new_answer_id") or self.params["answer_id"])

    def send(self) -> StartedTurn:
        """Start the answer; raise what the function raises."""
        turn: StartedTurn = self.rows.call(self.function, {**self.params, "lease": self.lease})
        return turn


def index_html(turn: StartedTurn) -> str | None:
    """Return the page that the answer starts from, if there is one and it is text."""
    return files_of(turn).get(INDEX) or None


def files_of(turn: StartedTurn) -> dict[str, str]:
    """Return the texts of the version that the answer starts from that the model may see, by path."""
    page = turn.get("page")
    return dict(page["files"]) if page else {}


def unseen_in(page: CurrentPage | None) -> dict[str, str]:
    """Return the text that the model sees a part of alone, by path."""
    return page.get("unseen", {}) if page else {}


def texts_of(page: CurrentPage | None) -> dict[str, str]:
    """Return the texts of a version that an answer can change, by path."""
    return {**page["files"], **unseen_in(page)} if page else {}


def assets_of(page: CurrentPage | None) -> list[TurnAsset]:
    """Return the files of a version that are no texts."""
    return page.get("assets", []) if page else []
