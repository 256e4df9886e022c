"""What the database's rows hold. Written by `make types`; edit the migrations instead."""

from __future__ import annotations

import datetime
import uuid
from typing import (
    Annotated,
    Any,
    List,
    Literal,
    Optional,
    TypedDict,
)
from typing_extensions import NotRequired, TypeAlias

from pydantic import BaseModel, Field, JsonValue



class PublicChatMessages(BaseModel):
    cached_tokens: Optional[int] = Field(alias="cached_tokens")
    changes: Optional[JsonValue] = Field(alias="changes")
    completion_tokens: Optional[int] = Field(alias="completion_tokens")
    content: str = Field(alias="content")
    created_at: datetime.datetime = Field(alias="created_at")
    edit_of: Optional[uuid.UUID] = Field(alias="edit_of")
    error_code: Optional[str] = Field(alias="error_code")
    finish_reason: Optional[str] = Field(alias="finish_reason")
    follows_id: Optional[uuid.UUID] = Field(alias="follows_id")
    id: uuid.UUID = Field(alias="id")
    kind: str = Field(alias="kind")
    model: Optional[str] = Field(alias="model")
    prompt_tokens: Optional[int] = Field(alias="prompt_tokens")
    reply_to: Optional[uuid.UUID] = Field(alias="reply_to")
    role: str = Field(alias="role")
    seq: int = Field(alias="seq")
    session_id: uuid.UUID = Field(alias="session_id")
    sources: Optional[JsonValue] = Field(alias="sources")
    status: str = Field(alias="status")
    target: Optional[JsonValue] = Field(alias="target")
    tool_calls: Optional[JsonValue] = Field(alias="tool_calls")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")
    version_id: Optional[uuid.UUID] = Field(alias="version_id")
    version_number: Optional[int] = Field(alias="version_number")

class PublicChatMessagesInsert(TypedDict):
    cached_tokens: NotRequired[Annotated[Optional[int], Field(alias="cached_tokens")]]
    changes: NotRequired[Annotated[Optional[JsonValue], Field(alias="changes")]]
    completion_tokens: NotRequired[Annotated[Optional[int], Field(alias="completion_tokens")]]
    content: NotRequired[Annotated[str, Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    edit_of: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="edit_of")]]
    error_code: NotRequired[Annotated[Optional[str], Field(alias="error_code")]]
    finish_reason: NotRequired[Annotated[Optional[str], Field(alias="finish_reason")]]
    follows_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="follows_id")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    model: NotRequired[Annotated[Optional[str], Field(alias="model")]]
    prompt_tokens: NotRequired[Annotated[Optional[int], Field(alias="prompt_tokens")]]
    reply_to: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="reply_to")]]
    role: Annotated[str, Field(alias="role")]
    seq: Annotated[int, Field(alias="seq")]
    session_id: Annotated[uuid.UUID, Field(alias="session_id")]
    sources: NotRequired[Annotated[Optional[JsonValue], Field(alias="sources")]]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    target: NotRequired[Annotated[Optional[JsonValue], Field(alias="target")]]
    tool_calls: NotRequired[Annotated[Optional[JsonValue], Field(alias="tool_calls")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="version_id")]]
    version_number: NotRequired[Annotated[Optional[int], Field(alias="version_number")]]

class PublicChatMessagesUpdate(TypedDict):
    cached_tokens: NotRequired[Annotated[Optional[int], Field(alias="cached_tokens")]]
    changes: NotRequired[Annotated[Optional[JsonValue], Field(alias="changes")]]
    completion_tokens: NotRequired[Annotated[Optional[int], Field(alias="completion_tokens")]]
    content: NotRequired[Annotated[str, Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    edit_of: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="edit_of")]]
    error_code: NotRequired[Annotated[Optional[str], Field(alias="error_code")]]
    finish_reason: NotRequired[Annotated[Optional[str], Field(alias="finish_reason")]]
    follows_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="follows_id")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    model: NotRequired[Annotated[Optional[str], Field(alias="model")]]
    prompt_tokens: NotRequired[Annotated[Optional[int], Field(alias="prompt_tokens")]]
    reply_to: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="reply_to")]]
    role: NotRequired[Annotated[str, Field(alias="role")]]
    seq: NotRequired[Annotated[int, Field(alias="seq")]]
    session_id: NotRequired[Annotated[uuid.UUID, Field(alias="session_id")]]
    sources: NotRequired[Annotated[Optional[JsonValue], Field(alias="sources")]]
    status: NotRequired[Annotated[str, Field(alias="status")]]
    target: NotRequired[Annotated[Optional[JsonValue], Field(alias="target")]]
    tool_calls: NotRequired[Annotated[Optional[JsonValue], Field(alias="tool_calls")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="version_id")]]
    version_number: NotRequired[Annotated[Optional[int], Field(alias="version_number")]]

