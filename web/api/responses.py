"""What the API responds with, for the OpenAPI document: the domain's own row types in their envelopes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sitethread.account_imports import ImportedRows
from sitethread.briefs import Brief
from sitethread.chatgpt_imports import SkippedChat
from sitethread.messages import Message
from sitethread.notices.settings import FormSettings
from sitethread.page_checks.sites import SiteFinding
from sitethread.page_comments import PageComment, SharedComment
from sitethread.page_shares import NewPageShare, PageShare, SharedWebsitePage
from sitethread.publishing.domains import Domain
from sitethread.publishing.figures import DayViews, PageViews, ReferrerViews
from sitethread.publishing.publications import PublicationEvent, PublishedWebsite, SlugProblem
from sitethread.saved_chats import SavedChat
from sitethread.saved_prompts import SavedPrompt
from sitethread.searches import FoundMessage
from sitethread.sessions import Session
from sitethread.shares import NewShare, Share, SharedChat
from sitethread.submissions.inbox import Submission
from sitethread.trash import TrashItem
from sitethread.usage import Usage
from sitethread.versions import Asset, Version, VersionWithFiles
from sitethread.website_pages import SitePage
from sitethread.websites import Website


class Success(BaseModel):
    success: Literal[True] = True


class Page(Success):
    next_cursor: str | None


class WebsiteResponse(Success):
    website: Website


class WebsiteList(Page):
    websites: list[Website]


class BriefResponse(Success):
    """`text` and `updated_at` are those of `brief`."""

    brief: Brief
    text: str
    updated_at: str


class VersionResponse(Success):
    version: Version


class SitePageList(Success):
    pages: list[SitePage]


class NewPageResponse(VersionResponse):
    path: str


class DeletedPageResponse(VersionResponse):
    """`links` counts those of other pages that lead to the deleted one still, `menus` pages whose menus led there."""

    links: int
    menus: int


class VersionFilesResponse(Success):
    version: VersionWithFiles


class ElementsResponse(Success):
    version_id: str
    path: str
    text: str
    elements: list[list[int]]


class ChecksResponse(Success):
    version_id: str
    findings: list[SiteFinding]


class FileResponse(VersionResponse):
    """`file` is as it was stored."""

    file: Asset


class VersionList(Page):
    versions: list[Version]


class SessionResponse(Success):
    session: Session


class ImportResponse(Success):
    session: Session | None
    sessions: list[Session]
    skipped: list[SkippedChat]
    skipped_count: int


class SessionList(Page):
    sessions: list[Session]


class SessionDetail(SessionResponse):
    messages: list[Message]
    next_cursor: str | None


class MessageResponse(Success):
    message: Message


class MessageList(Page):
    messages: list[Message]


class Trashed(Success):
    """What was deleted can be brought back by `trash_id`; null when there was nothing to delete."""

    trash_id: str | None


class TrashList(Page):
    trash: list[TrashItem]


class RestoredResponse(Success):
    """What came back: a chat, or a website with its chats."""

    session: Session | None = None
    website: Website | None = None


class BulkResponse(Success):
    """`trash_ids` are there after a deletion, in no particular order."""

    trash_ids: list[str] | None = None


class SearchResponse(Success):
    sessions: list[Session]
    messages: list[FoundMessage]
    newest_only: bool


class UsageResponse(Success):
    usage: Usage


class ShareResponse(Success):
    share: NewShare


class ShareUpdate(Success):
    share: Share


class ShareList(Success):
    shares: list[Share]


class PageShareResponse(Success):
    share: NewPageShare


class PageShareList(Success):
    shares: list[PageShare]


class SharedPageResponse(Success):
    page: SharedWebsitePage


class PublicationResponse(Success):
    publication: PublishedWebsite


class PublicationOrNone(Success):
    publication: PublishedWebsite | None


class SlugResponse(Success):
    slug: str
    problem: SlugProblem | None
    message: str | None


class DomainResponse(Success):
    domain: Domain


class DomainOrNone(Success):
    domain: Domain | None


class PublicationHistory(Page):
    events: list[PublicationEvent]


class SharedElementsResponse(Success):
    path: str
    text: str
    elements: list[list[int]]


class ShareTicketResponse(Success):
    ticket: str


class FiguresResponse(Success):
    days: list[DayViews]
    pages: list[PageViews]
    referrers: list[ReferrerViews]


class PageCommentList(Page):
    comments: list[PageComment]
    unread: int


class PageCommentResponse(Success):
    comment: PageComment


class SharedCommentList(Success):
    comments: list[SharedComment]


class SavedPromptResponse(Success):
    prompt: SavedPrompt


class SavedPromptList(Page):
    prompts: list[SavedPrompt]


class SubmissionResponse(Success):
    submission: Submission


class SubmissionList(Page):
    """`unread`, `quarantined` and `forms` are those of the whole website."""

    submissions: list[Submission]
    unread: int
    quarantined: int
    forms: list[str]


class DeletedSubmissions(Success):
    """How many that were."""

    deleted: int


class NoticesResponse(Success):
    """Whether this server can send mails and call webhooks."""

    notices: FormSettings
    can_mail: bool
    can_call_webhooks: bool


class SharedChatResponse(Page):
    chat: SharedChat


class SavedChatResponse(Success):
    chat: SavedChat


class SavedChatList(Page):
    chats: list[SavedChat]


class ProjectChat(Session):
    name: str
    projectId: str | None
    createdAt: str
    updatedAt: str


class ProjectMessage(Message):
    chatSessionId: str
    createdAt: str


class ProjectChatResponse(Success):
    session: ProjectChat


class ProjectChatList(Page):
    sessions: list[ProjectChat]


class ProjectChatWithMessages(ProjectChat):
    messages: list[ProjectMessage]


class ProjectChatDetail(Page):
    session: ProjectChatWithMessages
    messages: list[ProjectMessage]


class ProjectMessageResponse(Success):
    message: ProjectMessage


class ProjectMessageList(Page):
    messages: list[ProjectMessage]


class Helper(BaseModel):
    name: str
    label: str
    description: str
    greeting: str
    suggestions: list[str]
    kind: str


class HelperList(Success):
    helpers: list[Helper]


class AccountImport(Success):
    """How much was added."""

    imported: ImportedRows


class ErrorObject(BaseModel):
    """`code` is stable; some codes bring more facts, such as `field`, `answer_id` or `retry_after`."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    request_id: str


