"""Reads an account's zip, and checks all of it before anything is stored."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from sitethread import errors, media_types
from sitethread.account_files.format import (
    CHAT,
    HEAD,
    HISTORY,
    LISTS,
    PROMPTS,
    WEBSITE,
    Head,
    KeptHead,
    KeptMessage,
    KeptPrompt,
    KeptPublicationEvent,
    KeptSession,
    KeptVersion,
    KeptWebsite,
)
from sitethread.account_files.zip_reading import ZipArchive
from sitethread.chat_files.reading import lines_of
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way
from sitethread.strict_json import parse_object
from sitethread.validation import to_domain_error

Model = TypeVar("Model", bound=BaseModel)

_YIELD_EVERY = 50
_LONGEST_OBJECT = 64 * 1024


class Website(NamedTuple):
    """A website; `folder` has the list of its versions."""

    row: KeptWebsite
    folder: str


class Chat(NamedTuple):
    row: KeptSession
    entry: str


class _Content(NamedTuple):
    digest: bytes
    size: int
    is_text: bool


class Account:
    """What a zip holds. Making it raises InvalidImport unless all that would be stored is as it should be."""

    def __init__(self, archive: ZipArchive) -> None:
        self._archive = archive
        self._check_head()
        self.websites = [
            Website(self._object(name, KeptWebsite), name.removesuffix("/website.json"))
            for name in archive
            if WEBSITE.fullmatch(name)
        ]
        chats = [Chat(self._session(name), name) for name in archive if CHAT.fullmatch(name)]
        # A chat comes after the one that it is a branch of.
        self.chats = sorted(chats, key=lambda chat: chat.row.created_at)
        self._check_ids()
        for chat in self.chats:
            for _ in self.messages(chat):
                pass
        for website in self.websites:
            for name in LISTS:
                for _ in self.listed(website, name):
                    pass
            self.history(website)
        self.prompts = self._prompts()
        self._check_versions()

    def messages(self, chat: Chat) -> Iterator[dict[str, Any]]:
        """Yield the rows of a chat's messages in their order. Of those with one id, the database stores the first."""
        before = 0
        for number, message in self._lines(chat.entry, KeptMessage, skip=1):
            if not before < message.seq <= chat.row.last_seq:
                _refuse(f"line {number}: its seq is not what should follow", chat.entry)
            before = message.seq
            yield message.model_dump(mode="json", exclude_unset=True)

    def versions(self, website: Website) -> Iterator[KeptVersion]:
        """Yield a website's versions, the oldest first."""
        name = f"{website.folder}/versions.jsonl"
        before = 0
        for number, version in self._lines(name, KeptVersion) if name in self._archive else ():
            if not before < version.number <= website.row.latest_version_number:
                _refuse(f"line {number}: its number is not what should follow", name)
            before = version.number
            yield version

    def listed(self, website: Website, name: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of one of a website's `LISTS`."""
        entry = f"{website.folder}/{name}.jsonl"
        for _, row in self._lines(entry, LISTS[name]) if entry in self._archive else ():
            yield row.model_dump(mode="json")

    def history(self, website: Website) -> list[dict[str, Any]]:
        """Return the rows of what was live when, the oldest first."""
        entry = f"{website.folder}/{HISTORY}"
        found: list[dict[str, Any]] = []
        before = 0
        for number, event in self._lines(entry, KeptPublicationEvent) if entry in self._archive else ():
            if number > LIMITS.publication_events or event.number <= before:
                _refuse(f"line {number}: there are too many, or its number is not what should follow", entry)
            before = event.number
            found.append(event.model_dump(mode="json"))
        return found

    def content(self, entry: str) -> bytes:
        """Return the content of a version's file."""
        return b"".join(self._archive.pieces(entry))

    def _check_head(self) -> None:
        if HEAD not in self._archive:
            _refuse(f"it has no {HEAD}", HEAD)
        self._object(HEAD, Head)

    def _check_ids(self) -> None:
        websites = [website.row.id for website in self.websites]
        chats = [chat.row.id for chat in self.chats]
        for ids, what in ((websites, "websites"), (chats, "chats")):
            if len(set(ids)) < len(ids):
                _refuse("two of them have one id", what)
        known = set(websites)
        for chat in self.chats:
            if chat.row.website_id is not None and chat.row.website_id not in known:
                _refuse("its website is not in the zip", chat.entry)

    def _check_versions(self) -> None:
        """Check the versions and their contents; one content may be that of many versions."""
        checked: dict[str, _Content] = {}
        total = 0
        for website in self.websites:
            for version in self.versions(website):
                place = f"{website.folder}/versions.jsonl"
                size = texts = 0
                for file in version.files.values():
                    if file.entry not in self._archive:
                        _refuse(f"{file.entry} is not in the zip", place)
                    if file.entry not in checked:
                        checked[file.entry] = self._checked(file.entry)
                    content = checked[file.entry]
                    size += content.size
                    texts += content.size if content.is_text else 0
                    if size > LIMITS.version or texts > LIMITS.texts:
                        _refuse(f"version {version.number} is larger than one can be", place)
                    if content.digest.hex() != file.sha256:
                        _refuse("it is not what its version has", file.entry)
                total += size
                if total > LIMITS.account_unpacked:
                    _refuse("they have more than an account can have", "versions")

    def _prompts(self) -> list[dict[str, Any]]:
        found = {}
        for number, prompt in self._lines(PROMPTS, KeptPrompt) if PROMPTS in self._archive else ():
            if number > LIMITS.prompts or prompt.id in found:
                _refuse(f"line {number}: there are too many, or two have one id", PROMPTS)
            found[prompt.id] = prompt.model_dump(mode="json")
        return list(found.values())

    def _session(self, entry: str) -> KeptSession:
        head = next(self._lines(entry, KeptHead, stop=1), None)
        if head is None:
            _refuse("it is empty", entry)
        return head[1].session

    def _object(self, entry: str, model: type[Model]) -> Model:
        if self._archive.size(entry) > _LONGEST_OBJECT:
            _refuse("it is too long", entry)
        with _at(entry):
            return model.model_validate(parse_object(b"".join(self._archive.pieces(entry))))

    def _lines(
        self, entry: str, model: type[Model], skip: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, Model]]:
        """Yield the objects on an entry's lines with their numbers, which begin at 1."""
        with _at(entry):
            for number, line in enumerate(lines_of(self._archive.pieces(entry)), 1):
                if number > skip:
                    with _at(f"{entry}, line {number}"):
                        found = model.model_validate(parse_object(line.rstrip(b"\r\n")))
                    yield number, found
                if number == stop:
                    return
                if number % _YIELD_EVERY == 0:
                    give_way()

    def _checked(self, entry: str) -> "_Content":
        if self._archive.size(entry) > LIMITS.file:
            _refuse("it is larger than a file can be", entry)
        content = self.content(entry)
        media_type = media_types.of_content(content)
        if media_type is None:
            _refuse("it is nothing that a website may have", entry)
        return _Content(hashlib.sha256(content).digest(), len(content), media_type == media_types.TEXT)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Turn the errors of this block into InvalidImport, which says where in the zip."""
    try:
        yield
    except errors.InvalidImport:
        raise
    except ValidationError as error:
        _refuse(to_domain_error(error).message.rstrip("."), place)
    except (
        errors.BodyTooLarge, errors.DuplicateKey, errors.InvalidBody, errors.InvalidEncoding, errors.InvalidField,
        errors.InvalidJson, errors.InvalidUnicode, errors.JsonTooDeep,
    ) as error:  # fmt: skip
        _refuse(error.message.rstrip("."), place)


def _refuse(why: str, place: str) -> NoReturn:
    raise errors.InvalidImport(f"Not an account that was downloaded here: {place}: {why}.", place=place)