class PublicChatSessions(BaseModel):
    archived_at: Optional[datetime.datetime] = Field(alias="archived_at")
    branched_from_message_id: Optional[uuid.UUID] = Field(alias="branched_from_message_id")
    branched_from_session_id: Optional[uuid.UUID] = Field(alias="branched_from_session_id")
    created_at: datetime.datetime = Field(alias="created_at")
    helper: str = Field(alias="helper")
    id: uuid.UUID = Field(alias="id")
    last_message_at: Optional[datetime.datetime] = Field(alias="last_message_at")
    last_message_preview: Optional[str] = Field(alias="last_message_preview")
    last_read_seq: int = Field(alias="last_read_seq")
    last_seq: int = Field(alias="last_seq")
    message_count: int = Field(alias="message_count")
    pinned_at: Optional[datetime.datetime] = Field(alias="pinned_at")
    running_answer_id: Optional[uuid.UUID] = Field(alias="running_answer_id")
    tags: List[str] = Field(alias="tags")
    title: str = Field(alias="title")
    title_source: str = Field(alias="title_source")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")
    website_id: Optional[uuid.UUID] = Field(alias="website_id")

class PublicChatSessionsInsert(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    branched_from_message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="branched_from_message_id")]]
    branched_from_session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="branched_from_session_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    helper: NotRequired[Annotated[str, Field(alias="helper")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    last_message_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="last_message_at")]]
    last_message_preview: NotRequired[Annotated[Optional[str], Field(alias="last_message_preview")]]
    last_read_seq: NotRequired[Annotated[int, Field(alias="last_read_seq")]]
    last_seq: NotRequired[Annotated[int, Field(alias="last_seq")]]
    message_count: NotRequired[Annotated[int, Field(alias="message_count")]]
    pinned_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="pinned_at")]]
    running_answer_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="running_answer_id")]]
    tags: NotRequired[Annotated[List[str], Field(alias="tags")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    title_source: NotRequired[Annotated[str, Field(alias="title_source")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="website_id")]]

class PublicChatSessionsUpdate(TypedDict):
    archived_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="archived_at")]]
    branched_from_message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="branched_from_message_id")]]
    branched_from_session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="branched_from_session_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    helper: NotRequired[Annotated[str, Field(alias="helper")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    last_message_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="last_message_at")]]
    last_message_preview: NotRequired[Annotated[Optional[str], Field(alias="last_message_preview")]]
    last_read_seq: NotRequired[Annotated[int, Field(alias="last_read_seq")]]
    last_seq: NotRequired[Annotated[int, Field(alias="last_seq")]]
    message_count: NotRequired[Annotated[int, Field(alias="message_count")]]
    pinned_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="pinned_at")]]
    running_answer_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="running_answer_id")]]
    tags: NotRequired[Annotated[List[str], Field(alias="tags")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    title_source: NotRequired[Annotated[str, Field(alias="title_source")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="website_id")]]

class PublicChatShares(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    session_id: uuid.UUID = Field(alias="session_id")
    shared_at: datetime.datetime = Field(alias="shared_at")
    title: str = Field(alias="title")
    token_hash: bytes = Field(alias="token_hash")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicChatSharesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    session_id: Annotated[uuid.UUID, Field(alias="session_id")]
    shared_at: NotRequired[Annotated[datetime.datetime, Field(alias="shared_at")]]
    title: Annotated[str, Field(alias="title")]
    token_hash: Annotated[bytes, Field(alias="token_hash")]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicChatSharesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    session_id: NotRequired[Annotated[uuid.UUID, Field(alias="session_id")]]
    shared_at: NotRequired[Annotated[datetime.datetime, Field(alias="shared_at")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    token_hash: NotRequired[Annotated[bytes, Field(alias="token_hash")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicMessageChunks(BaseModel):
    message_id: uuid.UUID = Field(alias="message_id")
    start_offset: int = Field(alias="start_offset")
    text: str = Field(alias="text")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicMessageChunksInsert(TypedDict):
    message_id: Annotated[uuid.UUID, Field(alias="message_id")]
    start_offset: Annotated[int, Field(alias="start_offset")]
    text: Annotated[str, Field(alias="text")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]

class PublicMessageChunksUpdate(TypedDict):
    message_id: NotRequired[Annotated[uuid.UUID, Field(alias="message_id")]]
    start_offset: NotRequired[Annotated[int, Field(alias="start_offset")]]
    text: NotRequired[Annotated[str, Field(alias="text")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicPageComments(BaseModel):
    author: Optional[str] = Field(alias="author")
    bytes: int = Field(alias="bytes")
    created_at: datetime.datetime = Field(alias="created_at")
    end_offset: int = Field(alias="end_offset")
    id: uuid.UUID = Field(alias="id")
    is_read: bool = Field(alias="is_read")
    is_resolved: bool = Field(alias="is_resolved")
    path: str = Field(alias="path")
    share_id: Optional[uuid.UUID] = Field(alias="share_id")
    start_offset: int = Field(alias="start_offset")
    text: str = Field(alias="text")
    user_id: uuid.UUID = Field(alias="user_id")
    version_id: uuid.UUID = Field(alias="version_id")
    version_number: int = Field(alias="version_number")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicPageCommentsInsert(TypedDict):
    author: NotRequired[Annotated[Optional[str], Field(alias="author")]]
    bytes: NotRequired[Annotated[int, Field(alias="bytes")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_offset: Annotated[int, Field(alias="end_offset")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_read: NotRequired[Annotated[bool, Field(alias="is_read")]]
    is_resolved: NotRequired[Annotated[bool, Field(alias="is_resolved")]]
    path: Annotated[str, Field(alias="path")]
    share_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="share_id")]]
    start_offset: Annotated[int, Field(alias="start_offset")]
    text: Annotated[str, Field(alias="text")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    version_id: Annotated[uuid.UUID, Field(alias="version_id")]
    version_number: Annotated[int, Field(alias="version_number")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicPageCommentsUpdate(TypedDict):
    author: NotRequired[Annotated[Optional[str], Field(alias="author")]]
    bytes: NotRequired[Annotated[int, Field(alias="bytes")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    end_offset: NotRequired[Annotated[int, Field(alias="end_offset")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_read: NotRequired[Annotated[bool, Field(alias="is_read")]]
    is_resolved: NotRequired[Annotated[bool, Field(alias="is_resolved")]]
    path: NotRequired[Annotated[str, Field(alias="path")]]
    share_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="share_id")]]
    start_offset: NotRequired[Annotated[int, Field(alias="start_offset")]]
    text: NotRequired[Annotated[str, Field(alias="text")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[uuid.UUID, Field(alias="version_id")]]
    version_number: NotRequired[Annotated[int, Field(alias="version_number")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicPageShares(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    expires_at: Optional[datetime.datetime] = Field(alias="expires_at")
    has_all_pages: bool = Field(alias="has_all_pages")
    has_password: bool = Field(alias="has_password")
    id: uuid.UUID = Field(alias="id")
    token_hash: bytes = Field(alias="token_hash")
    user_id: uuid.UUID = Field(alias="user_id")
    version_id: uuid.UUID = Field(alias="version_id")
    version_number: int = Field(alias="version_number")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicPageSharesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    has_all_pages: NotRequired[Annotated[bool, Field(alias="has_all_pages")]]
    has_password: NotRequired[Annotated[bool, Field(alias="has_password")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    token_hash: Annotated[bytes, Field(alias="token_hash")]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: Annotated[uuid.UUID, Field(alias="version_id")]
    version_number: Annotated[int, Field(alias="version_number")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicPageSharesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    expires_at: NotRequired[Annotated[Optional[datetime.datetime], Field(alias="expires_at")]]
    has_all_pages: NotRequired[Annotated[bool, Field(alias="has_all_pages")]]
    has_password: NotRequired[Annotated[bool, Field(alias="has_password")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    token_hash: NotRequired[Annotated[bytes, Field(alias="token_hash")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[uuid.UUID, Field(alias="version_id")]]
    version_number: NotRequired[Annotated[int, Field(alias="version_number")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicPrompts(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    name: str = Field(alias="name")
    text: str = Field(alias="text")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicPromptsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    name: Annotated[str, Field(alias="name")]
    text: Annotated[str, Field(alias="text")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicPromptsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    text: NotRequired[Annotated[str, Field(alias="text")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicPublicationEvents(BaseModel):
    action: str = Field(alias="action")
    created_at: datetime.datetime = Field(alias="created_at")
    message_id: Optional[uuid.UUID] = Field(alias="message_id")
    number: int = Field(alias="number")
    previous_version_id: Optional[uuid.UUID] = Field(alias="previous_version_id")
    session_id: Optional[uuid.UUID] = Field(alias="session_id")
    slug: str = Field(alias="slug")
    user_id: uuid.UUID = Field(alias="user_id")
    version_id: uuid.UUID = Field(alias="version_id")
    version_number: int = Field(alias="version_number")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicPublicationEventsInsert(TypedDict):
    action: Annotated[str, Field(alias="action")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_id")]]
    number: Annotated[int, Field(alias="number")]
    previous_version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="previous_version_id")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    slug: Annotated[str, Field(alias="slug")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    version_id: Annotated[uuid.UUID, Field(alias="version_id")]
    version_number: Annotated[int, Field(alias="version_number")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicPublicationEventsUpdate(TypedDict):
    action: NotRequired[Annotated[str, Field(alias="action")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_id")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    previous_version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="previous_version_id")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[uuid.UUID, Field(alias="version_id")]]
    version_number: NotRequired[Annotated[int, Field(alias="version_number")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicPublications(BaseModel):
    facts: JsonValue = Field(alias="facts")
    proof_hash: Optional[str] = Field(alias="proof_hash")
    published_at: datetime.datetime = Field(alias="published_at")
    slug: str = Field(alias="slug")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")
    version_id: uuid.UUID = Field(alias="version_id")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicPublicationsInsert(TypedDict):
    facts: NotRequired[Annotated[JsonValue, Field(alias="facts")]]
    proof_hash: NotRequired[Annotated[Optional[str], Field(alias="proof_hash")]]
    published_at: NotRequired[Annotated[datetime.datetime, Field(alias="published_at")]]
    slug: Annotated[str, Field(alias="slug")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: Annotated[uuid.UUID, Field(alias="version_id")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicPublicationsUpdate(TypedDict):
    facts: NotRequired[Annotated[JsonValue, Field(alias="facts")]]
    proof_hash: NotRequired[Annotated[Optional[str], Field(alias="proof_hash")]]
    published_at: NotRequired[Annotated[datetime.datetime, Field(alias="published_at")]]
    slug: NotRequired[Annotated[str, Field(alias="slug")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    version_id: NotRequired[Annotated[uuid.UUID, Field(alias="version_id")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicSiteFiles(BaseModel):
    content: bytes = Field(alias="content")
    created_at: datetime.datetime = Field(alias="created_at")
    height: Optional[int] = Field(alias="height")
    media_type: str = Field(alias="media_type")
    sha256: str = Field(alias="sha256")
    size: int = Field(alias="size")
    user_id: uuid.UUID = Field(alias="user_id")
    width: Optional[int] = Field(alias="width")

class PublicSiteFilesInsert(TypedDict):
    content: Annotated[bytes, Field(alias="content")]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    height: NotRequired[Annotated[Optional[int], Field(alias="height")]]
    media_type: NotRequired[Annotated[str, Field(alias="media_type")]]
    sha256: NotRequired[Annotated[str, Field(alias="sha256")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    width: NotRequired[Annotated[Optional[int], Field(alias="width")]]

class PublicSiteFilesUpdate(TypedDict):
    content: NotRequired[Annotated[bytes, Field(alias="content")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    height: NotRequired[Annotated[Optional[int], Field(alias="height")]]
    media_type: NotRequired[Annotated[str, Field(alias="media_type")]]
    sha256: NotRequired[Annotated[str, Field(alias="sha256")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    width: NotRequired[Annotated[Optional[int], Field(alias="width")]]

class PublicSiteReferrers(BaseModel):
    day: datetime.date = Field(alias="day")
    host: str = Field(alias="host")
    user_id: uuid.UUID = Field(alias="user_id")
    views: int = Field(alias="views")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicSiteReferrersInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    host: Annotated[str, Field(alias="host")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    views: Annotated[int, Field(alias="views")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicSiteReferrersUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    host: NotRequired[Annotated[str, Field(alias="host")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    views: NotRequired[Annotated[int, Field(alias="views")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicSiteVersions(BaseModel):
    base_version_id: Optional[uuid.UUID] = Field(alias="base_version_id")
    created_at: datetime.datetime = Field(alias="created_at")
    files: Optional[JsonValue] = Field(alias="files")
    id: uuid.UUID = Field(alias="id")
    manifest: JsonValue = Field(alias="manifest")
    message_id: Optional[uuid.UUID] = Field(alias="message_id")
    number: int = Field(alias="number")
    restored_from: Optional[uuid.UUID] = Field(alias="restored_from")
    session_id: Optional[uuid.UUID] = Field(alias="session_id")
    size: int = Field(alias="size")
    source: str = Field(alias="source")
    summary: Optional[str] = Field(alias="summary")
    user_id: uuid.UUID = Field(alias="user_id")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicSiteVersionsInsert(TypedDict):
    base_version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="base_version_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    files: NotRequired[Annotated[Optional[JsonValue], Field(alias="files")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    manifest: NotRequired[Annotated[JsonValue, Field(alias="manifest")]]
    message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_id")]]
    number: Annotated[int, Field(alias="number")]
    restored_from: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="restored_from")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    source: NotRequired[Annotated[str, Field(alias="source")]]
    summary: NotRequired[Annotated[Optional[str], Field(alias="summary")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicSiteVersionsUpdate(TypedDict):
    base_version_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="base_version_id")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    files: NotRequired[Annotated[Optional[JsonValue], Field(alias="files")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    manifest: NotRequired[Annotated[JsonValue, Field(alias="manifest")]]
    message_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="message_id")]]
    number: NotRequired[Annotated[int, Field(alias="number")]]
    restored_from: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="restored_from")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    size: NotRequired[Annotated[int, Field(alias="size")]]
    source: NotRequired[Annotated[str, Field(alias="source")]]
    summary: NotRequired[Annotated[Optional[str], Field(alias="summary")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicSiteViews(BaseModel):
    day: datetime.date = Field(alias="day")
    path: str = Field(alias="path")
    user_id: uuid.UUID = Field(alias="user_id")
    views: int = Field(alias="views")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicSiteViewsInsert(TypedDict):
    day: Annotated[datetime.date, Field(alias="day")]
    path: Annotated[str, Field(alias="path")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    views: Annotated[int, Field(alias="views")]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicSiteViewsUpdate(TypedDict):
    day: NotRequired[Annotated[datetime.date, Field(alias="day")]]
    path: NotRequired[Annotated[str, Field(alias="path")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    views: NotRequired[Annotated[int, Field(alias="views")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicSubmissions(BaseModel):
    bytes: int = Field(alias="bytes")
    created_at: datetime.datetime = Field(alias="created_at")
    fields: JsonValue = Field(alias="fields")
    form: str = Field(alias="form")
    id: uuid.UUID = Field(alias="id")
    is_quarantined: bool = Field(alias="is_quarantined")
    is_read: bool = Field(alias="is_read")
    mail_notice: str = Field(alias="mail_notice")
    marks: List[str] = Field(alias="marks")
    page: str = Field(alias="page")
    user_id: uuid.UUID = Field(alias="user_id")
    webhook_notice: str = Field(alias="webhook_notice")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicSubmissionsInsert(TypedDict):
    bytes: NotRequired[Annotated[int, Field(alias="bytes")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fields: Annotated[JsonValue, Field(alias="fields")]
    form: Annotated[str, Field(alias="form")]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_quarantined: NotRequired[Annotated[bool, Field(alias="is_quarantined")]]
    is_read: NotRequired[Annotated[bool, Field(alias="is_read")]]
    mail_notice: NotRequired[Annotated[str, Field(alias="mail_notice")]]
    marks: NotRequired[Annotated[List[str], Field(alias="marks")]]
    page: Annotated[str, Field(alias="page")]
    user_id: Annotated[uuid.UUID, Field(alias="user_id")]
    webhook_notice: NotRequired[Annotated[str, Field(alias="webhook_notice")]]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicSubmissionsUpdate(TypedDict):
    bytes: NotRequired[Annotated[int, Field(alias="bytes")]]
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    fields: NotRequired[Annotated[JsonValue, Field(alias="fields")]]
    form: NotRequired[Annotated[str, Field(alias="form")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    is_quarantined: NotRequired[Annotated[bool, Field(alias="is_quarantined")]]
    is_read: NotRequired[Annotated[bool, Field(alias="is_read")]]
    mail_notice: NotRequired[Annotated[str, Field(alias="mail_notice")]]
    marks: NotRequired[Annotated[List[str], Field(alias="marks")]]
    page: NotRequired[Annotated[str, Field(alias="page")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    webhook_notice: NotRequired[Annotated[str, Field(alias="webhook_notice")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicTrash(BaseModel):
    deleted_at: datetime.datetime = Field(alias="deleted_at")
    id: uuid.UUID = Field(alias="id")
    kind: str = Field(alias="kind")
    message_count: int = Field(alias="message_count")
    part_of: Optional[uuid.UUID] = Field(alias="part_of")
    session_id: Optional[uuid.UUID] = Field(alias="session_id")
    title: str = Field(alias="title")
    user_id: uuid.UUID = Field(alias="user_id")
    website_id: Optional[uuid.UUID] = Field(alias="website_id")

class PublicTrashInsert(TypedDict):
    deleted_at: NotRequired[Annotated[datetime.datetime, Field(alias="deleted_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: Annotated[str, Field(alias="kind")]
    message_count: Annotated[int, Field(alias="message_count")]
    part_of: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="part_of")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    title: Annotated[str, Field(alias="title")]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="website_id")]]

class PublicTrashUpdate(TypedDict):
    deleted_at: NotRequired[Annotated[datetime.datetime, Field(alias="deleted_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    kind: NotRequired[Annotated[str, Field(alias="kind")]]
    message_count: NotRequired[Annotated[int, Field(alias="message_count")]]
    part_of: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="part_of")]]
    session_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="session_id")]]
    title: NotRequired[Annotated[str, Field(alias="title")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[Optional[uuid.UUID], Field(alias="website_id")]]

class PublicWebsiteDomains(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    domain: str = Field(alias="domain")
    token: str = Field(alias="token")
    user_id: uuid.UUID = Field(alias="user_id")
    website_id: uuid.UUID = Field(alias="website_id")

class PublicWebsiteDomainsInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    domain: Annotated[str, Field(alias="domain")]
    token: NotRequired[Annotated[str, Field(alias="token")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: Annotated[uuid.UUID, Field(alias="website_id")]

class PublicWebsiteDomainsUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    domain: NotRequired[Annotated[str, Field(alias="domain")]]
    token: NotRequired[Annotated[str, Field(alias="token")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
    website_id: NotRequired[Annotated[uuid.UUID, Field(alias="website_id")]]

class PublicWebsites(BaseModel):
    created_at: datetime.datetime = Field(alias="created_at")
    id: uuid.UUID = Field(alias="id")
    latest_version_number: int = Field(alias="latest_version_number")
    name: str = Field(alias="name")
    updated_at: datetime.datetime = Field(alias="updated_at")
    user_id: uuid.UUID = Field(alias="user_id")

class PublicWebsitesInsert(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    latest_version_number: NotRequired[Annotated[int, Field(alias="latest_version_number")]]
    name: Annotated[str, Field(alias="name")]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]

class PublicWebsitesUpdate(TypedDict):
    created_at: NotRequired[Annotated[datetime.datetime, Field(alias="created_at")]]
    id: NotRequired[Annotated[uuid.UUID, Field(alias="id")]]
    latest_version_number: NotRequired[Annotated[int, Field(alias="latest_version_number")]]
    name: NotRequired[Annotated[str, Field(alias="name")]]
    updated_at: NotRequired[Annotated[datetime.datetime, Field(alias="updated_at")]]
    user_id: NotRequired[Annotated[uuid.UUID, Field(alias="user_id")]]