class ErrorResponse(BaseModel):
    success: Literal[False] = False
    error: ErrorObject


Schema = dict[str, Any]
"""An object of the OpenAPI document or of JSON Schema."""
DocumentedResponse = type[BaseModel] | Schema
"""A response in the document: a model of its JSON, or an OpenAPI response object."""

PICTURE: Schema = {
    "description": "The picture.",
    "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
}
TABLE: Schema = {
    "description": "The table, to save.",
    "content": {"text/csv": {"schema": {"type": "string"}}},
}
PAGE_FILE: Schema = {
    "description": "The page, or the zip, to save.",
    "content": {
        "text/html": {"schema": {"type": "string"}},
        "application/zip": {"schema": {"type": "string", "format": "binary"}},
    },
}
JSON_LINES = "application/jsonl"
"""The media type of JSON Lines. None is registered; the OpenAPI Initiative lists this one first."""
CHAT_FILE: Schema = {
    "description": (
        "The chat, to save; as JSON Lines it can be imported again: first"
        ' `{"format": "sitethread-chat", "version": 2, "session": {…}}`, then a message on each line.'
    ),
    "content": {
        "text/markdown": {"schema": {"type": "string"}},
        JSON_LINES: {"schema": {"type": "string"}},
    },
}
ACCOUNT_FILE: Schema = {
    "description": "The zip, to save.",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}
